"""When a tariff may change, by when that must be asked for, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from portal.errors import RuleBroken, translatable
from portal.rules.books import check_books
from portal.rules.calendar import LAST_DAY, check_day
from portal.rules.modules.agreement import Agreement, routes_of
from portal.rules.modules.allowed_day import PeriodEnds
from portal.rules.modules.ending import (
    Ending,
    Nearest,
    endings,
    first_ending,
    wished_ending,
)
from portal.rules.modules.notice import Party
from portal.rules.modules.period import ONE_DAY, PeriodSeries
from portal.rules.modules.reason import Rule, Step
from portal.rules.modules.refused_day import refused_day
from portal.rules.modules.route import Route, deadline

_Refused = Mapping[Party, str]

_REFUSED: _Refused = {
    Party.CUSTOMER: translatable("The tariff cannot change on {day}"),
    Party.OPERATOR: translatable("The operator cannot change the tariff on {day}"),
}
FEWER_REFUSED: _Refused = {
    Party.CUSTOMER: translatable("There cannot be fewer from {day} on"),
    Party.OPERATOR: translatable("For the operator there cannot be fewer from {day} on"),
}


@dataclass(frozen=True, slots=True)
class TariffChange:
    """First day of a new tariff, the last day to ask for it, and the reasons.

    From ``counted_from`` the new tariff's initial term is counted. Without a first day none is
    left; without a deadline alone, a manager set the day. The reasons end in the first day.
    """

    starts_on: date | None
    deadline: date | None
    counted_from: date | None
    reasons: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """What is to be changed, and when that was asked for.

    ``present`` is the agreement under the present tariff. Where the present tariff marks the
    change as free of notice, ``free_after`` are its billing periods. ``term_continues`` is what
    the new tariff says of its initial term, ``asked_by`` the side that asks.
    """

    present: Agreement
    notice_day: date
    free_after: PeriodSeries | None = None
    term_continues: bool = False
    asked_by: Party = Party.CUSTOMER


def earliest_change(request: ChangeRequest) -> TariffChange:
    """First day on which the tariff may change."""
    return _after(first_ending(_routes(request), request.notice_day), request)


def possible_changes(request: ChangeRequest) -> Iterator[TariffChange]:
    """Every day on which the tariff may change, earliest first; computed as asked for."""
    for ending in endings(_routes(request), request.notice_day):
        if ending.last_day != LAST_DAY:
            yield _after(ending, request)


def is_rolling_change(request: ChangeRequest, starts_on: date) -> bool:
    """Whether the tariff may change on the day before too; then no deadline is one of its own."""
    return deadline(_routes(request), starts_on - 2 * ONE_DAY) is not None


def chosen_change(
    request: ChangeRequest, wished: date, refused: _Refused = _REFUSED
) -> TariffChange:
    """Change on a wished day; a day that is not allowed is refused with the nearest ones."""
    check_day(wished)
    ending = wished_ending(_routes(request), request.notice_day, wished - ONE_DAY)
    if isinstance(ending, Nearest):
        before, after = (_following(day) for day in (ending.before, ending.after))
        raise refused_day(refused[request.asked_by], wished, before, after)
    return _after(ending, request)


def deviating_change(
    request: ChangeRequest, day: date, *, books_closed_until: date | None = None
) -> TariffChange:
    """Change on a day that a manager sets, after one day at least under the present tariff."""
    check_day(day)
    check_books(day, books_closed_until)
    first = request.present.starts_on + ONE_DAY
    if day < first:
        raise refused_change(day, None, first)
    return TariffChange(day, None, _counted_from(request, day), (Step(Rule.DEVIATING_DAY, day),))


def refused_change(day: date, before: date | None, after: date | None) -> RuleBroken:
    """Refusal of a day on which the tariff may change for nobody."""
    return refused_day(_REFUSED[Party.CUSTOMER], day, before, after)


def _routes(request: ChangeRequest) -> tuple[Route, ...]:
    present = request.present
    if request.free_after is None:
        return routes_of(present)
    ends = PeriodEnds(request.free_after, present.starts_on, present.until)
    comparison = (Rule.EARLIER_CHANGE, "notice_day", "free_day")
    free = Route(ends, (Rule.END_OF_BILLING_PERIOD, ()), comparison=comparison)
    return (*routes_of(present), free)


def _after(ending: Ending, request: ChangeRequest) -> TariffChange:
    starts_on = _following(ending.last_day)
    if starts_on is None:
        return TariffChange(None, None, None, _without_day(ending))
    return TariffChange(
        starts_on,
        ending.deadline,
        _counted_from(request, starts_on),
        (*ending.reasons, Step(Rule.DAY_AFTER, starts_on)),
    )


def _without_day(ending: Ending) -> tuple[Step, ...]:
    if ending.last_day is None:
        return ending.reasons
    beyond = (("not_before", LAST_DAY), ("until", LAST_DAY))
    return (*ending.reasons, Step(Rule.NO_DAY_LEFT, None, beyond))


def _following(day: date | None) -> date | None:
    return None if day is None or day == LAST_DAY else day + ONE_DAY


def _counted_from(request: ChangeRequest, starts_on: date) -> date:
    return request.present.first_term_day if request.term_continues else starts_on
