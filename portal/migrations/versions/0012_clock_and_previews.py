"""The clock that is moved in development, and the previews that were carried out.

Revision ID: 0012

Whether a moved clock counts is for the settings to say: production never asks for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

VIEWER = "((SELECT current_setting('portal.viewer')::uuid)::uuid)"


def upgrade() -> None:
    """Make both tables, and open them to those who need them."""
    op.create_table(
        "clock",
        sa.Column("is_only", sa.Boolean(), nullable=False),
        sa.Column("shift", sa.Interval(), nullable=False),
        sa.CheckConstraint("is_only", name=op.f("ck_clock_only_one")),
        sa.PrimaryKeyConstraint("is_only", name=op.f("pk_clock")),
    )
    op.execute("GRANT SELECT ON clock TO portal_app, portal_worker")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON clock TO portal_staff")

    op.create_table(
        "used_preview",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("viewer_id", sa.Uuid(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_preview")),
    )
    op.create_index(op.f("ix_used_preview_valid_until"), "used_preview", ["valid_until"])
    op.execute("ALTER TABLE used_preview ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE used_preview FORCE ROW LEVEL SECURITY")
    for role, rows in (
        ("owner", "true"),
        ("staff", "true"),
        ("worker", "true"),
        ("app", f"viewer_id = {VIEWER}"),
    ):
        op.execute(
            f"CREATE POLICY {role}_rows ON used_preview TO portal_{role}"
            f" USING ({rows}) WITH CHECK ({rows})"
        )
    op.execute("GRANT SELECT, INSERT ON used_preview TO portal_app, portal_staff")
    op.execute("GRANT SELECT, DELETE ON used_preview TO portal_worker")
