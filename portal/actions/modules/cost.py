"""The engine of prices in SQL: what the items of a module cost a customer on a day, and why.

It says what ``portal.rules.modules.cost`` says, over the rows at hand.
"""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portal.actions.catalogue.price import by_year, covers, first_day_of, in_force, version_of
from portal.actions.modules.item_price import ItemPrices, columns_of
from portal.models import (
    Account,
    BookedOption,
    CostLine,
    Item,
    ModuleSubscription,
    PriceListSection,
    SubscriptionItemQuantity,
    TariffPeriod,
)

_CENTS = 2
# So many decimals that rounding the quotient again changes nothing.
_MONTHS_IN_A_YEAR = sa.literal_column("12.00000000000000", sa.Numeric())
# What PostgreSQL does not look behind, to join what is there with something else.
_FENCE = sa.literal_column("0", sa.Integer())


class Lines(ItemPrices):
    """The items of a version that a subscription at hand has on a day, and what decides their cost.

    ``versions`` are rows among which the version is, None for one at hand. What is agreed, counted
    and booked is read once for all items: it is behind a fence, or PostgreSQL looks for each.
    """

    def __init__(
        self, subscription: Any, version_id: Any, day: Any, *, versions: Any = None
    ) -> None:
        self.section = aliased(PriceListSection)
        super().__init__(aliased(Item), subscription, day)
        self._subscription, self._day = subscription, day
        self.is_option: Any = self.item.is_additional_option
        self._quantity = self._counted(SubscriptionItemQuantity)
        self._option = self._counted(BookedOption)
        of_version = self.section.tariff_version_id == version_id
        # Here the version comes first: PostgreSQL keeps the order of so many joins.
        first = self.section if versions is None else sa.join(versions, self.section, of_version)
        self._where = of_version if versions is None else sa.true()
        self._source = self._joined(first)

    def select(self, *columns: Any) -> sa.Select[Any]:
        """Select from them."""
        has = sa.or_(~self.is_option, self._option.quantity.is_not(None))
        return sa.select(*columns).select_from(self._source).where(self._where, has)

    @property
    def rows(self) -> list[Any]:
        """Whatever stands in them; all else is at hand."""
        counted = (self._quantity, self._option)
        tables = [columns.item_key.table for columns in counted]
        return [self.section, self.item, *tables, *self.agreements]

    @property
    def quantity(self) -> sa.ColumnElement[int]:
        """How many of it there are."""
        return sa.func.coalesce(self._option.quantity, self._quantity.quantity, 1)

    @property
    def quantity_from(self) -> sa.ColumnElement[date | None]:
        """Since when there are so many; null for the one that nobody asked for."""
        return sa.func.coalesce(self._option.starts_on, self._quantity.starts_on)

    @property
    def monthly_amount(self) -> sa.ColumnElement[Decimal | None]:
        """What all of them cost in a month, half up to cents; null for what does not come back."""
        by_month = self.quantity * self.price * by_year(self.item) / _MONTHS_IN_A_YEAR
        return sa.func.round(by_month, _CENTS)

    def _joined(self, first: Any) -> Any:
        item, is_option = self.item, self.is_option
        source = sa.join(first, item, item.price_list_section_id == self.section.id)
        for columns, is_meant in (
            (self._quantity, sa.and_(self._quantity.item_key == item.key, ~is_option)),
            (self._option, sa.and_(self._option.item_key == item.key, is_option)),
        ):
            source = sa.outerjoin(source, columns.item_key.table, is_meant)
        return self.joined(source)

    def _counted(self, model: Any) -> Any:
        row = aliased(model)
        counted = (
            sa.select(row.item_key, row.quantity, row.starts_on)
            .where(
                row.account_id == self._subscription.account_id,
                row.module_subscription_id == self._subscription.id,
                covers(row, self._day),
            )
            .offset(_FENCE)
        )
        return counted.correlate_except(row).subquery().c


def total(amounts: Any) -> sa.ColumnElement[Decimal]:
    """Add up amounts that are in cents: a total is the sum of what is shown, 0.00 for nothing."""
    return sa.func.round(sa.func.coalesce(sa.func.sum(amounts), 0), _CENTS)


def by_month(subscription: Any, version_id: Any, day: Any) -> sa.ScalarSelect[Decimal]:
    """Give what a subscription at hand costs each month on a day by the prices of a version."""
    lines = Lines(subscription, version_id, day)
    cost = lines.select(total(lines.monthly_amount))
    return cost.correlate_except(*lines.rows).scalar_subquery()


def cost_lines(subscription: Any, day: Any) -> sa.Select[Any]:
    """Select what each item costs on a day of a subscription at hand, as ``CostLine`` has it."""
    period = aliased(TariffPeriod)
    version = version_of(period, day).lateral().c
    versions = sa.join(period, version.id.table, sa.true())
    lines = Lines(subscription, version.id, day, versions=versions)
    item = lines.item
    values: dict[str, Any] = {
        "id": item.id,
        "section_position": lines.section.position,
        "is_additional_option": lines.is_option,
        "quantity": lines.quantity,
        "quantity_from": lines.quantity_from,
        "price_from": first_day_of(version, period),
        **lines.values,
        "monthly_amount": lines.monthly_amount,
    }
    return (
        lines.select(*columns_of(CostLine, values, item))
        .where(
            period.account_id == subscription.account_id,
            period.module_subscription_id == subscription.id,
            covers(period, day),
        )
        .correlate_except(period, version.id.table, *lines.rows)
    )


async def monthly_cost(
    session: AsyncSession, subscription: ModuleSubscription, day: date
) -> Decimal:
    """Give what a module costs each month by the prices of a day; 0 on a day it does not run."""
    asked = {"account_id": subscription.account_id, "id": subscription.id, "day": day}
    return (await session.scalars(_monthly_cost(), asked)).one()


@cache
def _monthly_cost() -> sa.Select[Decimal]:
    """Select it for ``id`` of ``account_id`` on ``day``: built once, as that takes its time."""
    day = sa.bindparam("day", type_=sa.Date())
    return (
        sa.select(total(by_month(ModuleSubscription, in_force(TariffPeriod, day), day)))
        .select_from(ModuleSubscription)
        .join(TariffPeriod, TariffPeriod.module_subscription_id == ModuleSubscription.id)
        .where(
            TariffPeriod.account_id == sa.bindparam("account_id"),
            ModuleSubscription.id == sa.bindparam("id"),
            covers(TariffPeriod, day),
        )
    )


async def currency_of(session: AsyncSession, account_id: UUID) -> str:
    """Give the currency (ISO 4217) in which an account pays."""
    found = await session.scalars(sa.select(Account.currency).where(Account.id == account_id))
    return found.one()
