"""Invitations, and what customers may do about members.

Revision ID: 0006

Who accepts an invitation is no member yet, so nobody but its own function finds it: by the hash of
the token, for the person whose e-mail address was invited.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OWN_ROWS = "account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))"
POLICIES = (
    ("owner_rows", "portal_owner", "true"),
    ("staff_rows", "portal_staff", "true"),
    ("worker_rows", "portal_worker", "true"),
    ("app_rows", "portal_app", OWN_ROWS),
)
GRANTS = (
    "SELECT, INSERT, UPDATE, DELETE ON invitation TO portal_staff",
    "SELECT ON invitation TO portal_worker",
    "SELECT, INSERT, UPDATE (accepted_at, revoked_at) ON invitation TO portal_app",
    "INSERT, UPDATE (role), DELETE ON member TO portal_app",
)
FIND_INVITATION = """
CREATE FUNCTION find_invitation(token_hash bytea, person_id uuid, at timestamptz)
RETURNS TABLE (id uuid, account_id uuid) STABLE LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
SELECT i.id, i.account_id
FROM invitation i
JOIN person p ON p.email = i.email
WHERE i.token_hash = find_invitation.token_hash
    AND p.id = find_invitation.person_id
    AND i.accepted_at IS NULL
    AND i.revoked_at IS NULL
    AND i.expires_at > find_invitation.at
$body$
"""


def upgrade() -> None:
    """Make the table, close it, and open to each role what it needs."""
    _create_table()
    op.execute("ALTER TABLE invitation ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE invitation FORCE ROW LEVEL SECURITY")
    for name, role, rows in POLICIES:
        op.execute(
            f"CREATE POLICY {name} ON invitation TO {role} USING ({rows}) WITH CHECK ({rows})"
        )
    for grant in GRANTS:
        op.execute(f"GRANT {grant}")
    op.execute(FIND_INVITATION)
    op.execute("REVOKE ALL ON FUNCTION find_invitation(bytea, uuid, timestamptz) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION find_invitation(bytea, uuid, timestamptz) TO portal_app")


def _create_table() -> None:
    op.create_table(
        "invitation",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role IN ('OWNER', 'ADMIN', 'BILLING', 'READER')",
            name=op.f("ck_invitation_role_known"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_invitation_email_lower_case")),
        sa.CheckConstraint(
            "num_nulls(accepted_at, revoked_at) > 0", name=op.f("ck_invitation_one_outcome")
        ),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name=op.f("ck_invitation_token_hash_sha256")
        ),
        sa.CheckConstraint("role <> 'OWNER'", name=op.f("ck_invitation_role_can_be_given")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_invitation_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["person.id"], name=op.f("fk_invitation_invited_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_invitation_account_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_invited_by"), "invitation", ["invited_by"], unique=False)
    op.create_index(
        "ix_invitation_list", "invitation", ["account_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "uq_invitation_open",
        "invitation",
        ["account_id", "email"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )
