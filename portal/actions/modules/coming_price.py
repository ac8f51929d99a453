"""Prices that are published already when somebody agrees to a tariff, and come later."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal.actions.modules.cost import monthly_cost
from portal.models import ModuleSubscription, PriceAnnouncement, TariffPeriod, TariffVersion
from portal.rules.modules.period import ONE_DAY


@dataclass(frozen=True, slots=True)
class ComingPrice:
    """From when another price list holds for a customer, and what its module costs by it."""

    version_id: UUID
    starts_on: date
    monthly: Decimal


async def coming_prices(
    session: AsyncSession, subscription: ModuleSubscription
) -> tuple[ComingPrice, ...]:
    """Give what comes after the first day of the latest tariff of a module, the earliest first."""
    period, version = TariffPeriod, TariffVersion
    day = version.valid_from_for_existing
    coming = (
        sa.select(version.id, day.label("starts_on"))
        .join(period, period.tariff_id == version.tariff_id)
        .where(
            period.account_id == subscription.account_id,
            period.module_subscription_id == subscription.id,
            version.is_published,
            version.valid_from > period.agreed_on,
            day > period.starts_on,
            sa.or_(period.ends_on.is_(None), day <= period.ends_on),
            period.starts_on
            == sa.select(sa.func.max(period.starts_on))
            .where(period.module_subscription_id == subscription.id)
            .correlate(None)
            .scalar_subquery(),
        )
        .order_by(day)
    )
    found: list[ComingPrice] = []
    for row in await session.execute(coming):
        cost = await monthly_cost(session, subscription, row.starts_on)
        found.append(ComingPrice(row.id, row.starts_on, cost))
    return tuple(found)


async def note_told(
    session: AsyncSession,
    subscription: ModuleSubscription,
    coming: tuple[ComingPrice, ...],
    now: datetime,
) -> None:
    """Keep that an account is told of coming prices, so that it is told when they are withdrawn."""
    connection = await session.connection()
    for one in coming:
        before = await monthly_cost(session, subscription, one.starts_on - ONE_DAY)
        told = {
            "id": uuid7(),
            "account_id": subscription.account_id,
            "tariff_version_id": one.version_id,
            "starts_on": one.starts_on,
            "monthly_before": before,
            "monthly_after": one.monthly,
            "announced_at": now,
        }
        # Once for an account, whatever else of the tariff it has.
        await connection.execute(insert(PriceAnnouncement).values(told).on_conflict_do_nothing())
