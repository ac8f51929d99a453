"""Apps by managers.

Revision ID: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None
DRAFTED = "6c0e67f152032a85"


def upgrade() -> None:
    """Apps by managers."""
    op.execute("DROP TRIGGER announce_login_change ON app")
    op.create_table(
        "app_token",
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["app.id"], name=op.f("fk_app_token_app_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_token")),
    )
    op.create_index(op.f("ix_app_token_app_id"), "app_token", ["app_id"], unique=False)
    op.add_column("app", sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("app", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.alter_column("app", "version", server_default=None)
    op.execute(
        "CREATE OR REPLACE FUNCTION find_credential(token_hash bytea, at timestamptz) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n"
        "SELECT jsonb_build_object(\n"
        "    'role', c.role,\n"
        "    'id', coalesce(p.id, a.id),\n"
        "    'name', coalesce(p.name, a.name),\n"
        "    'language', coalesce(p.language, 'EN'),\n"
        "    'profile', pp.scopes,\n"
        "    'memberships', (\n"
        "        SELECT jsonb_object_agg(m.account_id, m.role) FROM member m\n"
        "        WHERE c.role = 'CUSTOMER' AND m.person_id = c.person_id\n"
        "    ),\n"
        "    'authorizations', (\n"
        "        SELECT jsonb_agg(jsonb_build_array(u.account_id, u.scopes)) FROM app_authorization u\n"
        "        WHERE u.app_id = c.app_id AND u.revoked_at IS NULL AND u.expires_at > find_credential.at\n"
        "    )\n"
        ")\n"
        "FROM credential c\n"
        "LEFT JOIN person p ON p.id = c.person_id\n"
        "LEFT JOIN app a ON a.id = c.app_id\n"
        "LEFT JOIN staff s ON s.person_id = c.person_id AND s.role = c.role AND s.deactivated_at IS NULL\n"
        "LEFT JOIN permission_profile pp ON pp.id = s.permission_profile_id\n"
        "WHERE c.token_hash = find_credential.token_hash\n"
        "    AND c.revoked_at IS NULL\n"
        "    AND c.expires_at > find_credential.at\n"
        "    AND a.disabled_at IS NULL\n"
        "    AND (c.role NOT IN ('EMPLOYEE', 'MANAGER') OR s.person_id IS NOT NULL)\n"
        "$body$"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION issue_app_token(id uuid, token_hash bytea, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n"
        "INSERT INTO credential (id, token_hash, kind, role, app_id, created_at, expires_at)\n"
        "SELECT t.id, issue_app_token.token_hash, 'API_KEY', 'PARTNER', t.app_id, issue_app_token.at,\n"
        "    t.expires_at\n"
        "FROM app_token t\n"
        "JOIN app a ON a.id = t.app_id\n"
        "WHERE t.id = issue_app_token.id AND t.revoked_at IS NULL AND a.disabled_at IS NULL\n"
        "    AND EXISTS (SELECT FROM staff s\n"
        "        WHERE s.person_id = current_setting('portal.viewer')::uuid\n"
        "            AND s.role = 'MANAGER' AND s.deactivated_at IS NULL)\n"
        "$body$"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION revoke_app_tokens(ids uuid[], at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n"
        "UPDATE credential c SET revoked_at = revoke_app_tokens.at\n"
        "WHERE c.id = ANY (revoke_app_tokens.ids) AND c.role = 'PARTNER' AND c.revoked_at IS NULL\n"
        "    AND EXISTS (SELECT FROM staff s\n"
        "        WHERE s.person_id = current_setting('portal.viewer')::uuid\n"
        "            AND s.role = 'MANAGER' AND s.deactivated_at IS NULL)\n"
        "$body$"
    )
    op.execute(
        "CREATE TRIGGER announce_login_change AFTER DELETE OR UPDATE OF name, disabled_at ON public.app FOR EACH STATEMENT EXECUTE FUNCTION announce_login_change()"
    )
    op.execute("ALTER TABLE app_token ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE app_token FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY owner_rows ON app_token FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON app_token FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON app_token FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "GRANT EXECUTE ON FUNCTION issue_app_token(uuid,bytea,timestamp with time zone) TO portal_staff"
    )
    op.execute(
        "GRANT EXECUTE ON FUNCTION revoke_app_tokens(uuid[],timestamp with time zone) TO portal_staff"
    )
    op.execute("GRANT INSERT, SELECT, UPDATE (revoked_at) ON app_token TO portal_staff")
    op.execute("GRANT SELECT ON app_token TO portal_worker")
