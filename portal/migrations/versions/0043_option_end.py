"""For which side the end of an option was asked.

Revision ID: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """For which side the end of an option was asked."""
    op.add_column(
        "booked_option",
        sa.Column(
            "end_asked_by",
            sa.Enum("CUSTOMER", "OPERATOR", name="party", native_enum=False, length=30),
            nullable=True,
        ),
    )
    op.add_column("booked_option", sa.Column("end_received_on", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_booked_option_end_asked_by_known"),
        "booked_option",
        "end_asked_by IN ('CUSTOMER', 'OPERATOR')",
    )
