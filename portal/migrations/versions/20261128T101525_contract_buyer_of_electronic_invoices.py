"""Contract: what electronic invoices say of a buyer.

Revision ID: 20261128T101525
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128T101525"
down_revision = "20261128T100715"
branch_labels = None
depends_on = None
DRAFTED = "1dbdaf577dc52dd5"


def upgrade() -> None:
    """Contract: what electronic invoices say of a buyer."""
    op.add_column("contract", sa.Column("registration_number", sa.String(length=30), nullable=True))
    op.add_column("contract", sa.Column("electronic_address", sa.String(length=60), nullable=True))
    op.add_column("contract", sa.Column("buyer_reference", sa.String(length=100), nullable=True))
    op.add_column(
        "contract",
        sa.Column("receives_ubl", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.alter_column("contract", "receives_ubl", server_default=None)
    op.execute(
        "GRANT UPDATE (buyer_reference, electronic_address, receives_ubl, registration_number) ON contract TO portal_app"
    )
