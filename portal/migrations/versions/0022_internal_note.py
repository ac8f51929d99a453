"""A change may carry a note that staff alone read, beside its reason; erasing an account empties it.

Revision ID: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Only one line of what erasing an account does is another one.
ERASE = """
DO $$
DECLARE
    present text := pg_get_functiondef('erase_account(uuid)'::regprocedure);
    wanted text := replace(present, 'SET reason = NULL,', 'SET reason = NULL, internal_note = NULL,');
BEGIN
    ASSERT wanted <> present;
    EXECUTE wanted;
END
$$
"""


def upgrade() -> None:
    """Add the note, and empty it with what else somebody has said."""
    op.add_column("history_entry", sa.Column("internal_note", sa.String(length=1000)))
    op.execute(ERASE)
