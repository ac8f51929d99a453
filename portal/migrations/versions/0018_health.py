"""The server asks, as ``portal_app``, which migration the database is at.

Revision ID: 0018
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the role that serves read the number; it is no secret."""
    op.execute("GRANT SELECT ON alembic_version TO portal_app")
