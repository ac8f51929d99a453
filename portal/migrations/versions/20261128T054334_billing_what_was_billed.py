"""What was billed.

Revision ID: 20261128T054334
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261128T054334"
down_revision = "20261128T032637"
branch_labels = None
depends_on = None
DRAFTED = "30ae271402a7947e"


def upgrade() -> None:
    """What was billed."""
    op.create_table(
        "billing_start",
        sa.Column("is_only", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "first_day BETWEEN '1900-01-01' AND '2199-12-31'",
            name=op.f("ck_billing_start_day_in_range"),
        ),
        sa.CheckConstraint("is_only", name=op.f("ck_billing_start_only_one")),
        sa.PrimaryKeyConstraint("is_only", name=op.f("pk_billing_start")),
    )
    op.create_table(
        "number_series",
        sa.Column(
            "key",
            sa.Enum("INV", "CRN", "TEST", "TESTC", name="series", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("INVOICE", "CREDIT_NOTE", name="documentkind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_issued_on", sa.Date(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'CREDIT_NOTE') = (key IN ('CRN', 'TESTC')) AND is_test = (key IN ('TEST', 'TESTC'))",
            name=op.f("ck_number_series_series_of_kind"),
        ),
        sa.CheckConstraint(
            "key IN ('INV', 'CRN', 'TEST', 'TESTC')", name=op.f("ck_number_series_key_known")
        ),
        sa.CheckConstraint(
            "kind IN ('INVOICE', 'CREDIT_NOTE')", name=op.f("ck_number_series_kind_known")
        ),
        sa.CheckConstraint("last_number >= 0", name=op.f("ck_number_series_last_number_positive")),
        sa.PrimaryKeyConstraint("key", "year", name=op.f("pk_number_series")),
        sa.UniqueConstraint(
            "key", "year", "kind", "is_test", name=op.f("uq_number_series_key_year_kind_is_test")
        ),
    )
    op.create_table(
        "billing_problem",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("run_day", sa.Date(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "NO_CONTRACT",
                "NO_OPERATOR_PROFILE",
                "NO_VAT_RATE",
                "NO_SELLER_VAT_NUMBER",
                "NO_REVERSE_CHARGE",
                "NEGATIVE_TOTAL",
                "REFUSED",
                name="problemcode",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "code IN ('NO_CONTRACT', 'NO_OPERATOR_PROFILE', 'NO_VAT_RATE', 'NO_SELLER_VAT_NUMBER', 'NO_REVERSE_CHARGE', 'NEGATIVE_TOTAL', 'REFUSED')",
            name=op.f("ck_billing_problem_code_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_billing_problem_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_problem")),
        sa.UniqueConstraint("account_id", name=op.f("uq_billing_problem_account_id")),
    )
    op.create_index(
        "ix_billing_problem_noted_at_id", "billing_problem", ["noted_at", "id"], unique=False
    )
    op.create_table(
        "billing_run_account",
        sa.Column("run_day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("history_length", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_billing_run_account_account_id")
        ),
        sa.PrimaryKeyConstraint("run_day", "account_id", name=op.f("pk_billing_run_account")),
    )
    op.create_index(
        op.f("ix_billing_run_account_account_id"),
        "billing_run_account",
        ["account_id"],
        unique=False,
    )
    op.create_table(
        "document",
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("INVOICE", "CREDIT_NOTE", name="documentkind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column(
            "series",
            sa.Enum("INV", "CRN", "TEST", "TESTC", name="series", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("series_year", sa.Integer(), nullable=False),
        sa.Column("series_number", sa.Integer(), nullable=False),
        sa.Column("previous_number", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("vat", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("gross", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("retained_until", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'CREDIT_NOTE') = (corrects_id IS NOT NULL)",
            name=op.f("ck_document_credit_note_corrects"),
        ),
        sa.CheckConstraint("currency = 'EUR'", name=op.f("ck_document_currency_known")),
        sa.CheckConstraint(
            "kind IN ('INVOICE', 'CREDIT_NOTE')", name=op.f("ck_document_kind_known")
        ),
        sa.CheckConstraint(
            "series IN ('INV', 'CRN', 'TEST', 'TESTC')", name=op.f("ck_document_series_known")
        ),
        sa.CheckConstraint(
            "extract(year FROM issued_on) = series_year AND due_on >= issued_on",
            name=op.f("ck_document_issued_in_its_year"),
        ),
        sa.CheckConstraint(
            "gross = net + vat AND gross >= 0", name=op.f("ck_document_gross_adds_up")
        ),
        sa.CheckConstraint(
            "series_number > 0 AND previous_number IS NOT DISTINCT FROM nullif(series_number - 1, 0)",
            name=op.f("ck_document_numbered"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "corrects_id"],
            ["document.account_id", "document.id"],
            name=op.f("fk_document_account_id_corrects_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_document_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["series", "series_year", "kind", "is_test"],
            [
                "number_series.key",
                "number_series.year",
                "number_series.kind",
                "number_series.is_test",
            ],
            name="fk_document_series",
        ),
        sa.ForeignKeyConstraint(
            ["series", "series_year", "previous_number"],
            ["document.series", "document.series_year", "document.series_number"],
            name="fk_document_previous",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_document_account_id_id")),
        sa.UniqueConstraint(
            "id", "account_id", "xact", name=op.f("uq_document_id_account_id_xact")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_document_number")),
        sa.UniqueConstraint(
            "series",
            "series_year",
            "series_number",
            name=op.f("uq_document_series_series_year_series_number"),
        ),
    )
    op.create_index("ix_document_corrects", "document", ["corrects_id"], unique=False)
    op.create_index("ix_document_issued_on_id", "document", ["issued_on", "id"], unique=False)
    op.create_index("ix_document_list", "document", ["account_id", "issued_on", "id"], unique=False)
    op.create_table(
        "document_line",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("item_key", sa.String(length=60), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=24, scale=6), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("unit_code", sa.String(length=3), nullable=False),
        sa.Column("base_quantity", sa.Numeric(precision=24, scale=6), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=24, scale=6), nullable=False),
        sa.Column("net", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column(
            "vat_category",
            sa.Enum("S", "Z", "E", "AE", "O", name="taxcategory", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("share_days", sa.Integer(), nullable=True),
        sa.Column("share_of_days", sa.Integer(), nullable=True),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column(
            "priced", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "vat_category IN ('S', 'Z', 'E', 'AE', 'O')",
            name=op.f("ck_document_line_vat_category_known"),
        ),
        sa.CheckConstraint(
            "base_quantity > 0 AND net = round(quantity * unit_price / base_quantity, 2)",
            name=op.f("ck_document_line_net_of_quantity"),
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_document_line_ends_after_start")),
        sa.CheckConstraint(
            "share_days BETWEEN 1 AND share_of_days AND (share_days IS NULL) = (share_of_days IS NULL)",
            name=op.f("ck_document_line_share_of_period"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_document_line_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "account_id", "xact"],
            ["document.id", "document.account_id", "document.xact"],
            name=op.f("fk_document_line_document_id_account_id_xact"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_line")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_document_line_account_id_id")),
        sa.UniqueConstraint(
            "document_id", "position", name=op.f("uq_document_line_document_id_position")
        ),
    )
    op.create_table(
        "document_vat",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum("S", "Z", "E", "AE", "O", name="taxcategory", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("net", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("vat", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=True),
        sa.Column("text", sa.String(length=300), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(category IN ('S', 'Z')) = (text IS NULL)",
            name=op.f("ck_document_vat_text_where_no_vat"),
        ),
        sa.CheckConstraint(
            "abs(vat - round(net * rate / 100, 2)) <= 0.01 AND (category = 'S' OR rate = 0) AND (rate > 0 OR vat = 0)",
            name=op.f("ck_document_vat_vat_of_net"),
        ),
        sa.CheckConstraint(
            "category IN ('S', 'Z', 'E', 'AE', 'O')", name=op.f("ck_document_vat_category_known")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_document_vat_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "account_id", "xact"],
            ["document.id", "document.account_id", "document.xact"],
            name=op.f("fk_document_vat_document_id_account_id_xact"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_vat")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_document_vat_account_id_id")),
        sa.UniqueConstraint(
            "document_id",
            "category",
            "rate",
            name=op.f("uq_document_vat_document_id_category_rate"),
        ),
        sa.UniqueConstraint(
            "document_id", "position", name=op.f("uq_document_vat_document_id_position")
        ),
    )
    op.create_table(
        "billed_span",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("item_key", sa.String(length=60), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("period_days", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=14, scale=6), nullable=False),
        sa.Column("tariff_id", sa.Uuid(), nullable=False),
        sa.Column(
            "vat_category",
            sa.Enum(
                "STANDARD",
                "REDUCED",
                "ZERO",
                "EXEMPT",
                name="vatcategory",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "vat_treatment",
            sa.Enum(
                "STANDARD",
                "REVERSE_CHARGE",
                "NOT_TAXABLE",
                name="vattreatment",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("net_left", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("source_id"), "="),
            (sa.column("item_key"), "="),
            (sa.text("daterange(first_day, last_day, '[]')"), "&&"),
            where=sa.text("NOT is_correction"),
            using="gist",
            name="ex_billed_span_no_overlap",
        ),
        sa.CheckConstraint(
            "vat_category IN ('STANDARD', 'REDUCED', 'ZERO', 'EXEMPT')",
            name=op.f("ck_billed_span_vat_category_known"),
        ),
        sa.CheckConstraint(
            "vat_treatment IN ('STANDARD', 'REVERSE_CHARGE', 'NOT_TAXABLE')",
            name=op.f("ck_billed_span_vat_treatment_known"),
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_billed_span_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["account_id", "document_id"],
            ["document.account_id", "document.id"],
            name=op.f("fk_billed_span_account_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_billed_span_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "position"],
            ["document_line.document_id", "document_line.position"],
            name=op.f("fk_billed_span_document_id_position"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billed_span")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_billed_span_account_id_id")),
        sa.UniqueConstraint(
            "document_id", "position", name=op.f("uq_billed_span_document_id_position")
        ),
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
        "        RETURN NULL; END$body$"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION erase(accounts uuid[], people uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n"
        "DECLARE\n"
        "    emails text[] := ARRAY(SELECT p.email FROM person p WHERE p.id = ANY (people));\n"
        "BEGIN\n"
        "    IF cardinality(accounts) > 0 THEN\n"
        "        UPDATE history_value t SET before = NULL, after = NULL\n"
        "            WHERE t.account_id = ANY (accounts);\n"
        "        UPDATE history_entry t SET on_behalf_of = NULL, reason = NULL\n"
        "            WHERE t.account_id = ANY (accounts);\n"
        "        UPDATE history_entry t SET actor_name = NULL\n"
        "            WHERE t.account_id = ANY (accounts) AND t.actor_role NOT IN ('EMPLOYEE', 'MANAGER', 'PARTNER');\n"
        "        UPDATE account t SET name = 'deleted', customer_number = NULL\n"
        "            WHERE t.id = ANY (accounts);\n"
        "        DELETE FROM subscription_item_quantity t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM price_announcement t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM booked_option t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM billed_span t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM tariff_period t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM tariff_change t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM request t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM outbox t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM notice t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM history_note t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM consent t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM special_agreement t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM module_subscription t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM message t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM member t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM invitation t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM effect t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM contract t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM calendar_address t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM billing_run_account t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM billing_problem t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM app_authorization t WHERE t.account_id = ANY (accounts);\n"
        "    END IF;\n"
        "    IF cardinality(people) > 0 THEN\n"
        "        UPDATE history_value t SET before = NULL, after = NULL\n"
        "            WHERE EXISTS (SELECT FROM invitation i WHERE i.email = ANY (emails) AND i.account_id = t.account_id AND i.id = t.subject_id);\n"
        "        UPDATE message t SET recipient = ''\n"
        "            WHERE t.recipient = ANY (emails);\n"
        "        UPDATE history_entry t SET actor_name = NULL\n"
        "            WHERE t.actor_id = ANY (people);\n"
        "        UPDATE person t SET name = 'deleted', email = t.id || '@deleted.invalid'\n"
        "            WHERE t.id = ANY (people);\n"
        "        DELETE FROM password_reset t WHERE t.person_id = ANY (people);\n"
        "        DELETE FROM password t WHERE t.person_id = ANY (people);\n"
        "        DELETE FROM known_network t WHERE t.person_id = ANY (people);\n"
        "        DELETE FROM invitation t WHERE t.email = ANY (emails);\n"
        "        DELETE FROM idle_person t WHERE t.person_id = ANY (people);\n"
        "        DELETE FROM credential t WHERE t.person_id = ANY (people);\n"
        "        DELETE FROM calendar_address t WHERE t.made_by = ANY (people);\n"
        "        DELETE FROM registration t WHERE t.email = ANY (emails);\n"
        "        DELETE FROM idempotency_key t WHERE t.viewer_id = ANY (people) AND t.mutation <> 'deleteAccount';\n"
        "    END IF;\n"
        "END\n"
        "$body$"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION keep_numbers_rising() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$BEGIN\n"
        "        IF NEW.last_number < OLD.last_number OR NEW.last_issued_on < OLD.last_issued_on THEN\n"
        "            RAISE check_violation USING MESSAGE = 'a series of numbers never goes back';\n"
        "        END IF;\n"
        "        RETURN NEW; END$body$"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION name_issuing_transaction() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$BEGIN NEW.xact := pg_current_xact_id()::text::bigint; RETURN NEW; END$body$"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_document_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$BEGIN RAISE restrict_violation USING MESSAGE = 'a document stays as it was issued'; END$body$"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER add_up AFTER INSERT ON public.document DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_document()"
    )
    op.execute(
        "CREATE TRIGGER issue BEFORE INSERT ON public.document FOR EACH ROW EXECUTE FUNCTION name_issuing_transaction()"
    )
    op.execute(
        "CREATE TRIGGER stay BEFORE DELETE OR UPDATE ON public.document FOR EACH ROW EXECUTE FUNCTION refuse_document_change()"
    )
    op.execute(
        "CREATE TRIGGER stay_all BEFORE TRUNCATE ON public.document FOR EACH STATEMENT EXECUTE FUNCTION refuse_document_change()"
    )
    op.execute(
        "CREATE TRIGGER issue BEFORE INSERT ON public.document_line FOR EACH ROW EXECUTE FUNCTION name_issuing_transaction()"
    )
    op.execute(
        "CREATE TRIGGER stay BEFORE DELETE OR UPDATE ON public.document_line FOR EACH ROW EXECUTE FUNCTION refuse_document_change()"
    )
    op.execute(
        "CREATE TRIGGER stay_all BEFORE TRUNCATE ON public.document_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_document_change()"
    )
    op.execute(
        "CREATE TRIGGER issue BEFORE INSERT ON public.document_vat FOR EACH ROW EXECUTE FUNCTION name_issuing_transaction()"
    )
    op.execute(
        "CREATE TRIGGER stay BEFORE DELETE OR UPDATE ON public.document_vat FOR EACH ROW EXECUTE FUNCTION refuse_document_change()"
    )
    op.execute(
        "CREATE TRIGGER stay_all BEFORE TRUNCATE ON public.document_vat FOR EACH STATEMENT EXECUTE FUNCTION refuse_document_change()"
    )
    op.execute(
        "CREATE TRIGGER rise BEFORE UPDATE ON public.number_series FOR EACH ROW EXECUTE FUNCTION keep_numbers_rising()"
    )
    op.execute(
        "CREATE TRIGGER stay BEFORE DELETE ON public.number_series FOR EACH ROW EXECUTE FUNCTION refuse_document_change()"
    )
    op.execute("ALTER TABLE billed_span ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE billed_span FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE billing_problem ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE billing_problem FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE billing_run_account ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE billing_run_account FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE billing_start ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE billing_start FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE document ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE document FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE document_line ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE document_line FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE document_vat ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE document_vat FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE number_series ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE number_series FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY app_rows ON billed_span FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON billed_span FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON billed_span FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON billed_span FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY owner_rows ON billing_problem FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON billing_problem FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON billing_problem FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY owner_rows ON billing_run_account FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON billing_run_account FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY app_rows ON billing_start FOR ALL TO portal_app USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY owner_rows ON billing_start FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON billing_start FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON billing_start FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY app_rows ON document FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON document FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON document FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON document FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY app_rows ON document_line FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON document_line FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON document_line FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON document_line FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY app_rows ON document_vat FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON document_vat FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON document_vat FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON document_vat FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY owner_rows ON number_series FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON number_series FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON number_series FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON billed_span TO portal_worker")
    op.execute("GRANT SELECT ON billed_span TO portal_app")
    op.execute("GRANT SELECT ON billed_span TO portal_staff")
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON billing_problem TO portal_worker")
    op.execute("GRANT SELECT ON billing_problem TO portal_staff")
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON billing_run_account TO portal_worker")
    op.execute("GRANT INSERT, SELECT ON billing_start TO portal_worker")
    op.execute("GRANT SELECT ON billing_start TO portal_app")
    op.execute("GRANT SELECT ON billing_start TO portal_staff")
    op.execute("GRANT INSERT, SELECT ON document TO portal_worker")
    op.execute("GRANT SELECT ON document TO portal_app")
    op.execute("GRANT SELECT ON document TO portal_staff")
    op.execute("GRANT INSERT, SELECT ON document_line TO portal_worker")
    op.execute("GRANT SELECT ON document_line TO portal_app")
    op.execute("GRANT SELECT ON document_line TO portal_staff")
    op.execute("GRANT INSERT, SELECT ON document_vat TO portal_worker")
    op.execute("GRANT SELECT ON document_vat TO portal_app")
    op.execute("GRANT SELECT ON document_vat TO portal_staff")
    op.execute(
        "GRANT INSERT, SELECT, UPDATE (last_hash, last_issued_on, last_number) ON number_series TO portal_worker"
    )
    op.execute("GRANT SELECT ON number_series TO portal_staff")
