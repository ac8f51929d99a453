"""Effects of time.

Revision ID: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None
DRAFTED = "01c812de93ffba4d"


def upgrade() -> None:
    """Effects of time."""
    op.drop_constraint(op.f("ck_message_kind_known"), "message", type_="check")
    op.create_table(
        "effect_watermark",
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("time_zone", name=op.f("pk_effect_watermark")),
    )
    op.create_table(
        "effect",
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "DEADLINE_NEAR",
                "MODULE_BEGUN",
                "TARIFF_BEGUN",
                "MODULE_ENDED",
                "REQUEST_EXPIRED",
                "INVITATION_EXPIRED",
                "OFFER_EXPIRED",
                name="effectkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("caused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('DEADLINE_NEAR', 'MODULE_BEGUN', 'TARIFF_BEGUN', 'MODULE_ENDED', 'REQUEST_EXPIRED', 'INVITATION_EXPIRED', 'OFFER_EXPIRED')",
            name=op.f("ck_effect_kind_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_effect_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect")),
        sa.UniqueConstraint(
            "kind", "subject_id", "day", name=op.f("uq_effect_kind_subject_id_day")
        ),
    )
    op.create_index(op.f("ix_effect_account_id"), "effect", ["account_id"], unique=False)
    op.add_column("account", sa.Column("reminds_of_deadlines", sa.Boolean(), nullable=True))
    op.create_index("ix_invitation_expires_at", "invitation", ["expires_at"], unique=False)
    op.create_index(
        "ix_module_subscription_ends_on", "module_subscription", ["ends_on"], unique=False
    )
    op.create_index(
        "ix_module_subscription_starts_on", "module_subscription", ["starts_on"], unique=False
    )
    op.create_index("ix_tariff_period_starts_on", "tariff_period", ["starts_on"], unique=False)
    op.create_check_constraint(
        op.f("ck_message_kind_known"),
        "message",
        "kind IN ('REGISTRATION_CODE', 'ALREADY_REGISTERED', 'EMAIL_CONFIRMATION', 'PASSWORD_RESET_CODE', 'PASSWORD_CHANGED', 'INVITATION', 'MEMBER_REMOVED', 'REQUEST_RECEIVED', 'REQUEST_ACCEPTED', 'REQUEST_DECLINED', 'APP_AUTHORIZED', 'APP_REVOKED', 'ACCOUNT_DELETED', 'PROFILE_DELETED', 'ERASURE_ANNOUNCED', 'CANCELLATION_CONFIRMATION', 'ORDER_CONFIRMATION', 'TARIFF_CHANGE_CONFIRMATION', 'CANCELLATION_WITHDRAWN', 'ORDER_WITHDRAWN', 'TARIFF_CHANGE_WITHDRAWN', 'DEADLINE_REMINDER', 'MODULE_BEGUN', 'TARIFF_BEGUN', 'MODULE_ENDED', 'REQUEST_EXPIRED', 'INVITATION_EXPIRED', 'OFFER_EXPIRED')",
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
        "        DELETE FROM tariff_period t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM tariff_change t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM request t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM outbox t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM notice t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM history_note t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM module_subscription t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM message t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM member t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM invitation t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM effect t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM contract t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM consent t WHERE t.account_id = ANY (accounts);\n"
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
        "        DELETE FROM registration t WHERE t.email = ANY (emails);\n"
        "        DELETE FROM idempotency_key t WHERE t.viewer_id = ANY (people) AND t.mutation <> 'deleteAccount';\n"
        "    END IF;\n"
        "END\n"
        "$body$"
    )
    op.execute("ALTER TABLE effect ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE effect FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE effect_watermark ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE effect_watermark FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY owner_rows ON effect FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON effect FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY owner_rows ON effect_watermark FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON effect_watermark FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT UPDATE (reminds_of_deadlines) ON account TO portal_app")
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON effect TO portal_worker")
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON effect_watermark TO portal_worker")
