"""Runs that staff ask for.

Revision ID: 20261128T102810
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128T102810"
down_revision = "20261128T101700"
branch_labels = None
depends_on = None
DRAFTED = "ad9ef28f3fb14f30"


def upgrade() -> None:
    """Runs that staff ask for."""
    op.drop_constraint(
        op.f("ck_permission_profile_scopes_known"), "permission_profile", type_="check"
    )
    op.drop_constraint(
        op.f("ck_app_authorization_scopes_known"), "app_authorization", type_="check"
    )
    op.create_table(
        "billing_run",
        sa.Column("billed_until", sa.Date(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("invoices", sa.Integer(), nullable=False),
        sa.Column("credit_notes", sa.Integer(), nullable=False),
        sa.Column("unbilled", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_run")),
    )
    op.create_index(
        "ix_billing_run_requested_at_id", "billing_run", ["requested_at", "id"], unique=False
    )
    op.create_index(
        "uq_billing_run_unfinished",
        "billing_run",
        [sa.literal_column("(finished_at IS NULL)")],
        unique=True,
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index("ix_document_xact", "document", ["xact"], unique=False)
    op.create_check_constraint(
        op.f("ck_app_authorization_scopes_known"),
        "app_authorization",
        "scopes <@ ARRAY['ACCOUNT_READ', 'CONTRACT_EDIT', 'CUSTOMER_NUMBER', 'ORDER', 'MEMBERS', 'FILES_READ', 'FILES_EDIT', 'FINANCIALS', 'HISTORY', 'INVOICING']::text[]",
    )
    op.create_check_constraint(
        op.f("ck_permission_profile_scopes_known"),
        "permission_profile",
        "scopes <@ ARRAY['ACCOUNT_READ', 'CONTRACT_EDIT', 'CUSTOMER_NUMBER', 'ORDER', 'MEMBERS', 'FILES_READ', 'FILES_EDIT', 'FINANCIALS', 'HISTORY', 'INVOICING']::text[]",
    )
    op.execute("ALTER TABLE billing_run ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE billing_run FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY owner_rows ON billing_run FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON billing_run FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON billing_run FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON billing_run_account FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT DELETE, INSERT, UPDATE ON billed_span TO portal_staff")
    op.execute("GRANT DELETE, INSERT, UPDATE ON billing_problem TO portal_staff")
    op.execute("GRANT INSERT, SELECT ON billing_run TO portal_staff")
    op.execute(
        "GRANT INSERT, SELECT, UPDATE (accounts, credit_notes, finished_at, invoices, unbilled) ON billing_run TO portal_worker"
    )
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON billing_run_account TO portal_staff")
    op.execute("GRANT INSERT ON document TO portal_staff")
    op.execute("GRANT INSERT ON document_line TO portal_staff")
    op.execute("GRANT INSERT ON document_vat TO portal_staff")
    op.execute(
        "GRANT INSERT, UPDATE (last_hash, last_issued_on, last_number) ON number_series TO portal_staff"
    )
