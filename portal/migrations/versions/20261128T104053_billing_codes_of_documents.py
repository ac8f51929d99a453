"""Billing: codes by which documents are verified.

Revision ID: 20261128T104053
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128T104053"
down_revision = "20261128T102810"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Billing: codes by which documents are verified."""
    op.add_column("document", sa.Column("verification_code", sa.String(length=10), nullable=True))
    op.create_unique_constraint(
        op.f("uq_document_verification_code"), "document", ["verification_code"]
    )
