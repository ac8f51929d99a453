"""Everything that decides what a module subscription costs, as the engine in Python takes it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.errors import RuleBroken
from portal.models import (
    BookedOption,
    Item,
    ModuleSubscription,
    PriceListSection,
    SpecialAgreement,
    SubscriptionItemQuantity,
    TariffPeriod,
    TariffVersion,
)
from portal.rules.address import PartyKind
from portal.rules.modules.cost import (
    Agreed,
    Count,
    Priced,
    PricedItem,
    PricedPeriod,
    PriceList,
    first_dearer_day,
)


async def priced(session: AsyncSession, subscription: ModuleSubscription) -> Priced:
    """Read it, as it stands in this transaction."""
    periods = (await session.scalars(_of(TariffPeriod, subscription))).all()
    lists = await _price_lists(session, {period.tariff_id for period in periods})
    agreements = sa.select(SpecialAgreement).where(
        SpecialAgreement.account_id == subscription.account_id,
        SpecialAgreement.module_id == subscription.module_id,
    )
    return Priced(
        [
            PricedPeriod(one.starts_on, one.ends_on, one.agreed_on, tuple(lists[one.tariff_id]))
            for one in periods
        ],
        await _counts(session, SubscriptionItemQuantity, subscription),
        await _counts(session, BookedOption, subscription),
        [
            Agreed(
                one.kind,
                one.item_key,
                one.starts_on,
                one.ends_on,
                one.unit_price,
                one.discount_percent,
                one.vat_treatment,
            )
            for one in await session.scalars(agreements)
        ],
    )


def count_of(row: SubscriptionItemQuantity | BookedOption) -> Count:
    """Give how many of an item a row says there are."""
    return Count(row.item_key, row.quantity, row.starts_on, row.ends_on)


def check_not_dearer(
    before: Priced, after: Priced, today: date, kind: PartyKind | None, path: Sequence[str]
) -> None:
    """Refuse what makes days that are over dearer for a consumer."""
    if kind is PartyKind.CONSUMER:
        day = first_dearer_day(before, after, today)
        if day is not None:
            raise RuleBroken(
                "For a consumer nothing becomes dearer for days that are over: {day} would.",
                path=path,
                day=day,
            )


async def _price_lists(
    session: AsyncSession, tariff_ids: set[UUID]
) -> defaultdict[UUID, list[PriceList]]:
    rows = await session.execute(
        sa.select(TariffVersion, Item)
        .outerjoin(PriceListSection, PriceListSection.tariff_version_id == TariffVersion.id)
        .outerjoin(Item, Item.price_list_section_id == PriceListSection.id)
        .where(TariffVersion.tariff_id.in_(tariff_ids), TariffVersion.is_published)
        .order_by(TariffVersion.valid_from, PriceListSection.position, Item.position)
    )
    items: dict[TariffVersion, list[PricedItem]] = {}
    for version, item in rows:
        of_version = items.setdefault(version, [])
        if item is not None:
            of_version.append(
                PricedItem(item.key, item.unit_price, item.billing_mode, item.is_additional_option)
            )
    lists: defaultdict[UUID, list[PriceList]] = defaultdict(list)
    for version, found in items.items():
        first, second = version.valid_from, version.valid_from_for_existing
        # A published one has both.
        if first is not None and second is not None:
            lists[version.tariff_id].append(PriceList(first, second, tuple(found)))
    return lists


async def _counts(
    session: AsyncSession, model: Any, subscription: ModuleSubscription
) -> list[Count]:
    return [count_of(row) for row in await session.scalars(_of(model, subscription))]


def _of(model: Any, subscription: ModuleSubscription) -> sa.Select[Any]:
    return sa.select(model).where(
        model.account_id == subscription.account_id,
        model.module_subscription_id == subscription.id,
    )
