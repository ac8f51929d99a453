"""Invitations to become a member of an account."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.models.base import Base, OfAccount, one_of
from portal.models.erasure import DeletedData, by_email, deleted, kept
from portal.models.wall import of_account
from portal.rules.form import email
from portal.viewer import MemberRole


class Invitation(OfAccount, Base):
    """Asks whoever reads an e-mail address into an account; its token leaves by mail alone.

    Of the invitations of one address to one account, the last alone can be accepted.
    """

    __tablename__ = "invitation"
    wall = of_account(adds=True, writes=["accepted_at", "revoked_at"])
    erasure = (
        deleted(DeletedData.INVITATIONS),
        deleted(DeletedData.INVITATIONS, whose=by_email("email")),
        # Of whom a person invited that is erased itself.
        kept("email", "role", "token_hash"),
        kept("created_at", "expires_at", "accepted_at", "revoked_at"),
    )

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.CheckConstraint("email = lower(email)", name="email_lower_case"),
            sa.CheckConstraint("octet_length(token_hash) = 32", name="token_hash_sha256"),
            sa.CheckConstraint("role <> 'OWNER'", name="role_can_be_given"),
            sa.CheckConstraint("num_nulls(accepted_at, revoked_at) > 0", name="one_outcome"),
            one_of("role", MemberRole),
            sa.Index(
                "uq_invitation_open",
                "account_id",
                "email",
                unique=True,
                postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
            ),
            sa.Index("ix_invitation_list", "account_id", "created_at", "id"),
            sa.Index("ix_invitation_expires_at", "expires_at"),
        )

    email: Mapped[str] = mapped_column(sa.String(254), info={"form": email})
    role: Mapped[MemberRole]
    invited_by: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
