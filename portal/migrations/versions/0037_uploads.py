"""Keep files that managers send.

Revision ID: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None
DRAFTED = "94eeeb1e27914274"


def upgrade() -> None:
    """Keep files that managers send."""
    op.create_table(
        "upload",
        sa.Column(
            "kind",
            sa.Enum("CSV", "PDF", "PNG", "JPEG", name="filekind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('CSV', 'PDF', 'PNG', 'JPEG')", name=op.f("ck_upload_kind_known")
        ),
        sa.CheckConstraint("octet_length(content) = size", name=op.f("ck_upload_size_of_content")),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("ck_upload_hash_is_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.execute("ALTER TABLE upload ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE upload FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY owner_rows ON upload FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON upload FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON upload FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE (used_at) ON upload TO portal_staff")
    op.execute("GRANT DELETE, SELECT ON upload TO portal_worker")
