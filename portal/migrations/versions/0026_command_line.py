"""The history of staff tells what the operator does at the command line, who is no person.

Revision ID: 0026
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Allow entries of nobody that the portal knows."""
    op.alter_column("staff_history_entry", "actor_id", nullable=True)
