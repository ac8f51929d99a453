"""Books are closed up to a day.

Revision ID: 20261128T100715
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128T100715"
down_revision = "20261128T062211"
branch_labels = None
depends_on = None
DRAFTED = "8c162c4dd37fa893"


def upgrade() -> None:
    """Books are closed up to a day."""
    op.create_table(
        "books_closing",
        sa.Column("closed_until", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books_closing")),
    )
    op.create_index(
        op.f("ix_books_closing_closed_until"), "books_closing", ["closed_until"], unique=False
    )
    op.execute("ALTER TABLE books_closing ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE books_closing FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY app_rows ON books_closing FOR ALL TO portal_app USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY owner_rows ON books_closing FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON books_closing FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON books_closing FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT INSERT, SELECT ON books_closing TO portal_staff")
    op.execute("GRANT SELECT ON books_closing TO portal_app")
    op.execute("GRANT SELECT ON books_closing TO portal_worker")
