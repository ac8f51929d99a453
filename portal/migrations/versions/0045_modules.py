"""Modules are arranged, by name until somebody does so, and retired.

Revision ID: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None
PLACES = """
UPDATE module m SET position = placed.position
FROM (SELECT id, row_number() OVER (ORDER BY sort_name, id) AS position FROM module) placed
WHERE placed.id = m.id
"""


def upgrade() -> None:
    """Add the columns, and put what there is in the order in which it was shown."""
    for name, default in (("position", "0"), ("version", "1")):
        op.add_column(
            "module", sa.Column(name, sa.Integer(), nullable=False, server_default=default)
        )
        op.alter_column("module", name, server_default=None)
    op.add_column("module", sa.Column("retired_from", sa.Date(), nullable=True))
    op.execute(PLACES)
