"""Billing: documents are sent and verified.

Revision ID: 20261128T112715
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128T112715"
down_revision = "20261128T110107"
branch_labels = None
depends_on = None
DRAFTED = "9fac578deb5c57b5"


def upgrade() -> None:
    """Billing: documents are sent and verified."""
    op.drop_constraint(op.f("ck_message_kind_known"), "message", type_="check")
    op.create_table(
        "delivery",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column(
            "cause",
            sa.Enum("ISSUED", "RESENT", name="deliverycause", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "ATTACHMENT", "LINK", name="documentdeliverymode", native_enum=False, length=30
            ),
            nullable=False,
        ),
        sa.Column("with_ubl", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "QUEUED",
                "SENT",
                "FAILED",
                "WITHHELD",
                name="deliverystate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'SENT') = (sent_at IS NOT NULL)", name=op.f("ck_delivery_sent_at_known")
        ),
        sa.CheckConstraint("cause IN ('ISSUED', 'RESENT')", name=op.f("ck_delivery_cause_known")),
        sa.CheckConstraint("mode IN ('ATTACHMENT', 'LINK')", name=op.f("ck_delivery_mode_known")),
        sa.CheckConstraint(
            "state IN ('QUEUED', 'SENT', 'FAILED', 'WITHHELD')",
            name=op.f("ck_delivery_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "document_id"],
            ["document.account_id", "document.id"],
            name=op.f("fk_delivery_account_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_delivery_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_delivery_account_id_id")),
    )
    op.create_index(op.f("ix_delivery_document_id"), "delivery", ["document_id"], unique=False)
    op.create_index(
        "ix_delivery_queued",
        "delivery",
        ["queued_at"],
        unique=False,
        postgresql_where=sa.text("state = 'QUEUED'"),
    )
    op.create_index(
        "uq_delivery_once",
        "delivery",
        ["document_id", "recipient", "cause_id"],
        unique=True,
        postgresql_where=sa.text("recipient <> ''"),
    )
    op.add_column("outbox", sa.Column("delivery_id", sa.Uuid(), nullable=True))
    op.create_index("ix_outbox_delivery", "outbox", ["delivery_id"], unique=False)
    op.create_foreign_key(
        "fk_outbox_delivery",
        "outbox",
        "delivery",
        ["account_id", "delivery_id"],
        ["account_id", "id"],
    )
    op.create_check_constraint(
        op.f("ck_message_kind_known"),
        "message",
        "kind IN ('REGISTRATION_CODE', 'ALREADY_REGISTERED', 'EMAIL_CONFIRMATION', 'PASSWORD_RESET_CODE', 'PASSWORD_CHANGED', 'INVITATION', 'MEMBER_REMOVED', 'REQUEST_RECEIVED', 'REQUEST_ACCEPTED', 'REQUEST_DECLINED', 'APP_AUTHORIZED', 'APP_REVOKED', 'ACCOUNT_DELETED', 'PROFILE_DELETED', 'ERASURE_ANNOUNCED', 'CANCELLATION_CONFIRMATION', 'ORDER_CONFIRMATION', 'TARIFF_CHANGE_CONFIRMATION', 'CANCELLATION_WITHDRAWN', 'ORDER_WITHDRAWN', 'TARIFF_CHANGE_WITHDRAWN', 'DEADLINE_REMINDER', 'MODULE_BEGUN', 'TARIFF_BEGUN', 'MODULE_ENDED', 'REQUEST_EXPIRED', 'INVITATION_EXPIRED', 'OFFER_EXPIRED', 'PRICE_CHANGE_ANNOUNCED', 'PRICE_CHANGE_WITHDRAWN', 'DOCUMENTS_CHANGED', 'ACCOUNT_MADE', 'OPTION_CHANGED', 'SPECIAL_AGREEMENT_CHANGED', 'QUANTITY_CHANGED', 'DOCUMENTS_WITHDRAWN', 'DOCUMENT_ISSUED')",
    )
    op.create_check_constraint(
        op.f("ck_outbox_delivery_of_account"),
        "outbox",
        "delivery_id IS NULL OR account_id IS NOT NULL",
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
        "        DELETE FROM outbox t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM booked_option t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM billed_span t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM tariff_period t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM tariff_change t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM request t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM notice t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM history_note t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM delivery t WHERE t.account_id = ANY (accounts);\n"
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
        "        UPDATE delivery t SET recipient = ''\n"
        "            WHERE t.recipient = ANY (emails);\n"
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
        "CREATE OR REPLACE FUNCTION issued_document(code text) RETURNS TABLE(iban text, payable numeric, issued_on date, is_test boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n"
        "SELECT d.payload #>> '{seller,iban}', (d.payload ->> 'payable')::numeric, d.issued_on, d.is_test\n"
        "FROM document d WHERE d.verification_code = issued_document.code\n"
        "$body$"
    )
    op.execute("ALTER TABLE delivery ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE delivery FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY app_rows ON delivery FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON delivery FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON delivery FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON delivery FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT EXECUTE ON FUNCTION issued_document(text) TO portal_app")
    op.execute("GRANT EXECUTE ON FUNCTION issued_document(text) TO portal_staff")
    op.execute("GRANT INSERT, SELECT ON delivery TO portal_app")
    op.execute("GRANT INSERT, SELECT ON delivery TO portal_staff")
    op.execute("GRANT INSERT, SELECT, UPDATE (sent_at, state) ON delivery TO portal_worker")
