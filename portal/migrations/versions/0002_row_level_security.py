"""The second wall: what each database role may touch, and which rows it sees.

Revision ID: 0002

A statement of ``portal_app`` without a viewer must fail loudly, so no setting has a default:
neither ``missing_ok`` nor ``nullif`` is used. The inner SELECT makes PostgreSQL read the setting
once for a statement, and the outer cast keeps the index on the account usable.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ACCOUNTS = "((SELECT current_setting('portal.accounts')::uuid[])::uuid[])"
VIEWER = "((SELECT current_setting('portal.viewer')::uuid)::uuid)"
MEMBERS = f"(SELECT person_id FROM member WHERE account_id = ANY ({ACCOUNTS}))"
AUTHORIZED = f"(SELECT app_id FROM app_authorization WHERE account_id = ANY ({ACCOUNTS}))"
BOOKED = f"(SELECT tariff_id FROM tariff_period WHERE account_id = ANY ({ACCOUNTS}))"

OWN_ROWS = f"account_id = ANY ({ACCOUNTS})"
APP_ROWS = {
    "account": f"id = ANY ({ACCOUNTS})",
    "member": OWN_ROWS,
    "app_authorization": OWN_ROWS,
    "contract": OWN_ROWS,
    "consent": OWN_ROWS,
    "module_subscription": OWN_ROWS,
    "tariff_period": OWN_ROWS,
    "history_entry": OWN_ROWS,
    "history_value": OWN_ROWS,
    "idempotency_key": f"viewer_id = {VIEWER}",
    "person": f"id = ANY (ARRAY{MEMBERS} || {VIEWER})",
    "app": f"id = ANY (ARRAY{AUTHORIZED} || {VIEWER})",
    "consent_document": "true",
    "general_payment_terms": "true",
    "module": "true",
    "tariff": f"is_public OR id = ANY (ARRAY{BOOKED})",
    "tariff_version": "tariff_id = ANY (ARRAY(SELECT id FROM tariff))",
    "price_list_section": "tariff_version_id = ANY (ARRAY(SELECT id FROM tariff_version))",
    "item": "price_list_section_id = ANY (ARRAY(SELECT id FROM price_list_section))",
}
APP_WRITES = {
    "account": "UPDATE",
    "contract": "UPDATE",
    "consent": "INSERT",
    "history_entry": "INSERT",
    "history_value": "INSERT",
    "idempotency_key": "INSERT, UPDATE, DELETE",
}
STAFF_ONLY = ("permission_profile", "staff")
SECRET = ("password", "credential")


def upgrade() -> None:
    """Close every table, then open to each role what it needs."""
    for table in (*APP_ROWS, *STAFF_ONLY, *SECRET):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY owner_rows ON {table} TO portal_owner USING (true) WITH CHECK (true)"
        )
    for table in (*APP_ROWS, *STAFF_ONLY):
        op.execute(
            f"CREATE POLICY staff_rows ON {table} TO portal_staff USING (true) WITH CHECK (true)"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO portal_staff")
        op.execute(
            f"CREATE POLICY worker_rows ON {table} TO portal_worker USING (true) WITH CHECK (true)"
        )
        op.execute(f"GRANT SELECT ON {table} TO portal_worker")
    for table, rows in APP_ROWS.items():
        op.execute(
            f"CREATE POLICY app_rows ON {table} TO portal_app USING ({rows}) WITH CHECK ({rows})"
        )
        op.execute(f"GRANT SELECT ON {table} TO portal_app")
    for table, verbs in APP_WRITES.items():
        op.execute(f"GRANT {verbs} ON {table} TO portal_app")
