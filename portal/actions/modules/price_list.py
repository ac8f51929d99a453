"""The items that a module subscription can have on a day, by their keys."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.catalogue.price import covers, in_force
from portal.errors import faults_below
from portal.models import Item, ModuleSubscription, PriceListSection, TariffPeriod
from portal.rules.form import line


async def items_on(
    session: AsyncSession, subscription: ModuleSubscription, day: date
) -> Mapping[str, Item]:
    """Give the items in force for a subscription on a day, options too; none when it is over."""
    at = sa.literal(day, sa.Date())
    version_id = (
        sa.select(in_force(TariffPeriod, at))
        .where(
            TariffPeriod.account_id == subscription.account_id,
            TariffPeriod.module_subscription_id == subscription.id,
            covers(TariffPeriod, at),
        )
        .scalar_subquery()
    )
    return await items_of(session, version_id)


async def items_of(session: AsyncSession, version_id: UUID | Any) -> Mapping[str, Item]:
    """Give the items of a version of a tariff."""
    items = await session.scalars(
        sa.select(Item)
        .join(PriceListSection, PriceListSection.id == Item.price_list_section_id)
        .where(Item.tariff_version_id == version_id)
        .order_by(PriceListSection.position, Item.position)
    )
    return {item.key: item for item in items}


def key_form(key: str, path: tuple[str, ...]) -> str:
    """Give the key of an item as it was sent, in its form."""
    with faults_below(*path):
        return line(key, Item.key.type.length)
