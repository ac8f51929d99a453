"""Billing: files of documents are kept.

Revision ID: 20261128T104054
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128T104054"
down_revision = "20261128T104053"
branch_labels = None
depends_on = None
DRAFTED = "d04e8e46a15c8868"


def upgrade() -> None:
    """Billing: files of documents are kept."""
    op.create_table(
        "document_file",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("PDF", "UBL", "CII", name="documentfilekind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('PDF', 'UBL', 'CII')", name=op.f("ck_document_file_kind_known")
        ),
        sa.CheckConstraint(
            "octet_length(content) = size", name=op.f("ck_document_file_size_of_content")
        ),
        sa.CheckConstraint(
            "sha256 = sha256(content)", name=op.f("ck_document_file_sha256_of_content")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "document_id"],
            ["document.account_id", "document.id"],
            name=op.f("fk_document_file_account_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_document_file_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_file")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_document_file_account_id_id")),
        sa.UniqueConstraint("document_id", "kind", name=op.f("uq_document_file_document_id_kind")),
    )
    op.execute(
        "CREATE TRIGGER stay BEFORE DELETE OR UPDATE ON public.document_file FOR EACH ROW EXECUTE FUNCTION refuse_document_change()"
    )
    op.execute(
        "CREATE TRIGGER stay_all BEFORE TRUNCATE ON public.document_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_document_change()"
    )
    op.execute("ALTER TABLE document_file ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE document_file FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY app_rows ON document_file FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON document_file FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON document_file FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON document_file FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT EXECUTE ON FUNCTION public_file(uuid) TO portal_staff")
    op.execute("GRANT EXECUTE ON FUNCTION public_file(uuid) TO portal_worker")
    op.execute("GRANT INSERT, SELECT ON document_file TO portal_app")
    op.execute("GRANT INSERT, SELECT ON document_file TO portal_staff")
    op.execute("GRANT INSERT, SELECT ON document_file TO portal_worker")
