"""Cancelling a module, and taking that back."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.books import books_closed_until
from portal.actions.modules.agreement import Standing
from portal.actions.modules.asking import Asking
from portal.actions.modules.notice_mail import Confirmed, confirm
from portal.actions.modules.priced import note_before, priced
from portal.actions.modules.single_booking import check_last_day
from portal.actions.modules.standing import standing_of
from portal.errors import RuleBroken, faults_below
from portal.mail.modules.content import CancellationConfirmation, CancellationWithdrawn
from portal.models import ModuleSubscription, Notice, TariffPeriod
from portal.rules.modules.ending import Ending, chosen_ending, deviating_ending, earliest_ending
from portal.rules.modules.notice import NoticeReason, Party, Wish
from portal.writing.changes import apply_changes


async def give(
    session: AsyncSession,
    subscription: ModuleSubscription,
    asking: Asking,
    wish: Wish,
    reason_code: NoticeReason | None,
) -> Notice:
    """End a module on the day that is wished, or else on the earliest one; confirmed by mail.

    Whoever calls holds the account's lock.
    """
    standing = await standing_of(session, subscription.id, asking.now)
    received_on, last_day, ending = await decide(session, standing, asking, wish)
    notice = Notice(
        module_subscription_id=subscription.id,
        last_day=last_day,
        is_deviating=wish.deviating is not None,
        reason_code=reason_code,
        **asking.values(standing, received_on, ending.deadline, ending.reasons),
    )
    apply_changes(notice, {"comment": asking.comment})
    period = await session.get_one(TariffPeriod, standing.period_id)
    subscription.ends_on = period.ends_on = last_day
    session.add(notice)
    confirmed = Confirmed(standing, asking, notice.received_on)
    await confirm(
        session,
        confirmed,
        lambda about: CancellationConfirmation(
            last_day=notice.last_day,
            by_operator=asking.by is Party.OPERATOR,
            letter_of=asking.received_on,
            **about,
        ),
    )
    return notice


async def decide(
    session: AsyncSession, standing: Standing, asking: Asking, wish: Wish
) -> tuple[date, date, Ending]:
    """Give the day for which the notice counts, the last day, and the ending; or refuse it."""
    standing.check_open()
    wish.check(asking.reason)
    received_on = asking.arrival(standing)
    with faults_below(*wish.path):
        ending = await _ending(session, standing, received_on, asking.by, wish)
        if ending.last_day is None:
            raise RuleBroken("No day is left on which this module could end.")
        _refuse_needless(standing, ending, wish)
        await check_last_day(session, standing, ending.last_day)
    return received_on, ending.last_day, ending


async def withdraw(session: AsyncSession, subscription: ModuleSubscription, asking: Asking) -> None:
    """Let a module run on as if it had not been cancelled, while it still runs."""
    standing = await standing_of(session, subscription.id, asking.now)
    standing.check_notice_withdrawable(asking.role)
    note_before(session, await priced(session, subscription))
    found = await session.scalars(
        sa.select(Notice).where(
            Notice.account_id == subscription.account_id,
            Notice.module_subscription_id == subscription.id,
            Notice.withdrawn_at.is_(None),
        )
    )
    notice = found.one()
    asking.take_back(notice)
    with faults_below("input", "id"):
        await check_last_day(session, standing, notice.previous_ends_on)
    period = await session.get_one(TariffPeriod, standing.period_id)
    subscription.ends_on = period.ends_on = notice.previous_ends_on
    await confirm(
        session,
        Confirmed(standing, asking, standing.today),
        lambda about: CancellationWithdrawn(
            last_day=notice.last_day, by_operator=asking.by is Party.OPERATOR, **about
        ),
    )


async def _ending(
    session: AsyncSession, standing: Standing, received_on: date, by: Party, wish: Wish
) -> Ending:
    if wish.deviating is not None:
        return deviating_ending(
            wish.deviating,
            starts_on=standing.period_starts_on,
            books_closed_until=await books_closed_until(session),
        )
    agreement = standing.agreement(by)
    if wish.allowed is not None:
        return chosen_ending(agreement, received_on, wish.allowed, by)
    return earliest_ending(agreement, received_on)


def _refuse_needless(standing: Standing, ending: Ending, wish: Wish) -> None:
    """Refuse to end what ends by itself then, or sooner; a manager may let it end later."""
    ends_on, last_day = standing.ends_on, ending.last_day
    if ends_on is None or last_day is None or last_day < ends_on:
        return
    if last_day == ends_on or wish.deviating is None:
        raise RuleBroken("This module ends on {day} without notice.", day=ends_on)
