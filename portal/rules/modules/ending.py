"""When a contract may end, by when notice must arrive for it, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.errors import translatable
from portal.rules.books import check_books
from portal.rules.calendar import check_day
from portal.rules.catalogue.terms import Term
from portal.rules.modules.agreement import Agreement, routes_of
from portal.rules.modules.notice import Party
from portal.rules.modules.period import ONE_DAY, Period, renewals
from portal.rules.modules.reason import Rule, Step
from portal.rules.modules.refused_day import refused_day
from portal.rules.modules.route import (
    Route,
    deadline,
    first_reached,
    last_reached,
    notice_period,
    reasons,
)


@dataclass(frozen=True, slots=True)
class Ending:
    """A last day, the last day of notice that is good for it, and the reasons.

    Without a last day none is left: the contract has ended by itself, or the calendar ends first.
    Without a deadline alone, a manager set the day. The reasons end in the last day.
    """

    last_day: date | None
    deadline: date | None
    reasons: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """Last days around one that is not allowed, where there are any."""

    before: date | None
    after: date | None


_REFUSED = {
    Party.CUSTOMER: translatable("The contract cannot end on {day}"),
    Party.OPERATOR: translatable("The operator cannot end the contract on {day}"),
}


def earliest_ending(agreement: Agreement, notice_day: date) -> Ending:
    """First day on which the contract may end, for notice that arrives on a day."""
    return first_ending(routes_of(agreement), notice_day)


def possible_endings(agreement: Agreement, notice_day: date) -> Iterator[Ending]:
    """Every day on which the contract may end, earliest first; computed as they are asked for."""
    return endings(routes_of(agreement), notice_day)


def ending_if_missed(agreement: Agreement, ending: Ending) -> Ending | None:
    """What notice on the day after a deadline leads to; nothing where there was no deadline."""
    if ending.deadline is None:
        return None
    return earliest_ending(agreement, ending.deadline + ONE_DAY)


def chosen_ending(
    agreement: Agreement, notice_day: date, wished: date, by: Party = Party.CUSTOMER
) -> Ending:
    """Ending on a wished day; a day that is not allowed is refused with the nearest ones.

    Where the operator gives notice, the refusal says so: the law protects the customer alone.
    """
    check_day(wished)
    ending = wished_ending(routes_of(agreement), notice_day, wished)
    if isinstance(ending, Nearest):
        raise refused_day(_REFUSED[by], wished, ending.before, ending.after)
    return ending


def deadline_of(agreement: Agreement, on: date) -> date | None:
    """Last day of notice that is good for a last day; none where the contract may not end then."""
    return deadline(routes_of(agreement), on)


def notice_period_of(agreement: Agreement, notice_day: date, on: date) -> Term | None:
    """Shortest notice period by which notice reaches a last day; none where it needs none."""
    return notice_period(routes_of(agreement), notice_day, on)


def deviating_ending(
    day: date, *, starts_on: date, books_closed_until: date | None = None
) -> Ending:
    """Ending on a day that a manager sets, while it runs and in books that are open."""
    check_day(day)
    check_books(day, books_closed_until)
    if day < starts_on:
        raise refused_day(_REFUSED[Party.CUSTOMER], day, None, starts_on)
    return Ending(day, None, (Step(Rule.DEVIATING_DAY, day),))


def running_term(agreement: Agreement, on: date) -> Period | None:
    """Initial or renewal term that a day belongs to; none where the contract goes on without."""
    begins, terms = agreement.first_term_day, agreement.terms
    initial = Period(begins, agreement.initial_term_end)
    if begins <= on <= initial.last_day:
        return initial
    if on < begins or terms.renewal_term is None:
        return None
    return renewals(begins, terms.initial_term, terms.renewal_term).around(on)


def first_ending(routes: Sequence[Route], notice_day: date, wished: date | None = None) -> Ending:
    """First ending by any route, on a wished day or after it."""
    chain = reasons(routes, notice_day, wished)
    day = chain[-1].outcome
    return Ending(day, None if day is None else deadline(routes, day), chain)


def endings(routes: Sequence[Route], notice_day: date) -> Iterator[Ending]:
    """Every ending by any route, earliest first."""
    ending = first_ending(routes, notice_day)
    while ending.last_day is not None:
        yield ending
        ending = first_ending(routes, notice_day, ending.last_day + ONE_DAY)


def wished_ending(routes: Sequence[Route], notice_day: date, wished: date) -> Ending | Nearest:
    """Ending on a wished day by any route, or else the nearest days on both sides."""
    after = first_reached(routes, notice_day, wished)
    if after == wished:
        return first_ending(routes, notice_day, wished)
    return Nearest(last_reached(routes, notice_day, wished), after)
