"""Documents and logos as files.

Revision ID: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None
DRAFTED = "8a367d54d99e1fba"


def upgrade() -> None:
    """Documents and logos as files."""
    op.add_column("consent_document", sa.Column("file_id", sa.Uuid(), nullable=True))
    op.alter_column("consent_document", "body", existing_type=sa.TEXT(), nullable=True)
    op.create_index(
        op.f("ix_consent_document_file_id"), "consent_document", ["file_id"], unique=False
    )
    op.create_foreign_key(
        op.f("fk_consent_document_file_id"), "consent_document", "upload", ["file_id"], ["id"]
    )
    op.add_column("operator_profile", sa.Column("logo_id", sa.Uuid(), nullable=True))
    op.create_index(
        op.f("ix_operator_profile_logo_id"), "operator_profile", ["logo_id"], unique=False
    )
    op.create_foreign_key(
        op.f("fk_operator_profile_logo_id"), "operator_profile", "upload", ["logo_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_consent_document_text_or_file"),
        "consent_document",
        "num_nonnulls(body, file_id) = 1",
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
        "CREATE OR REPLACE FUNCTION public_file(id uuid) RETURNS TABLE(kind text, hash bytea, content bytea) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n"
        "SELECT u.kind, u.hash, u.content\n"
        "FROM upload u\n"
        "WHERE u.id = public_file.id\n"
        "    AND (EXISTS (SELECT FROM consent_document d WHERE d.file_id = u.id)\n"
        "        OR EXISTS (SELECT FROM operator_profile p WHERE p.logo_id = u.id))\n"
        "$body$"
    )
    op.execute("GRANT EXECUTE ON FUNCTION public_file(uuid) TO portal_app")
