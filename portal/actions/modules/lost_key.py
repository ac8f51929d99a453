"""What ends with its order, or with a change of tariff to prices that lack its key.

Quantities and booked options.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.ended_key import last_with_key
from portal.actions.modules.price_list import items_on
from portal.models import BookedOption, ModuleSubscription, SubscriptionItemQuantity, TariffChange
from portal.rules.modules.period import ONE_DAY

_Counted = SubscriptionItemQuantity | BookedOption
_MODELS: tuple[type[_Counted], ...] = (SubscriptionItemQuantity, BookedOption)


@dataclass(frozen=True, slots=True)
class Lost:
    """So many of an item that end, on a last day."""

    item_key: str
    quantity: int
    last_day: date
    is_additional_option: bool


async def end_lost(
    session: AsyncSession,
    subscription: ModuleSubscription,
    change: TariffChange,
    rows: Iterable[_Counted] | None = None,
) -> None:
    """End what the price list of the new tariff has no item for, on the day before it begins.

    Without rows, among all that the change reaches.
    """
    items = await items_on(session, subscription, change.starts_on)
    for row in await _reaching(session, subscription, change) if rows is None else rows:
        item = items.get(row.item_key)
        ended = await session.scalar(
            sa.select(last_with_key(type(row))).where(type(row).id == row.id)
        )
        is_over = ended is not None and ended < change.starts_on
        if not is_over and item and item.is_additional_option is isinstance(row, BookedOption):
            continue
        row.previous_ends_on, row.ended_by = row.ends_on, change.id
        # What has not begun by then never does; what a version ended does not come back.
        row.ends_on = ended if is_over else max(change.starts_on, row.starts_on) - ONE_DAY
    await session.flush()


async def revive(session: AsyncSession, change: TariffChange) -> None:
    """Let what ended with a change of tariff go on, as if that had never been."""
    for row in await _lost_by(session, change):
        row.ends_on, row.ended_by, row.previous_ends_on = row.previous_ends_on, None, None
    await session.flush()


async def remove_all(session: AsyncSession, subscription: ModuleSubscription) -> None:
    """Remove every quantity and option of an order that is withdrawn."""
    for model in _MODELS:
        of_order = model.module_subscription_id == subscription.id
        for row in await _read(session, model, of_order, subscription.account_id):
            await session.delete(row)


async def lost(session: AsyncSession, change: TariffChange) -> list[Lost]:
    """Give what ends with a change of tariff, by its key."""
    return [
        Lost(row.item_key, row.quantity, row.ends_on, isinstance(row, BookedOption))
        for row in await _lost_by(session, change)
        if row.ends_on is not None
    ]


async def _lost_by(session: AsyncSession, change: TariffChange) -> list[_Counted]:
    found: list[_Counted] = []
    for model in _MODELS:
        found += await _read(session, model, model.ended_by == change.id, change.account_id)
    return found


async def _reaching(
    session: AsyncSession, subscription: ModuleSubscription, change: TariffChange
) -> Iterable[_Counted]:
    found: list[_Counted] = []
    for model in _MODELS:
        reaches = sa.and_(
            model.module_subscription_id == subscription.id,
            sa.or_(model.ends_on.is_(None), model.ends_on >= change.starts_on),
        )
        found += await _read(session, model, reaches, change.account_id)
    return found


async def _read(
    session: AsyncSession, model: Any, where: sa.ColumnElement[bool], account_id: UUID
) -> Iterable[_Counted]:
    rows = sa.select(model).where(model.account_id == account_id, where)
    found: Iterable[_Counted] = await session.scalars(
        rows.order_by(model.item_key, model.starts_on)
    )
    return found
