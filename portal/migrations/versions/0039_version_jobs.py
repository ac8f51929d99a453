"""Add jobs of versions and the special right to cancel.

Revision ID: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None
DRAFTED = "1a5c3387fd1d5fd6"


def upgrade() -> None:
    """Add jobs of versions and the special right to cancel."""
    op.drop_constraint(op.f("ck_message_kind_known"), "message", type_="check")
    op.create_table(
        "price_announcement",
        sa.Column("tariff_version_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("monthly_before", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("monthly_after", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawal_announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_price_announcement_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["tariff_version_id"],
            ["tariff_version.id"],
            name=op.f("fk_price_announcement_tariff_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_announcement")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_price_announcement_account_id_id")),
        sa.UniqueConstraint(
            "tariff_version_id",
            "account_id",
            name=op.f("uq_price_announcement_tariff_version_id_account_id"),
        ),
    )
    op.create_table(
        "version_job",
        sa.Column("tariff_version_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ASSESSMENT",
                "ANNOUNCEMENT",
                "WITHDRAWAL",
                name="versionjobkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_from_for_existing", sa.Date(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("paying_more", sa.Integer(), nullable=False),
        sa.Column("paying_less", sa.Integer(), nullable=False),
        sa.Column("last_account_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ASSESSMENT', 'ANNOUNCEMENT', 'WITHDRAWAL')",
            name=op.f("ck_version_job_kind_known"),
        ),
        sa.CheckConstraint(
            "done >= 0 AND customers >= 0 AND paying_more >= 0 AND paying_less >= 0 AND paying_more + paying_less <= done",
            name=op.f("ck_version_job_counted"),
        ),
        sa.ForeignKeyConstraint(
            ["tariff_version_id"],
            ["tariff_version.id"],
            name=op.f("fk_version_job_tariff_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_job")),
    )
    op.create_index(
        "ix_version_job_version", "version_job", ["tariff_version_id", "requested_at"], unique=False
    )
    op.drop_index(op.f("ix_tariff_period_tariff_id"), table_name="tariff_period")
    op.create_index(
        "ix_tariff_period_tariff", "tariff_period", ["tariff_id", "account_id"], unique=False
    )
    op.add_column(
        "tariff_version",
        sa.Column(
            "special_right",
            sa.Enum(
                "CONSUMERS", "EVERYONE", "NOBODY", name="specialright", native_enum=False, length=30
            ),
            nullable=False,
            server_default="NOBODY",
        ),
    )
    op.alter_column("tariff_version", "special_right", server_default=None)

    op.create_check_constraint(
        op.f("ck_message_kind_known"),
        "message",
        "kind IN ('REGISTRATION_CODE', 'ALREADY_REGISTERED', 'EMAIL_CONFIRMATION', 'PASSWORD_RESET_CODE', 'PASSWORD_CHANGED', 'INVITATION', 'MEMBER_REMOVED', 'REQUEST_RECEIVED', 'REQUEST_ACCEPTED', 'REQUEST_DECLINED', 'APP_AUTHORIZED', 'APP_REVOKED', 'ACCOUNT_DELETED', 'PROFILE_DELETED', 'ERASURE_ANNOUNCED', 'CANCELLATION_CONFIRMATION', 'ORDER_CONFIRMATION', 'TARIFF_CHANGE_CONFIRMATION', 'CANCELLATION_WITHDRAWN', 'ORDER_WITHDRAWN', 'TARIFF_CHANGE_WITHDRAWN', 'DEADLINE_REMINDER', 'MODULE_BEGUN', 'TARIFF_BEGUN', 'MODULE_ENDED', 'REQUEST_EXPIRED', 'INVITATION_EXPIRED', 'OFFER_EXPIRED', 'PRICE_CHANGE_ANNOUNCED', 'PRICE_CHANGE_WITHDRAWN')",
    )
    op.create_check_constraint(
        op.f("ck_tariff_version_special_right_known"),
        "tariff_version",
        "special_right IN ('CONSUMERS', 'EVERYONE', 'NOBODY')",
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION defer_version_job(version_job_id uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = procrastinate, pg_catalog, pg_temp AS $body$\n"
        "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(\n"
        "    'portal', 'run_version_job', 0, NULL, NULL,\n"
        "    jsonb_build_object('version_job_id', defer_version_job.version_job_id), NULL\n"
        ")::procrastinate_job_to_defer_v1])\n"
        "$body$"
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
    op.execute("ALTER TABLE price_announcement ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE price_announcement FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE version_job ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE version_job FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY app_rows ON price_announcement FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON price_announcement FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON price_announcement FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON price_announcement FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY owner_rows ON version_job FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON version_job FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON version_job FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT EXECUTE ON FUNCTION defer_version_job(uuid) TO portal_staff")
    op.execute("GRANT EXECUTE ON FUNCTION defer_version_job(uuid) TO portal_worker")
    op.execute(
        "GRANT INSERT, SELECT, UPDATE (withdrawal_announced_at) ON price_announcement TO portal_worker"
    )
    op.execute("GRANT SELECT ON price_announcement TO portal_app")
    op.execute("GRANT SELECT ON price_announcement TO portal_staff")
    op.execute("GRANT INSERT, SELECT, UPDATE (finished_at) ON version_job TO portal_staff")
    op.execute(
        "GRANT SELECT, UPDATE (customers, done, finished_at, last_account_id, paying_less, paying_more) ON version_job TO portal_worker"
    )
