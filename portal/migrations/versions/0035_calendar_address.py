"""The address of a calendar.

Revision ID: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None
DRAFTED = "87adc55132b99b70"


def upgrade() -> None:
    """The address of a calendar."""
    op.create_table(
        "calendar_address",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name=op.f("ck_calendar_address_token_hash_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_calendar_address_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_calendar_address_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_address")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_calendar_address_account_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_address_token_hash")),
    )
    op.create_index(
        op.f("ix_calendar_address_made_by"), "calendar_address", ["made_by"], unique=False
    )
    op.create_index(
        "uq_calendar_address_one_stands",
        "calendar_address",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
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
        "        DELETE FROM booked_option t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM tariff_period t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM tariff_change t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM request t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM outbox t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM notice t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM history_note t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM special_agreement t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM module_subscription t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM message t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM member t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM invitation t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM effect t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM contract t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM consent t WHERE t.account_id = ANY (accounts);\n"
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
        "CREATE OR REPLACE FUNCTION find_calendar(token_hash bytea) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n"
        "SELECT c.account_id\n"
        "FROM calendar_address c\n"
        "JOIN account a ON a.id = c.account_id\n"
        "JOIN member m ON m.account_id = a.id AND m.id = a.owner_id AND m.person_id = c.made_by\n"
        "WHERE c.token_hash = find_calendar.token_hash AND c.revoked_at IS NULL\n"
        "$body$"
    )
    op.execute("ALTER TABLE calendar_address ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE calendar_address FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY app_rows ON calendar_address FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON calendar_address FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON calendar_address FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON calendar_address FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT EXECUTE ON FUNCTION find_calendar(bytea) TO portal_login")
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON calendar_address TO portal_staff")
    op.execute("GRANT INSERT, SELECT, UPDATE (revoked_at) ON calendar_address TO portal_app")
    op.execute("GRANT SELECT ON calendar_address TO portal_worker")
