"""The secret address of an account's calendar."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.models.base import Base, OfAccount
from portal.models.erasure import DeletedData, by_person, deleted, kept
from portal.models.wall import of_account


class CalendarAddress(OfAccount, Base):
    """Shows an account's deadlines to whoever knows it, while whoever made it is the owner."""

    __tablename__ = "calendar_address"
    wall = of_account(adds=True, writes=["revoked_at"])
    erasure = (
        deleted(DeletedData.CALENDAR_ADDRESS),
        deleted(DeletedData.CALENDAR_ADDRESS, whose=by_person("made_by")),
        kept("token_hash", "created_at", "revoked_at"),
    )

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.CheckConstraint("octet_length(token_hash) = 32", name="token_hash_sha256"),
            sa.Index(
                "uq_calendar_address_one_stands",
                "account_id",
                unique=True,
                postgresql_where=sa.text("revoked_at IS NULL"),
            ),
        )

    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(), unique=True)
    made_by: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
