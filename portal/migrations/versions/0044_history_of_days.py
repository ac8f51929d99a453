"""The history of what a day brings.

Revision ID: 0044
"""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None
DRAFTED = "7b12cba8fe3907e0"


def upgrade() -> None:
    """The history of what a day brings."""
    op.execute("GRANT UPDATE (history_length) ON account TO portal_worker")
    op.execute("GRANT INSERT ON history_entry TO portal_worker")
    op.execute("GRANT INSERT ON history_value TO portal_worker")
