"""Mail: what accounts were sent, the outbox, and the jobs that empty it.

Revision ID: 0004

The serving roles write a mail and its job in the transaction that causes it, and can read neither:
a mail holds codes. Jobs are Procrastinate's, in a schema of their own. It is made from the steps
that the package brings, up to the newest one when this was written, so that a later version of the
package makes the same tables here, and its own steps become a step of ours.
"""

import re
from importlib.resources import files

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OWN_ROWS = "account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))"
LAST_STEP_OF_PROCRASTINATE = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
# Before PostgreSQL 17 a value that ALTER TYPE adds cannot be used in the same transaction: so both
# types begin with all their values, in the order that the steps give them.
VALUES = {
    "procrastinate_job_status": "todo doing succeeded failed cancelled aborting aborted",
    "procrastinate_job_event_type": (
        "deferred started deferred_for_retry failed succeeded cancelled abort_requested aborted"
        " scheduled retried"
    ),
}


def upgrade() -> None:
    """Make the tables, close them, and open to each role what it needs."""
    _create_tables()
    for table in ("message", "outbox"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        for name, role in (("owner_rows", "portal_owner"), ("worker_rows", "portal_worker")):
            op.execute(f"CREATE POLICY {name} ON {table} TO {role} USING (true) WITH CHECK (true)")
    _open_message()
    _open_outbox()
    op.execute("GRANT DELETE ON idempotency_key TO portal_worker")
    _create_jobs()


def _create_tables() -> None:
    op.create_table(
        "message",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'SENT') = (sent_at IS NOT NULL)", name=op.f("ck_message_sent_at_known")
        ),
        sa.CheckConstraint(
            "kind IN ('REGISTRATION_CODE', 'ALREADY_REGISTERED', 'EMAIL_CONFIRMATION', 'PASSWORD_RESET_CODE', 'INVITATION', 'MEMBER_REMOVED', 'REQUEST_RECEIVED', 'REQUEST_ACCEPTED', 'REQUEST_DECLINED', 'APP_AUTHORIZED', 'APP_REVOKED', 'ACCOUNT_DELETED', 'CANCELLATION_CONFIRMATION')",
            name=op.f("ck_message_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('QUEUED', 'SENT', 'FAILED')", name=op.f("ck_message_state_known")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_message_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_message_account_id_id")),
    )
    op.create_index(
        "ix_message_account_id_created_at_id",
        "message",
        ["account_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "outbox",
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("language IN ('NL', 'EN', 'DE')", name=op.f("ck_outbox_language_known")),
        sa.CheckConstraint(
            "state = 'QUEUED' OR recipient = '' AND subject = '' AND text = '' AND html = ''",
            name=op.f("ck_outbox_emptied_when_done"),
        ),
        sa.CheckConstraint(
            "state IN ('QUEUED', 'SENT', 'FAILED')", name=op.f("ck_outbox_state_known")
        ),
        sa.CheckConstraint(
            "(account_id IS NULL) = (message_id IS NULL)",
            name=op.f("ck_outbox_message_of_account"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts_positive")),
        sa.ForeignKeyConstraint(
            ["account_id", "message_id"],
            ["message.account_id", "message.id"],
            name="fk_outbox_message",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_message", "outbox", ["account_id", "message_id"], unique=False)
    op.create_index(
        "ix_outbox_queued",
        "outbox",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("state = 'QUEUED'"),
    )


def _open_message() -> None:
    op.execute("CREATE POLICY staff_rows ON message TO portal_staff USING (true) WITH CHECK (true)")
    op.execute(
        f"CREATE POLICY app_rows ON message TO portal_app USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})"
    )
    op.execute("GRANT SELECT, INSERT ON message TO portal_app, portal_worker")
    op.execute("GRANT UPDATE (state, sent_at) ON message TO portal_worker")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON message TO portal_staff")


def _open_outbox() -> None:
    op.execute("CREATE POLICY staff_rows ON outbox FOR INSERT TO portal_staff WITH CHECK (true)")
    op.execute(
        f"CREATE POLICY app_rows ON outbox FOR INSERT TO portal_app"
        f" WITH CHECK (account_id IS NULL OR {OWN_ROWS})"
    )
    op.execute("GRANT INSERT ON outbox TO portal_app, portal_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO portal_worker")


def _with_all_values(script: str) -> str:
    """Make the types of a step whole where they are made, and add nothing to them later."""
    for name, values in VALUES.items():
        listed = ", ".join(f"'{value}'" for value in values.split())
        whole = f"CREATE TYPE {name} AS ENUM ({listed});"
        script = re.sub(rf"CREATE TYPE {name} AS ENUM \(.*?\n\);", whole, script, flags=re.DOTALL)
    return re.sub(r"ALTER TYPE \w+ ADD VALUE [^;]+;", "", script)


def _create_jobs() -> None:
    op.execute("CREATE SCHEMA procrastinate")
    op.execute("SET LOCAL search_path = procrastinate")
    # Several statements at once are beyond a prepared statement, so they go to the driver.
    connection = op.get_bind().connection.dbapi_connection
    for step in sorted(
        (files("procrastinate.sql") / "migrations").iterdir(), key=lambda step: step.name
    ):
        if step.name.endswith(".sql") and step.name <= LAST_STEP_OF_PROCRASTINATE:
            script = _with_all_values(step.read_text(encoding="utf-8"))
            connection.run_async(  # type: ignore[union-attr]  # it is open here
                lambda driver, script=script: driver.execute(script)
            )
    op.execute("SET LOCAL search_path TO DEFAULT")
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA procrastinate FROM PUBLIC")
    op.execute("GRANT USAGE ON SCHEMA procrastinate TO portal_worker")
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA procrastinate"
        " TO portal_worker"
    )
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA procrastinate TO portal_worker")
    op.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA procrastinate TO portal_worker")
    # The one job that the serving roles may ask for; they see no other, and not this one either.
    op.execute("""
CREATE FUNCTION defer_mail(outbox_id uuid, at timestamptz) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = procrastinate, pg_catalog, pg_temp AS $body$
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
    'portal', 'send_mail', 0, NULL, NULL,
    jsonb_build_object('outbox_id', defer_mail.outbox_id), defer_mail.at
)::procrastinate_job_to_defer_v1])
$body$
""")
    op.execute("REVOKE ALL ON FUNCTION defer_mail(uuid, timestamptz) FROM PUBLIC")
    op.execute(
        "GRANT EXECUTE ON FUNCTION defer_mail(uuid, timestamptz)"
        " TO portal_app, portal_staff, portal_worker"
    )
