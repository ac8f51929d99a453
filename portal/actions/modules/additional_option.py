"""Additional options: booked beside a tariff, ended, and either undone before it takes effect.

Whoever calls holds the account's lock.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.books import check_open
from portal.actions.modules.agreement import Standing
from portal.actions.modules.asking import Asking
from portal.actions.modules.lost_key import end_lost
from portal.actions.modules.option_mail import tell_of_option
from portal.actions.modules.price_list import items_on
from portal.actions.modules.priced import check_not_dearer, note_before, priced
from portal.actions.modules.standing import standing_of
from portal.actions.modules.tariff_change import pending_change
from portal.errors import Conflict, NotFound, RuleBroken, faults_below
from portal.mail.modules.content import OptionChange
from portal.models import BookedOption, Item, ModuleSubscription
from portal.rules.calendar import check_within
from portal.rules.catalogue.terms import Term, Terms
from portal.rules.modules.additional_option import deviating_end
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.course import Course
from portal.rules.modules.ending import Ending, chosen_ending, earliest_ending
from portal.rules.modules.notice import Party, Wish
from portal.rules.modules.quantity import check_quantity
from portal.rules.modules.step_data import stored

_ID = ("input", "id")


@dataclass(frozen=True, slots=True)
class Booking:
    """An option by its key, how many of it, and from when on; today where no day is named."""

    item_key: str
    quantity: int = 1
    starts_on: date | None = None


async def book(
    session: AsyncSession, subscription: ModuleSubscription, wanted: Booking, asking: Asking
) -> BookedOption:
    """Book an option of the tariff from a day on; one that is over takes a reason."""
    standing = await standing_of(session, subscription.id, asking.now)
    check_quantity(wanted.quantity, ("input", "quantity"))
    starts_on = wanted.starts_on or max(standing.today, standing.starts_on)
    with faults_below("input", "startsOn"):
        check_within(starts_on, standing.starts_on, standing.ends_on)
    if starts_on < standing.today:
        await check_open(session, starts_on, ("input", "startsOn"))
        if asking.reason is None:
            raise RuleBroken("A day that is over needs a reason.", path=("input", "reason"))
    item = _option((await items_on(session, subscription, starts_on)).get(wanted.item_key))
    before = await priced(session, subscription)
    note_before(session, before)
    for one in before.options:
        if one.item_key == wanted.item_key and (one.ends_on is None or one.ends_on >= starts_on):
            raise RuleBroken(
                "This option is booked from {day} on already.",
                path=("input", "itemKey"),
                day=one.starts_on,
            )
    option = BookedOption(
        account_id=subscription.account_id,
        module_subscription_id=subscription.id,
        item_key=wanted.item_key,
        quantity=wanted.quantity,
        starts_on=starts_on,
        agreed_on=standing.today,
        notice_period_count=item.notice_period_count,
        notice_period_unit=item.notice_period_unit,
        ending_day=item.ending_day,
    )
    session.add(option)
    await session.flush()
    await _end_with_tariff(session, subscription, standing)
    after = await priced(session, subscription)
    path = ("input", "startsOn")
    check_not_dearer(before, after, standing.today, standing.partner_kind, path)
    await tell_of_option(session, standing, asking, option, OptionChange.BOOKED)
    return option


async def end(session: AsyncSession, option: BookedOption, asking: Asking, wish: Wish) -> None:
    """End an option on the day that is wished, or else on the earliest one.

    By its own notice terms, without any by those of its tariff; with its module at the latest.
    """
    standing = await standing_of(session, option.module_subscription_id, asking.now)
    check_endable(option, standing)
    wish.check(asking.reason)
    received_on = asking.arrival(standing)
    if wish.deviating is not None:
        await check_open(session, wish.deviating, wish.path)
    with faults_below(*wish.path):
        ending = _ending(option, standing, received_on, asking.by, wish)
        last_day = ending.last_day
        if last_day is None:
            raise RuleBroken("No day is left on which this option could end.")
        _check_earlier(option, standing, last_day)
    option.ends_on, option.deadline = last_day, ending.deadline
    option.steps = stored(ending.reasons)
    option.end_asked_by, option.end_received_on = asking.by, received_on
    # It ends before another tariff could end it.
    option.ended_by = option.previous_ends_on = None
    await session.flush()
    await tell_of_option(session, standing, asking, option, OptionChange.ENDED)


async def withdraw_booking(
    session: AsyncSession, option: BookedOption, asking: Asking
) -> ModuleSubscription:
    """Undo a booking before its first day."""
    subscription = await session.get_one(ModuleSubscription, option.module_subscription_id)
    standing = await standing_of(session, subscription.id, asking.now)
    check_withdrawable(option, standing)
    await session.delete(option)
    await session.flush()
    await tell_of_option(session, standing, asking, option, OptionChange.BOOKING_WITHDRAWN)
    return subscription


async def withdraw_end(session: AsyncSession, option: BookedOption, asking: Asking) -> None:
    """Let an option go on as if it had not been ended, while it still runs."""
    subscription = await session.get_one(ModuleSubscription, option.module_subscription_id)
    standing = await standing_of(session, subscription.id, asking.now)
    check_end_withdrawable(option, standing)
    if option.ended_by is None:
        option.ends_on = None
    option.previous_ends_on, option.deadline, option.steps = None, None, []
    option.end_asked_by = option.end_received_on = None
    # What changes at once is one version more.
    pending = await pending_change(session, subscription, standing.today)
    if pending is not None and option.ended_by is None:
        await end_lost(session, subscription, pending, [option])
    await session.flush()
    await tell_of_option(session, standing, asking, option, OptionChange.END_WITHDRAWN)


def check_withdrawable(option: BookedOption, course: Course) -> None:
    """Refuse to undo a booking from its first day on."""
    if option.starts_on <= course.today:
        raise RuleBroken(
            "A booking can be withdrawn before its first day, which was {day}; end it instead.",
            path=_ID,
            day=option.starts_on,
        )


def check_endable(option: BookedOption, course: Course) -> None:
    """Refuse to end what has ended, or has a last day already."""
    last_day = _own_last_day(option)
    if last_day is not None and last_day >= course.today:
        raise Conflict("This option ends on {day}; withdraw that first.", path=_ID, day=last_day)
    over = [day for day in (option.ends_on, course.ends_on) if day and day < course.today]
    if over:
        raise RuleBroken("This option has ended on {day}.", path=_ID, day=min(over))


def check_end_withdrawable(option: BookedOption, course: Course) -> None:
    """Refuse to take an end back that was not asked for, or is over."""
    last_day = _own_last_day(option)
    if last_day is None:
        raise RuleBroken("No end of this option is pending.", path=_ID)
    if last_day < course.today:
        raise RuleBroken("This option has ended on {day}.", path=_ID, day=last_day)


def _option(item: Item | None) -> Item:
    if item is None or not item.is_additional_option:
        raise NotFound(
            "The price list of that day has no such additional option.", path=("input", "itemKey")
        )
    return item


def _own_last_day(option: BookedOption) -> date | None:
    """Give the last day that somebody asked for, whatever a change of tariff does."""
    return option.ends_on if option.ended_by is None else option.previous_ends_on


def _ending(
    option: BookedOption, standing: Standing, received_on: date, by: Party, wish: Wish
) -> Ending:
    if wish.deviating is not None:
        return deviating_end(wish.deviating, option.starts_on)
    if standing.today < option.starts_on:
        raise RuleBroken(
            "This option begins on {day}; until then withdraw its booking.", day=option.starts_on
        )
    agreement = _agreement(option, standing, by)
    if wish.allowed is not None:
        return chosen_ending(agreement, received_on, wish.allowed, by)
    return earliest_ending(agreement, received_on)


def _agreement(option: BookedOption, standing: Standing, by: Party) -> Agreement:
    """Give what binds a side: the option's own terms, or those of the tariff."""
    count, unit, ending_day = (
        option.notice_period_count,
        option.notice_period_unit,
        option.ending_day,
    )
    if count is None or unit is None or ending_day is None:
        return standing.agreement(by)
    law = standing.law_on(option.agreed_on) if by is Party.CUSTOMER else None
    return Agreement(option.starts_on, Terms.of_option(Term(count, unit), ending_day), law)


def _check_earlier(option: BookedOption, standing: Standing, last_day: date) -> None:
    """Refuse an end on a day on which it would have ended anyhow."""
    ends = [day for day in (option.ends_on, standing.ends_on) if day is not None]
    if ends and last_day >= min(ends):
        raise RuleBroken("This option ends on {day} without that.", day=min(ends))


async def _end_with_tariff(
    session: AsyncSession, subscription: ModuleSubscription, standing: Standing
) -> None:
    pending = await pending_change(session, subscription, standing.today)
    if pending is not None:
        await end_lost(session, subscription, pending)
