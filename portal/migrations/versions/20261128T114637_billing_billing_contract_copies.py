"""billing contract copies.

Revision ID: 20261128T114637
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261128T114637"
down_revision = "20261128T112715"
branch_labels = None
depends_on = None
DRAFTED = "90c6346bcb026c62"


def upgrade() -> None:
    """Billing contract copies."""
    op.create_table(
        "contract_copy",
        sa.Column("module", sa.String(length=200), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "octet_length(sha256) = 32", name=op.f("ck_contract_copy_sha256_length")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_contract_copy_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_copy")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_contract_copy_account_id_id")),
    )
    op.create_index(
        "ix_contract_copy_list", "contract_copy", ["account_id", "agreed_at", "id"], unique=False
    )
    op.add_column("outbox", sa.Column("contract_copy_id", sa.Uuid(), nullable=True))
    op.create_index("ix_outbox_contract_copy", "outbox", ["contract_copy_id"], unique=False)
    op.create_foreign_key(
        "fk_outbox_contract_copy",
        "outbox",
        "contract_copy",
        ["account_id", "contract_copy_id"],
        ["account_id", "id"],
    )
    op.create_check_constraint(
        op.f("ck_outbox_contract_copy_of_account"),
        "outbox",
        "contract_copy_id IS NULL OR account_id IS NOT NULL",
    )
    op.execute(
        "CREATE TRIGGER stay BEFORE DELETE OR UPDATE ON public.contract_copy FOR EACH ROW EXECUTE FUNCTION refuse_document_change()"
    )
    op.execute(
        "CREATE TRIGGER stay_all BEFORE TRUNCATE ON public.contract_copy FOR EACH STATEMENT EXECUTE FUNCTION refuse_document_change()"
    )
    op.execute("ALTER TABLE contract_copy ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contract_copy FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY app_rows ON contract_copy FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON contract_copy FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON contract_copy FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON contract_copy FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT INSERT, SELECT ON contract_copy TO portal_app")
    op.execute("GRANT INSERT, SELECT ON contract_copy TO portal_staff")
    op.execute("GRANT SELECT ON contract_copy TO portal_worker")
