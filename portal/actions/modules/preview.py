"""What a change does, read back after it was made: the days, the cost, and why.

Before it is kept or given up: the same for a preview and for the change itself.
"""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.coming_price import ComingPrice, coming_prices
from portal.actions.modules.cost import currency_of, monthly_cost
from portal.actions.modules.lost_key import Lost, lost
from portal.actions.modules.priced import monthly_before, noted_cost
from portal.actions.modules.standing import standing_of
from portal.actions.shown import AS_A_WHOLE, UNSAID
from portal.models import (
    BookedOption,
    ModuleSubscription,
    Notice,
    SubscriptionItemQuantity,
    TariffChange,
)
from portal.rules.modules.ending import earliest_ending
from portal.rules.modules.notice import Party
from portal.rules.modules.period import ONE_DAY
from portal.rules.modules.reason import Step, Subject
from portal.rules.modules.step_data import restored


@dataclass(frozen=True, slots=True)
class Shown:
    """What changes, and its days; what the module costs each month before and after; the reasons.

    ``earliest_end`` is for an order: the first day on which it may end, and ``deadline`` the last
    day of notice for that. Of any other change it is the last day to ask. Quantities and options
    that a change of tariff ``ends`` have no item in its price list; ``coming`` are prices that are
    published already for days after the first one. ``documents`` are what the next run would issue
    to the account: what this takes back of invoices, and what it adds; None for who may not see it.
    """

    subject: Subject = field(metadata=UNSAID)
    currency: str = field(metadata=UNSAID)
    starts_on: date | None
    ends_on: date | None
    earliest_end: date | None
    deadline: date | None
    monthly_before: Decimal
    monthly_after: Decimal
    reasons: tuple[Step, ...] = field(metadata=AS_A_WHOLE)
    ends: tuple[Lost, ...] = field(metadata=AS_A_WHOLE, default=())
    coming: tuple[ComingPrice, ...] = field(metadata=AS_A_WHOLE, default=())
    documents: tuple[Any, ...] | None = field(metadata=AS_A_WHOLE, default=None)

    def promised(self, token: str, valid_until: datetime) -> "Preview":
        """Give the preview of it."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return Preview(**told, token=token, valid_until=valid_until)


@dataclass(frozen=True, slots=True)
class Preview(Shown):
    """What was shown, and the token by which the change is made as shown."""

    token: str = field(kw_only=True)
    valid_until: datetime = field(kw_only=True)


async def shown_of_order(
    session: AsyncSession, subscription: ModuleSubscription, now: datetime
) -> Shown:
    """Give what an order did; its reasons are those of the first day on which it may end."""
    standing = await standing_of(session, subscription.id, now)
    ending = earliest_ending(standing.agreement(Party.CUSTOMER), standing.today)
    return Shown(
        subject=Subject.ORDER,
        currency=await currency_of(session, subscription.account_id),
        starts_on=subscription.starts_on,
        ends_on=subscription.ends_on,
        earliest_end=ending.last_day,
        deadline=ending.deadline,
        monthly_before=Decimal(0),
        monthly_after=await monthly_cost(session, subscription, subscription.starts_on),
        reasons=ending.reasons,
        coming=await coming_prices(session, subscription),
    )


async def shown_of_notice(session: AsyncSession, subscription: ModuleSubscription) -> Shown:
    """Give what a cancellation did."""
    notice = (
        await session.scalars(
            sa.select(Notice).where(
                Notice.account_id == subscription.account_id,
                Notice.module_subscription_id == subscription.id,
                Notice.withdrawn_at.is_(None),
            )
        )
    ).one()
    return Shown(
        subject=Subject.NOTICE,
        currency=await currency_of(session, subscription.account_id),
        starts_on=None,
        ends_on=notice.last_day,
        earliest_end=None,
        deadline=notice.deadline,
        monthly_before=await monthly_cost(session, subscription, notice.last_day),
        monthly_after=Decimal(0),
        reasons=restored(notice.steps),
    )


async def shown_of_tariff_change(session: AsyncSession, subscription: ModuleSubscription) -> Shown:
    """Give what a change of tariff did."""
    change = (
        await session.scalars(
            sa.select(TariffChange)
            .where(
                TariffChange.account_id == subscription.account_id,
                TariffChange.module_subscription_id == subscription.id,
                TariffChange.withdrawn_at.is_(None),
            )
            .order_by(TariffChange.starts_on.desc())
            .limit(1)
        )
    ).one()
    day_before = change.starts_on - ONE_DAY
    return Shown(
        subject=Subject.TARIFF_CHANGE,
        currency=await currency_of(session, subscription.account_id),
        starts_on=change.starts_on,
        ends_on=subscription.ends_on,
        earliest_end=None,
        deadline=change.deadline,
        monthly_before=await monthly_cost(session, subscription, day_before),
        monthly_after=await monthly_cost(session, subscription, change.starts_on),
        reasons=restored(change.steps),
        ends=tuple(await lost(session, change)),
        coming=await coming_prices(session, subscription),
    )


async def shown_of_notice_withdrawal(
    session: AsyncSession, subscription: ModuleSubscription
) -> Shown:
    """Give what taking a cancellation back did."""
    notice: Notice = await _withdrawn_last(session, Notice, subscription)
    return await _shown_of_withdrawal(
        session, subscription, Subject.NOTICE, notice.last_day + ONE_DAY
    )


async def shown_of_change_withdrawal(
    session: AsyncSession, subscription: ModuleSubscription
) -> Shown:
    """Give what taking a change of tariff back did."""
    change: TariffChange = await _withdrawn_last(session, TariffChange, subscription)
    return await _shown_of_withdrawal(
        session, subscription, Subject.TARIFF_CHANGE, change.starts_on
    )


async def _withdrawn_last(
    session: AsyncSession, model: Any, subscription: ModuleSubscription
) -> Any:
    found = await session.scalars(
        sa.select(model)
        .where(
            model.account_id == subscription.account_id,
            model.module_subscription_id == subscription.id,
            model.withdrawn_at.is_not(None),
        )
        .order_by(model.withdrawn_at.desc())
        .limit(1)
    )
    return found.one()


async def _shown_of_withdrawal(
    session: AsyncSession, subscription: ModuleSubscription, subject: Subject, turn: date
) -> Shown:
    """Give what a module goes on to cost from the day on that something else was to begin."""
    return Shown(
        subject=subject,
        currency=await currency_of(session, subscription.account_id),
        starts_on=None,
        ends_on=subscription.ends_on,
        earliest_end=None,
        deadline=None,
        monthly_before=noted_cost(session, turn),
        monthly_after=await monthly_cost(session, subscription, turn),
        reasons=(),
    )


async def shown_of_quantity(session: AsyncSession, subscription: ModuleSubscription) -> Shown:
    """Give what a change of a quantity did."""
    quantity = (
        await session.scalars(
            sa.select(SubscriptionItemQuantity)
            .where(
                SubscriptionItemQuantity.account_id == subscription.account_id,
                SubscriptionItemQuantity.module_subscription_id == subscription.id,
            )
            .order_by(SubscriptionItemQuantity.id.desc())
            .limit(1)
        )
    ).one()
    subject = Subject.QUANTITY
    return await _shown_of_counted(session, subject, subscription, quantity, quantity.starts_on)


async def shown_of_booking(session: AsyncSession, option: BookedOption) -> Shown:
    """Give what the booking of an additional option did."""
    return await _shown_of_option(session, option, option.starts_on)


async def shown_of_option_end(session: AsyncSession, option: BookedOption) -> Shown:
    """Give what the end of an additional option did."""
    last_day = option.ends_on or option.starts_on
    return await _shown_of_option(session, option, last_day + ONE_DAY)


async def _shown_of_option(session: AsyncSession, option: BookedOption, turn: date) -> Shown:
    subscription = await session.get_one(ModuleSubscription, option.module_subscription_id)
    subject = Subject.ADDITIONAL_OPTION
    return await _shown_of_counted(session, subject, subscription, option, turn)


async def _shown_of_counted(
    session: AsyncSession,
    subject: Subject,
    subscription: ModuleSubscription,
    row: SubscriptionItemQuantity | BookedOption,
    turn: date,
) -> Shown:
    """Give the days of so many of an item; what its module costs before a day and from then on."""
    return Shown(
        subject=subject,
        currency=await currency_of(session, subscription.account_id),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        earliest_end=None,
        deadline=row.deadline,
        monthly_before=await monthly_before(session, subscription, turn),
        monthly_after=await monthly_cost(session, subscription, turn),
        reasons=restored(row.steps),
    )
