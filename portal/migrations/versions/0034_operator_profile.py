"""Say who the operator is.

Revision ID: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None
DRAFTED = "df7e55a5b15ee3b9"


def upgrade() -> None:
    """Say who the operator is."""
    op.create_table(
        "operator_profile",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("address_name", sa.String(length=200), nullable=False),
        sa.Column("address_street", sa.String(length=200), nullable=False),
        sa.Column("address_postal_code", sa.String(length=20), nullable=False),
        sa.Column("address_city", sa.String(length=100), nullable=False),
        sa.Column("address_country", sa.String(length=2), nullable=False),
        sa.Column("address_attention", sa.String(length=200), nullable=True),
        sa.Column("address_extra", sa.String(length=200), nullable=True),
        sa.Column("registration_number", sa.String(length=30), nullable=True),
        sa.Column("vat_number", sa.String(length=20), nullable=True),
        sa.Column("iban", sa.String(length=34), nullable=True),
        sa.Column("bic", sa.String(length=11), nullable=True),
        sa.Column("creditor_id", sa.String(length=35), nullable=True),
        sa.Column("peppol_endpoint", sa.String(length=60), nullable=True),
        sa.Column("contact_name", sa.String(length=200), nullable=True),
        sa.Column("telephone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("colour", sa.String(length=7), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_profile")),
    )
    op.create_index(
        op.f("ix_operator_profile_valid_from"), "operator_profile", ["valid_from"], unique=False
    )
    op.drop_constraint(
        op.f("uq_general_payment_terms_valid_from"), "general_payment_terms", type_="unique"
    )
    op.create_index(
        op.f("ix_general_payment_terms_valid_from"),
        "general_payment_terms",
        ["valid_from"],
        unique=False,
    )
    op.add_column("outbox", sa.Column("sender_name", sa.String(length=200), nullable=True))
    op.execute("ALTER TABLE operator_profile ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE operator_profile FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY app_rows ON operator_profile FOR ALL TO portal_app USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY login_rows ON operator_profile FOR ALL TO portal_login USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY owner_rows ON operator_profile FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON operator_profile FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON operator_profile FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON operator_profile TO portal_staff")
    op.execute("GRANT SELECT ON operator_profile TO portal_app")
    op.execute("GRANT SELECT ON operator_profile TO portal_login")
    op.execute("GRANT SELECT ON operator_profile TO portal_worker")
