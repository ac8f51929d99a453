"""How many of an item a subscription has, from day to day: quantities and booked options."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from typing_extensions import override

from portal.models.base import Base, OfAccount, Versioned, one_of
from portal.models.erasure import DeletedData, Erasure, deleted
from portal.models.wall import of_account
from portal.rules.catalogue.terms import EndingDay, TermUnit
from portal.rules.modules.notice import Party
from portal.rules.modules.quantity import MOST

_ENDING = ["ends_on", "ended_by", "previous_ends_on"]


class Counted(OfAccount):
    """What a quantity and a booked option have in common.

    The item is found by its key in whatever price list is in force. A change of tariff to one that
    lacks the key ends it: ``ended_by`` names that change, and ``previous_ends_on`` is what holds
    again once it is withdrawn. One that never came to hold ends on the day before its first.
    """

    erasure: ClassVar[Erasure] = (deleted(DeletedData.MODULES),)

    @declared_attr.directive
    @classmethod
    @override
    def __table_args__(cls) -> tuple[Any, ...]:
        table = vars(cls)["__tablename__"]
        return (
            sa.UniqueConstraint("account_id", "id"),
            sa.ForeignKeyConstraint(
                ["account_id", "module_subscription_id"],
                ["module_subscription.account_id", "module_subscription.id"],
            ),
            sa.ForeignKeyConstraint(
                ["account_id", "ended_by"], ["tariff_change.account_id", "tariff_change.id"]
            ),
            sa.CheckConstraint(f"quantity BETWEEN 1 AND {MOST}", name="quantity_in_range"),
            sa.CheckConstraint("ends_on >= starts_on - 1", name="ends_after_start"),
            sa.CheckConstraint(
                "starts_on BETWEEN '1900-01-01' AND '2199-12-31' AND ends_on <= '2199-12-31'",
                name="days_in_range",
            ),
            ExcludeConstraint(
                (sa.column("module_subscription_id"), "="),
                (sa.column("item_key"), "="),
                (sa.text("daterange(starts_on, ends_on + 1)"), "&&"),
                name=f"ex_{table}_no_overlap",
                using="gist",
            ),
            sa.Index(f"ix_{table}_subscription", "module_subscription_id", "starts_on"),
            *cls.constraints(),
        )

    module_subscription_id: Mapped[UUID]
    item_key: Mapped[str] = mapped_column(sa.String(60))
    quantity: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    agreed_on: Mapped[date]
    ended_by: Mapped[UUID | None]
    previous_ends_on: Mapped[date | None]


class SubscriptionItemQuantity(Counted, Base):
    """How many of an item there are; one where no row says otherwise.

    ``deadline`` and ``steps`` say why it begins on its first day, where there are fewer then.
    """

    __tablename__ = "subscription_item_quantity"
    wall = of_account(adds=True, writes=_ENDING, removes=True)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (one_of("asked_by", Party),)

    asked_by: Mapped[Party]
    deadline: Mapped[date | None]
    steps: Mapped[list[Any]] = mapped_column(JSONB(), default=list)


class BookedOption(Counted, Versioned, Base):
    """An additional option that a manager booked.

    It ends by the notice terms that it had when it was booked, or without any by those of its
    tariff. ``deadline`` and ``steps`` say why it ends on its last day, and the other two for which
    side that was asked, and on which day.
    """

    __tablename__ = "booked_option"
    wall = of_account(writes=_ENDING, removes=True)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.CheckConstraint(
                "num_nonnulls(notice_period_count, notice_period_unit, ending_day) IN (0, 3)",
                name="notice_terms_whole",
            ),
            one_of("end_asked_by", Party),
            one_of("notice_period_unit", TermUnit),
            one_of("ending_day", EndingDay),
        )

    notice_period_count: Mapped[int | None]
    notice_period_unit: Mapped[TermUnit | None]
    ending_day: Mapped[EndingDay | None]
    end_asked_by: Mapped[Party | None]
    end_received_on: Mapped[date | None]
    deadline: Mapped[date | None]
    steps: Mapped[list[Any]] = mapped_column(JSONB(), default=list)
