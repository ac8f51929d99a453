"""What staff note about a change stands in a table of its own, which is closed to customers.

Revision ID: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Only what erasing an account does with the notes is another one.
ERASE = """
DO $$
DECLARE
    present text := pg_get_functiondef('erase_account(uuid)'::regprocedure);
    wanted text := replace(
        replace(present, 'SET reason = NULL, internal_note = NULL,', 'SET reason = NULL,'),
        '    UPDATE history_value t SET',
        '    DELETE FROM history_note t WHERE t.account_id = erase_account.account_id;
    UPDATE history_value t SET'
    );
BEGIN
    ASSERT wanted LIKE '%DELETE FROM history_note%' AND wanted NOT LIKE '%internal_note%';
    EXECUTE wanted;
END
$$
"""


def upgrade() -> None:
    """Move the notes, and let erasing an account delete them."""
    op.create_table(
        "history_note",
        sa.Column("history_entry_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_history_note_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "history_entry_id"],
            ["history_entry.account_id", "history_entry.id"],
            name=op.f("fk_history_note_account_id_history_entry_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_note")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_history_note_account_id_id")),
        sa.UniqueConstraint("history_entry_id", name=op.f("uq_history_note_history_entry_id")),
    )
    op.execute("ALTER TABLE history_note ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE history_note FORCE ROW LEVEL SECURITY")
    for name in ("owner", "staff"):
        op.execute(
            f"CREATE POLICY {name}_rows ON history_note TO portal_{name}"
            " USING (true) WITH CHECK (true)"
        )
    # What is written here stays, and customers have no way to it.
    op.execute("GRANT SELECT, INSERT ON history_note TO portal_staff")
    op.execute(
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON history_note"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
    )
    op.execute(
        "INSERT INTO history_note (id, account_id, history_entry_id, text)"
        " SELECT id, account_id, id, internal_note FROM history_entry"
        " WHERE internal_note IS NOT NULL"
    )
    op.execute(ERASE)
    op.drop_column("history_entry", "internal_note")
