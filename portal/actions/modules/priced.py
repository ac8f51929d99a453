"""Everything that decides what a module subscription costs, as the engine in Python takes it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.cost import monthly_cost
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
from portal.rules.modules.period import ONE_DAY

_BEFORE = "portal.priced_before"


async def priced(session: AsyncSession, subscription: ModuleSubscription) -> Priced:
    """Read it, as it stands in this transaction."""
    return (await priced_of(session, [subscription]))[subscription.id]


async def priced_of(
    session: AsyncSession, subscriptions: Sequence[ModuleSubscription]
) -> dict[UUID, Priced]:
    """Read it of several, by their ids."""
    periods = await _by_subscription(session, TariffPeriod, subscriptions)
    tariff_ids = {period.tariff_id for found in periods.values() for period in found}
    lists = await _price_lists(session, tariff_ids)
    quantities = await _by_subscription(session, SubscriptionItemQuantity, subscriptions)
    options = await _by_subscription(session, BookedOption, subscriptions)
    agreements = await _agreements(session, subscriptions)
    return {
        one.id: Priced(
            [
                PricedPeriod(
                    period.starts_on,
                    period.ends_on,
                    period.agreed_on,
                    tuple(lists[period.tariff_id]),
                    period.tariff_id,
                )
                for period in periods[one.id]
            ],
            [count_of(row) for row in quantities[one.id]],
            [count_of(row) for row in options[one.id]],
            agreements[one.account_id, one.module_id],
        )
        for one in subscriptions
    }


def note_before(session: AsyncSession, before: Priced) -> None:
    """Keep what was, until the transaction is over, for what a preview shows beside what is."""
    session.info[_BEFORE] = before


async def monthly_before(
    session: AsyncSession, subscription: ModuleSubscription, turn: date
) -> Decimal:
    """Give what a module cost each month until a day; on its first day, what it would have."""
    if turn > subscription.starts_on:
        return await monthly_cost(session, subscription, turn - ONE_DAY)
    return noted_cost(session, turn)


def noted_cost(session: AsyncSession, day: date) -> Decimal:
    """Give what a module cost each month on a day by what was kept of before."""
    before: Priced = session.info[_BEFORE]
    return before.monthly_cost(day)


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
                PricedItem(
                    item.key,
                    item.unit_price,
                    item.billing_mode,
                    item.is_additional_option,
                    item.billing_basis,
                    item.vat_category,
                    item.id,
                )
            )
    lists: defaultdict[UUID, list[PriceList]] = defaultdict(list)
    for version, found in items.items():
        first, second = version.valid_from, version.valid_from_for_existing
        # A published one has both.
        if first is not None and second is not None:
            lists[version.tariff_id].append(PriceList(first, second, tuple(found)))
    return lists


async def _agreements(
    session: AsyncSession, subscriptions: Sequence[ModuleSubscription]
) -> defaultdict[tuple[UUID, UUID], list[Agreed]]:
    found: defaultdict[tuple[UUID, UUID], list[Agreed]] = defaultdict(list)
    rows = sa.select(SpecialAgreement).where(
        SpecialAgreement.account_id.in_({one.account_id for one in subscriptions}),
        SpecialAgreement.module_id.in_({one.module_id for one in subscriptions}),
    )
    for one in await session.scalars(rows):
        found[one.account_id, one.module_id].append(
            Agreed(
                one.kind,
                one.item_key,
                one.starts_on,
                one.ends_on,
                one.unit_price,
                one.discount_percent,
                one.vat_treatment,
            )
        )
    return found


async def _by_subscription(
    session: AsyncSession, model: Any, subscriptions: Sequence[ModuleSubscription]
) -> defaultdict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    rows = sa.select(model).where(
        model.account_id.in_({one.account_id for one in subscriptions}),
        model.module_subscription_id.in_([one.id for one in subscriptions]),
    )
    for row in await session.scalars(rows.order_by(model.starts_on)):
        found[row.module_subscription_id].append(row)
    return found
