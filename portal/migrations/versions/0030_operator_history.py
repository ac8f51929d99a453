"""The history of staff becomes that of the operator: of whatever belongs to no account.

Revision ID: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# What is called after its table.
_RENAMED = (
    "ALTER TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}",
    "ALTER TABLE {new} RENAME CONSTRAINT fk_{old}_actor_id TO fk_{new}_actor_id",
    "ALTER INDEX ix_{old}_at_id RENAME TO ix_{new}_at_id",
)


def upgrade() -> None:
    """Let each entry name the row that it is about, of whatever table."""
    old, new = "staff_history_entry", "operator_history"
    op.rename_table(old, new)
    for statement in _RENAMED:
        op.execute(statement.format(old=old, new=new))
    op.add_column(new, sa.Column("subject_type", sa.String(length=60)))
    op.add_column(new, sa.Column("subject_id", sa.Uuid()))
    op.execute(
        "UPDATE operator_history SET subject_id = coalesce(staff_id, permission_profile_id),"
        " subject_type = CASE WHEN staff_id IS NULL THEN 'PermissionProfile' ELSE 'Staff' END"
    )
    # With the keys and the check that stand on them.
    op.drop_column(new, "staff_id")
    op.drop_column(new, "permission_profile_id")
    op.alter_column(new, "subject_type", nullable=False)
    op.alter_column(new, "subject_id", nullable=False)
    op.create_index(op.f("ix_operator_history_subject_id"), new, ["subject_id"])
    op.create_index(
        op.f("ix_operator_history_of_staff"),
        new,
        ["at", "id"],
        postgresql_where=sa.text("subject_type IN ('Staff', 'PermissionProfile')"),
    )
