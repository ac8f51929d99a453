"""Changes of what tokens stand for are announced, so that a process may remember it for a moment.

Revision ID: 0014
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# By which changes a token may come to stand for something else.
CHANGES = {
    "credential": "UPDATE OR DELETE",
    "member": "INSERT OR UPDATE OR DELETE",
    "app_authorization": "INSERT OR UPDATE OF scopes, expires_at, revoked_at OR DELETE",
    "staff": "INSERT OR UPDATE OR DELETE",
    "permission_profile": "UPDATE OR DELETE",
    "person": "UPDATE OF name, language OR DELETE",
    "app": "UPDATE OF name OR DELETE",
    "clock": "INSERT OR UPDATE OR DELETE",
}


def upgrade() -> None:
    """Announce them once for each transaction, whoever makes it."""
    op.execute(
        "CREATE FUNCTION announce_login_change() RETURNS trigger LANGUAGE plpgsql"
        " SET search_path = pg_catalog, pg_temp AS"
        " $body$BEGIN PERFORM pg_notify('portal_login', ''); RETURN NULL; END$body$"
    )
    op.execute("REVOKE ALL ON FUNCTION announce_login_change() FROM PUBLIC")
    for table, changes in CHANGES.items():
        op.execute(
            f"CREATE TRIGGER announce_login_change AFTER {changes} ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION announce_login_change()"
        )
