"""Staff whom managers look after, their history, and authorisations of apps with their last use.

Revision ID: 0007

What is about staff belongs to no account: ``portal_app`` sees no row of it, though it may ask, so
that an id of such a row answers customers as one that does not exist. Two functions run as their
owner: no serving role may change a token, nor an app's authorisation in the app's own name.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

VIEWER = "((SELECT current_setting('portal.viewer')::uuid)::uuid)"
OWN_ROWS = "account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))"

FUNCTIONS = {
    "end_staff_sessions(person_id uuid, at timestamptz)": (
        "portal_staff",
        """
UPDATE credential c SET revoked_at = end_staff_sessions.at
WHERE c.person_id = end_staff_sessions.person_id AND c.role IN ('EMPLOYEE', 'MANAGER')
    AND c.revoked_at IS NULL
""",
    ),
    # A row that somebody else changes just now is skipped, so that this never waits.
    "note_app_use(app_id uuid, account_ids uuid[], at timestamptz)": (
        "portal_app",
        """
UPDATE app_authorization used SET last_used_at = note_app_use.at
FROM (
    SELECT u.id FROM app_authorization u
    WHERE u.app_id = note_app_use.app_id AND u.account_id = ANY (note_app_use.account_ids)
        AND u.revoked_at IS NULL AND u.expires_at > note_app_use.at
        AND (u.last_used_at IS NULL OR u.last_used_at <= note_app_use.at - interval '1 hour')
    FOR UPDATE SKIP LOCKED
) due
WHERE used.id = due.id
""",
    ),
}


def upgrade() -> None:
    """Give staff ids and versions, make their history, and open what is needed."""
    _change_staff()
    _create_history()
    _change_authorizations()
    for signature, (role, body) in FUNCTIONS.items():
        op.execute(
            f"CREATE FUNCTION {signature} RETURNS void LANGUAGE sql SECURITY DEFINER"
            f" SET search_path = pg_catalog, public, pg_temp AS $body${body}$body$"
        )
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {role}")


def _change_staff() -> None:
    for table in ("permission_profile", "staff"):
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        op.alter_column(table, "version", server_default=None)
        op.execute(f"CREATE POLICY app_rows ON {table} FOR SELECT TO portal_app USING (false)")
        op.execute(f"GRANT SELECT ON {table} TO portal_app")
    op.add_column("staff", sa.Column("id", sa.Uuid(), nullable=True))
    op.execute("UPDATE staff SET id = person_id")
    op.alter_column("staff", "id", nullable=False)
    op.drop_constraint("pk_staff", "staff")
    op.create_primary_key("pk_staff", "staff", ["id"])
    op.create_unique_constraint("uq_staff_person_id", "staff", ["person_id"])


def _create_history() -> None:
    op.create_table(
        "staff_history_entry",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("permission_profile_id", sa.Uuid(), nullable=True),
        sa.Column("changes", JSONB(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(staff_id, permission_profile_id) = 1",
            name=op.f("ck_staff_history_entry_staff_or_profile"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_staff_history_entry_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_history_entry_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["permission_profile_id"],
            ["permission_profile.id"],
            name=op.f("fk_staff_history_entry_permission_profile_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_history_entry")),
    )
    op.create_index(
        "ix_staff_history_entry_at_id", "staff_history_entry", ["at", "id"], unique=False
    )
    op.execute("ALTER TABLE staff_history_entry ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE staff_history_entry FORCE ROW LEVEL SECURITY")
    for name in ("owner", "staff", "worker"):
        op.execute(
            f"CREATE POLICY {name}_rows ON staff_history_entry TO portal_{name}"
            " USING (true) WITH CHECK (true)"
        )
    # What is written here stays: nobody who serves may change it.
    op.execute("GRANT SELECT, INSERT ON staff_history_entry TO portal_staff")
    op.execute("GRANT SELECT ON staff_history_entry TO portal_worker")


def _change_authorizations() -> None:
    op.add_column(
        "app_authorization",
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    )
    op.alter_column("app_authorization", "version", server_default=None)
    op.add_column(
        "app_authorization", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True)
    )
    # An owner writes authorisations; an app, which sees its own ones, gives itself none.
    op.execute("DROP POLICY app_rows ON app_authorization")
    op.execute(
        f"CREATE POLICY app_rows ON app_authorization TO portal_app USING ({OWN_ROWS})"
        f" WITH CHECK ({OWN_ROWS} AND app_id <> {VIEWER})"
    )
    op.execute("GRANT INSERT ON app_authorization TO portal_app")
    op.execute(
        "GRANT UPDATE (scopes, expires_at, revoked_at, version) ON app_authorization TO portal_app"
    )
    # Whoever authorises an app chooses it from all of them.
    op.execute("DROP POLICY app_rows ON app")
    op.execute("CREATE POLICY app_rows ON app TO portal_app USING (true) WITH CHECK (true)")
