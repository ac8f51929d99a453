"""For which side a quantity was asked.

Revision ID: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """For which side a quantity was asked."""
    op.add_column(
        "subscription_item_quantity",
        sa.Column(
            "asked_by",
            sa.Enum("CUSTOMER", "OPERATOR", name="party", native_enum=False, length=30),
            nullable=False,
        ),
    )
    op.create_check_constraint(
        op.f("ck_subscription_item_quantity_asked_by_known"),
        "subscription_item_quantity",
        "asked_by IN ('CUSTOMER', 'OPERATOR')",
    )
