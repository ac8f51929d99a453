"""Requests of everybody are listed by when they expire.

Revision ID: 0029
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index that serves their order."""
    op.create_index("ix_request_expires_at_id", "request", ["expires_at", "id"])
