"""What holds from a day on may be withdrawn before that day.

Revision ID: 20261128T062210
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128T062210"
down_revision = "20261128T054334"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What holds from a day on may be withdrawn before that day."""
    op.add_column(
        "consent_document", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "general_payment_terms",
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column(
        "operator_profile", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True)
    )
