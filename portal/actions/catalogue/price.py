"""Which prices hold on a day, and what they come to in a month; as SQL over the rows at hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portal.models import (
    Item,
    ModuleSubscription,
    PriceListSection,
    TariffPeriod,
    TariffVersion,
)
from portal.rules.catalogue.terms import ADDITIONAL_OPTION, PAYMENTS_IN_A_YEAR

_MONTHS_IN_A_YEAR = 12
_CENTS = 2


def is_in_force(period: Any, version: Any, day: Any) -> sa.ColumnElement[bool]:
    """Say whether the prices of a version hold on a day for the customer of a period.

    It reaches those who already have the tariff on its second first day; the one that was agreed to
    holds from the start. The latest of those that hold is the price list.
    """
    return sa.and_(
        version.tariff_id == period.tariff_id,
        sa.or_(version.valid_from_for_existing <= day, version.valid_from <= period.agreed_on),
    )


def covers(row: Any, day: Any) -> sa.ColumnElement[bool]:
    """Say whether a subscription or a period runs on a day."""
    return sa.and_(row.starts_on <= day, sa.or_(row.ends_on.is_(None), row.ends_on >= day))


def by_year(item: Any) -> sa.ColumnElement[int | None]:
    """Give how often in a year an item is billed; null for what does not come back."""
    return sa.case(
        *((item.billing_mode == mode.value, times) for mode, times in PAYMENTS_IN_A_YEAR.items())
    )


def line_by_month(item: Any) -> sa.ColumnElement[Decimal | None]:
    """Give what an item comes to in a month, half up to cents; null for what does not come back."""
    return sa.func.round(item.unit_price * by_year(item) / sa.literal(_MONTHS_IN_A_YEAR), _CENTS)


def by_month(period: Any, day: Any) -> sa.ScalarSelect[Decimal | None]:
    """Add up what a period's price list of a day comes to in a month; null for nothing.

    Without VAT, and without what is booked separately.
    """
    version, section, item = aliased(TariffVersion), aliased(PriceListSection), aliased(Item)
    in_force = (
        sa.select(version.id)
        .where(is_in_force(period, version, day))
        .order_by(version.valid_from.desc())
        .limit(1)
        .correlate_except(version)
        .scalar_subquery()
    )
    return (
        sa.select(sa.func.sum(line_by_month(item)))
        .select_from(section)
        .join(item, item.price_list_section_id == section.id)
        .where(section.tariff_version_id == in_force, item.key != ADDITIONAL_OPTION)
        .correlate_except(section, item)
        .scalar_subquery()
    )


def total(amounts: Any) -> sa.ColumnElement[Decimal]:
    """Add up amounts that are in cents: a total is the sum of what is shown, 0.00 for nothing."""
    return sa.func.round(sa.func.coalesce(sa.func.sum(amounts), 0), _CENTS)


async def monthly_cost(
    session: AsyncSession, subscription: ModuleSubscription, day: date
) -> Decimal:
    """Give what a module costs each month by the prices of a day; 0 on a day it does not run."""
    at = sa.literal(day, sa.Date())
    cost = sa.select(total(by_month(TariffPeriod, at))).where(
        TariffPeriod.account_id == subscription.account_id,
        TariffPeriod.module_subscription_id == subscription.id,
        covers(TariffPeriod, at),
    )
    return (await session.scalars(cost)).one()
