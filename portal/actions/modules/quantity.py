"""How many of an item a subscription has: at the order, and later on.

Whoever calls holds the account's lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from portal.actions.books import check_open
from portal.actions.modules.agreement import Standing
from portal.actions.modules.asking import Asking
from portal.actions.modules.lost_key import end_lost
from portal.actions.modules.price_list import items_of, items_on, key_form
from portal.actions.modules.priced import check_not_dearer, count_of, note_before, priced
from portal.actions.modules.quantity_mail import tell_of_quantity
from portal.actions.modules.standing import standing_of
from portal.actions.modules.tariff_change import pending_change
from portal.errors import NotFound, PortalError, RuleBroken, Several, faults_below, gathered
from portal.models import Item, ModuleSubscription, SubscriptionItemQuantity, TariffVersion
from portal.rules.modules.cost import Count
from portal.rules.modules.notice import Party, Wish
from portal.rules.modules.period import ONE_DAY
from portal.rules.modules.quantity import (
    QuantityChange,
    check_countable,
    check_quantity,
    deviating_from,
    fewer_from,
    more_from,
    quantities_from,
)
from portal.rules.modules.step_data import stored

_KEY, _QUANTITY = ("input", "itemKey"), ("input", "quantity")


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many of an item, by its key."""

    item_key: str
    quantity: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """When there shall be so many of an item, and how many there would be without that."""

    wish: Wish
    quantity: int
    present: Sequence[Count]


async def check_order(
    session: AsyncSession, version: TariffVersion, wanted: Sequence[Wanted]
) -> None:
    """Refuse quantities that cannot be ordered under a version, each fault with its path."""
    items = await items_of(session, version.id) if wanted else {}
    faults: list[PortalError] = []
    for index, one in enumerate(wanted):
        with gathered(faults), faults_below(str(index)):
            check_quantity(one.quantity, ("quantity",))
            item = _item(items.get(one.item_key), ("itemKey",))
            check_countable(item.billing_mode, ("itemKey",), is_order=True)
            if one.item_key in {other.item_key for other in wanted[:index]}:
                raise RuleBroken("This item is named twice.", path=["itemKey"])
    if faults:
        raise Several(faults)


async def order(
    session: AsyncSession,
    subscription: ModuleSubscription,
    wanted: Sequence[Wanted],
    agreed_on: date,
    asked_by: Party,
) -> None:
    """Write how many of each item are ordered, from the first day on; they are checked."""
    session.add_all(
        SubscriptionItemQuantity(
            account_id=subscription.account_id,
            module_subscription_id=subscription.id,
            item_key=one.item_key,
            quantity=one.quantity,
            starts_on=subscription.starts_on,
            agreed_on=agreed_on,
            asked_by=asked_by,
        )
        for one in wanted
    )
    await session.flush()


async def change(
    session: AsyncSession,
    subscription: ModuleSubscription,
    asking: Asking,
    wish: Wish,
    wanted: Wanted,
) -> SubscriptionItemQuantity:
    """Let there be so many of an item from a day on: that is wished, or else the earliest one.

    There may be more from any day on, fewer as a change of tariff could take effect. What was
    to hold from that day on holds no more.
    """
    standing = await standing_of(session, subscription.id, asking.now)
    check_quantity(wanted.quantity, _QUANTITY)
    standing.check_not_over()
    wish.check(asking.reason)
    received_on = asking.arrival(standing)
    key = key_form(wanted.item_key, _KEY)
    rows = await _quantities(session, subscription, key)
    if wish.deviating is not None:
        await check_open(session, wish.deviating, wish.path)
    with faults_below(*wish.path):
        asked = _Asked(wish, wanted.quantity, [count_of(row) for row in rows])
        found = _found(standing, received_on, asking.by, asked)
    items = await items_on(session, subscription, found.starts_on)
    item = _item(items.get(key), _KEY)
    check_countable(item.billing_mode, _KEY, is_order=False)
    before = await priced(session, subscription)
    note_before(session, before)
    for row in rows:
        if row.starts_on >= found.starts_on:
            await session.delete(row)
        elif row.ends_on is None or row.ends_on >= found.starts_on:
            row.ends_on, row.ended_by, row.previous_ends_on = found.starts_on - ONE_DAY, None, None
    # Of one item no two quantities may overlap, not even between two statements.
    await session.flush()
    quantity = SubscriptionItemQuantity(
        account_id=subscription.account_id,
        module_subscription_id=subscription.id,
        item_key=key,
        quantity=wanted.quantity,
        starts_on=found.starts_on,
        agreed_on=received_on,
        asked_by=asking.by,
        deadline=found.deadline,
        steps=stored(found.reasons),
    )
    session.add(quantity)
    # The module counts the change.
    flag_modified(subscription, "ends_on")
    await session.flush()
    pending = await pending_change(session, subscription, standing.today)
    if pending is not None:
        await end_lost(session, subscription, pending)
    after = await priced(session, subscription)
    check_not_dearer(before, after, standing.today, standing.partner_kind, wish.path)
    await tell_of_quantity(session, standing, asking, quantity, item)
    return quantity


def _item(item: Item | None, path: tuple[str, ...]) -> Item:
    """Take an item of the price list; an additional option is booked, and has its number there."""
    if item is None or item.is_additional_option:
        raise NotFound("The price list of that day has no such item.", path=path)
    return item


def _found(standing: Standing, received_on: date, by: Party, asked: _Asked) -> QuantityChange:
    if asked.wish.deviating is not None:
        found = deviating_from(asked.wish.deviating, standing.starts_on, standing.ends_on)
    else:
        found = _allowed(standing, received_on, by, asked)
    if standing.ends_on is not None and found.starts_on > standing.ends_on:
        raise RuleBroken("This module ends on {day}, before that.", day=standing.ends_on)
    if set(quantities_from(asked.present, found.starts_on)) == {asked.quantity}:
        raise RuleBroken("There are {count} of it from then on already.", count=asked.quantity)
    return found


def _allowed(standing: Standing, received_on: date, by: Party, asked: _Asked) -> QuantityChange:
    first = max(standing.today, standing.starts_on)
    day = asked.wish.allowed or first
    if asked.quantity < max(quantities_from(asked.present, day)):
        request = standing.change_request(received_on, by, term_continues=False)
        return fewer_from(request, asked.wish)
    if day < first:
        raise RuleBroken("There may be more from {first} on at the earliest.", first=first)
    return more_from(day)


async def _quantities(
    session: AsyncSession, subscription: ModuleSubscription, key: str
) -> Sequence[SubscriptionItemQuantity]:
    rows = await session.scalars(
        sa.select(SubscriptionItemQuantity)
        .where(
            SubscriptionItemQuantity.account_id == subscription.account_id,
            SubscriptionItemQuantity.module_subscription_id == subscription.id,
            SubscriptionItemQuantity.item_key == key,
        )
        .order_by(SubscriptionItemQuantity.starts_on)
    )
    return rows.all()
