"""What an account has ordered, and under which tariffs it runs."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.models.base import Base, OfAccount, Versioned
from portal.models.erasure import DeletedData, deleted
from portal.models.wall import of_account


class ModuleSubscription(OfAccount, Versioned, Base):
    """An account's order of a module; ``ends_on`` is its last day once it is cancelled."""

    __tablename__ = "module_subscription"
    wall = of_account(adds=True, writes=["data", "ends_on"], removes=True)
    erasure = (deleted(DeletedData.MODULES),)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
            sa.CheckConstraint(
                "starts_on BETWEEN '1900-01-01' AND '2199-12-31' AND ends_on <= '2199-12-31'",
                name="days_in_range",
            ),
            sa.Index("ix_module_subscription_list", "account_id", "starts_on", "id"),
            # What begins, or has ended, on the days between.
            sa.Index("ix_module_subscription_starts_on", "starts_on"),
            sa.Index("ix_module_subscription_ends_on", "ends_on"),
        )

    module_id: Mapped[UUID] = mapped_column(sa.ForeignKey("module.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class TariffPeriod(OfAccount, Base):
    """From which to which day a subscription runs under a tariff, as agreed on a day.

    The initial term is counted from ``counted_from`` where it is set, else from the first day.
    """

    __tablename__ = "tariff_period"
    wall = of_account(adds=True, writes=["ends_on"], removes=True)
    erasure = (deleted(DeletedData.MODULES),)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.ForeignKeyConstraint(
                ["account_id", "module_subscription_id"],
                ["module_subscription.account_id", "module_subscription.id"],
            ),
            sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
            ExcludeConstraint(
                (sa.column("module_subscription_id"), "="),
                (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
                name="ex_tariff_period_no_overlap",
                using="gist",
            ),
            sa.Index("ix_tariff_period_subscription", "module_subscription_id", "starts_on"),
            sa.Index("ix_tariff_period_tariff", "tariff_id", "account_id"),
            sa.Index("ix_tariff_period_starts_on", "starts_on"),
        )

    module_subscription_id: Mapped[UUID]
    tariff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tariff.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    agreed_on: Mapped[date]
    counted_from: Mapped[date | None]
