"""Credits by hand, and holds.

Revision ID: 20261128T110107
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128T110107"
down_revision = "20261128T104054"
branch_labels = None
depends_on = None
DRAFTED = "2dcb0b90de93e4f5"


def upgrade() -> None:
    """Credits by hand, and holds."""
    op.drop_constraint(op.f("ck_billing_problem_code_known"), "billing_problem", type_="check")
    op.add_column("account", sa.Column("billing_held_until", sa.Date(), nullable=True))
    op.add_column(
        "billed_span",
        sa.Column(
            "net_waived", sa.Numeric(precision=18, scale=2), server_default="0", nullable=False
        ),
    )
    op.add_column("document_line", sa.Column("corrects_position", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_billing_problem_code_known"),
        "billing_problem",
        "code IN ('NO_CONTRACT', 'NO_OPERATOR_PROFILE', 'NO_VAT_RATE', 'NO_SELLER_VAT_NUMBER', 'NO_REVERSE_CHARGE', 'NEGATIVE_TOTAL', 'ON_HOLD', 'REFUSED')",
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION check_document() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$BEGIN\n"
        "        IF (SELECT coalesce(sum(l.net), -1) FROM document_line l WHERE l.document_id = NEW.id)\n"
        "                <> NEW.net\n"
        "            OR (SELECT coalesce(sum(v.vat), -1) FROM document_vat v WHERE v.document_id = NEW.id)\n"
        "                <> NEW.vat\n"
        "            OR EXISTS (\n"
        "                SELECT FROM (\n"
        "                    SELECT l.vat_category AS category, l.vat_rate AS rate, sum(l.net) AS net\n"
        "                    FROM document_line l WHERE l.document_id = NEW.id\n"
        "                    GROUP BY l.vat_category, l.vat_rate) lines\n"
        "                FULL JOIN (\n"
        "                    SELECT v.category, v.rate, v.net\n"
        "                    FROM document_vat v WHERE v.document_id = NEW.id) sums\n"
        "                USING (category, rate) WHERE lines.net IS DISTINCT FROM sums.net)\n"
        "            OR NEW.kind = 'INVOICE' AND EXISTS (\n"
        "                SELECT FROM document_vat v\n"
        "                WHERE v.document_id = NEW.id AND v.vat <> round(v.net * v.rate / 100, 2))\n"
        "        THEN RAISE check_violation USING MESSAGE = 'a document does not add up'; END IF;\n"
        "        IF EXISTS (\n"
        "            SELECT FROM document_vat v\n"
        "            WHERE v.document_id = NEW.id AND v.category = 'O' AND EXISTS (\n"
        "                SELECT FROM document_vat o WHERE o.document_id = NEW.id AND o.category <> 'O'))\n"
        "        THEN RAISE check_violation USING MESSAGE = 'what no VAT is on stands alone'; END IF;\n"
        "        IF EXISTS (\n"
        "            SELECT FROM document d\n"
        "            WHERE d.series = NEW.series AND d.series_year = NEW.series_year\n"
        "                AND d.series_number = NEW.previous_number AND d.issued_on > NEW.issued_on)\n"
        "        THEN RAISE check_violation USING MESSAGE = 'a number is no older than the one before'; END IF;\n"
        "        IF NEW.kind = 'CREDIT_NOTE' AND EXISTS (\n"
        "            SELECT FROM (\n"
        "                SELECT v.category, v.rate, sum(v.net) AS net, sum(v.vat) AS vat\n"
        "                FROM document d JOIN document_vat v ON v.document_id = d.id\n"
        "                WHERE d.corrects_id = NEW.corrects_id GROUP BY v.category, v.rate) credited\n"
        "            LEFT JOIN document_vat invoiced\n"
        "                ON invoiced.document_id = NEW.corrects_id\n"
        "                AND invoiced.category = credited.category AND invoiced.rate = credited.rate\n"
        "            WHERE invoiced.id IS NULL OR credited.net > invoiced.net OR credited.vat > invoiced.vat\n"
        "                OR credited.net = invoiced.net AND credited.vat <> invoiced.vat)\n"
        "        THEN RAISE check_violation USING MESSAGE = 'more is credited than was invoiced'; END IF;\n"
        "        IF NEW.kind = 'CREDIT_NOTE' AND EXISTS (\n"
        "            SELECT FROM (\n"
        "                SELECT l.corrects_position AS position, sum(l.net) AS net\n"
        "                FROM document d JOIN document_line l ON l.document_id = d.id\n"
        "                WHERE d.corrects_id = NEW.corrects_id AND l.corrects_position IS NOT NULL\n"
        "                GROUP BY l.corrects_position) credited\n"
        "            LEFT JOIN document_line invoiced\n"
        "                ON invoiced.document_id = NEW.corrects_id\n"
        "                AND invoiced.position = credited.position\n"
        "            WHERE invoiced.id IS NULL OR credited.net > invoiced.net)\n"
        "        THEN RAISE check_violation USING MESSAGE = 'more of a line is credited than it was'; END IF;\n"
        "        RETURN NULL; END$body$"
    )
