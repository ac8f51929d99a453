"""What publishing a version asks a worker to do, and what each customer was told of it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.models.base import Base, Identified, OfAccount, one_of
from portal.models.erasure import DeletedData, deleted, kept
from portal.models.recording import History
from portal.models.wall import may, of_account, staff_only
from portal.viewer import Role

_PROGRESS = ["customers", "done", "paying_more", "paying_less", "last_account_id", "finished_at"]


class VersionJobKind(StrEnum):
    """What a job does with each customer who has the tariff already."""

    ASSESSMENT = "ASSESSMENT"
    ANNOUNCEMENT = "ANNOUNCEMENT"
    WITHDRAWAL = "WITHDRAWAL"


class VersionJob(Identified, Base):
    """Work through the customers of a tariff, by the ids of their accounts, in batches.

    One commits with what was done of it, so that it goes on where it was killed. The days are those
    for which the version is published, or would be.
    """

    __tablename__ = "version_job"
    wall = staff_only(
        Role.MANAGER,
        staff=may("SELECT, INSERT", update=["finished_at"]),
        worker=may("SELECT", update=_PROGRESS),
    )
    history = History.NONE
    erasure = (kept(),)
    __table_args__ = (
        sa.CheckConstraint(
            "done >= 0 AND customers >= 0 AND paying_more >= 0 AND paying_less >= 0"
            " AND paying_more + paying_less <= done",
            name="counted",
        ),
        sa.Index("ix_version_job_version", "tariff_version_id", "requested_at"),
        one_of("kind", VersionJobKind),
    )

    tariff_version_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("tariff_version.id", ondelete="CASCADE")
    )
    kind: Mapped[VersionJobKind]
    valid_from: Mapped[date]
    valid_from_for_existing: Mapped[date]
    requested_at: Mapped[datetime]
    customers: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    paying_more: Mapped[int] = mapped_column(default=0)
    paying_less: Mapped[int] = mapped_column(default=0)
    last_account_id: Mapped[UUID | None]
    finished_at: Mapped[datetime | None]


class PriceAnnouncement(OfAccount, Base):
    """What the owner of an account was told of a version, once, and whether it was taken back."""

    __tablename__ = "price_announcement"
    # Who orders is told at once.
    wall = of_account(
        adds=True,
        staff=may("SELECT, INSERT"),
        worker=may("SELECT, INSERT", update=["withdrawal_announced_at"]),
    )
    history = History.NONE
    erasure = (deleted(DeletedData.MESSAGES),)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (sa.UniqueConstraint("tariff_version_id", "account_id"),)

    tariff_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tariff_version.id"))
    starts_on: Mapped[date]
    monthly_before: Mapped[Decimal] = mapped_column(sa.Numeric(20, 2))
    monthly_after: Mapped[Decimal] = mapped_column(sa.Numeric(20, 2))
    announced_at: Mapped[datetime]
    withdrawal_announced_at: Mapped[datetime | None]
