"""Cancellations and changes of tariff: who asked when, for which day, and why that day."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from typing_extensions import override

from portal.database.addresses import APP
from portal.models.base import Base, OfAccount, Versioned, one_of
from portal.models.erasure import DeletedData, Erasure, deleted, kept
from portal.models.wall import OWN_ROWS, Policy, may, of_account
from portal.rules.form import lines
from portal.rules.modules.notice import NoticeReason, Party

_BY_CUSTOMER = f"{OWN_ROWS} AND asked_by = 'CUSTOMER'"
_WITHDRAWN = ["withdrawn_at", "withdrawn_by"]


class Declaration(OfAccount, Versioned):
    """What a notice and a change of tariff have in common.

    ``received_at`` is the instant at which it was entered, ``received_on`` the day for which it
    counts: that instant's in the account's time zone, or a letter's. ``steps`` are the reasons as
    ``portal.rules.modules.step_data`` stores them; ``previous_ends_on`` is what holds again once
    it is withdrawn.

    A customer gives and withdraws a customer's notice, never the operator's, and never for a day
    that deviates from what the tariff allows. Nobody changes what was asked.
    """

    wall = of_account(
        adds=True,
        writes=_WITHDRAWN,
        policies=(
            Policy("app_rows", APP, "SELECT", using=OWN_ROWS),
            Policy("app_asks", APP, "INSERT", check=f"{_BY_CUSTOMER} AND NOT is_deviating"),
            Policy("app_withdraws", APP, "UPDATE", using=_BY_CUSTOMER, check=_BY_CUSTOMER),
        ),
        staff=may("SELECT, INSERT", update=_WITHDRAWN),
    )
    erasure: ClassVar[Erasure] = (
        deleted(DeletedData.MODULES),
        kept("asked_by", "received_at", "received_on", "deadline", "is_deviating", "comment"),
        kept("steps", "previous_ends_on", "withdrawn_at", "version"),
    )

    @declared_attr.directive
    @classmethod
    @override
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            sa.UniqueConstraint("account_id", "id"),
            sa.ForeignKeyConstraint(
                ["account_id", "module_subscription_id"],
                ["module_subscription.account_id", "module_subscription.id"],
            ),
            sa.CheckConstraint(
                "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"
            ),
            sa.CheckConstraint(
                "NOT is_deviating OR deadline IS NULL", name="deviating_without_deadline"
            ),
            one_of("asked_by", Party),
            *cls.constraints(),
        )

    module_subscription_id: Mapped[UUID]
    asked_by: Mapped[Party]
    asked_by_person: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    received_at: Mapped[datetime]
    received_on: Mapped[date]
    deadline: Mapped[date | None]
    is_deviating: Mapped[bool]
    comment: Mapped[str | None] = mapped_column(sa.String(1000), info={"form": lines})
    steps: Mapped[list[Any]] = mapped_column(JSONB())
    previous_ends_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)


class Notice(Declaration, Base):
    """A cancellation of a module; it stands until it is withdrawn."""

    __tablename__ = "notice"
    erasure = (*Declaration.erasure, kept("last_day", "reason_code"))

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.Index(
                "uq_notice_one_stands",
                "module_subscription_id",
                unique=True,
                postgresql_where=sa.text("withdrawn_at IS NULL"),
            ),
            sa.Index("ix_notice_subscription", "account_id", "module_subscription_id"),
            one_of("reason_code", NoticeReason),
        )

    last_day: Mapped[date]
    reason_code: Mapped[NoticeReason | None]


class TariffChange(Declaration, Base):
    """A change of tariff, which added the tariff period that begins on the same day.

    The initial term of the new tariff is counted from ``counted_from``. An offer that it uses can
    be used again once it is withdrawn.
    """

    __tablename__ = "tariff_change"
    erasure = (*Declaration.erasure, kept("starts_on", "counted_from", "uses_offer"))

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.Index(
                "uq_tariff_change_one_on_a_day",
                "module_subscription_id",
                "starts_on",
                unique=True,
                postgresql_where=sa.text("withdrawn_at IS NULL"),
            ),
            sa.Index("ix_tariff_change_subscription", "account_id", "module_subscription_id"),
        )

    tariff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tariff.id"), index=True)
    starts_on: Mapped[date]
    counted_from: Mapped[date]
    uses_offer: Mapped[bool] = mapped_column(default=False)
