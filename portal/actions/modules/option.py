"""The days on which a module may end or change its tariff, as one side may choose them today."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice, takewhile

from portal.actions.modules.agreement import Standing
from portal.rules.modules.deadline import is_rolling
from portal.rules.modules.ending import Ending, earliest_ending, possible_endings
from portal.rules.modules.notice import Party
from portal.rules.modules.period import ONE_DAY
from portal.rules.modules.reason import Step, Subject
from portal.rules.modules.tariff_change import (
    ChangeRequest,
    TariffChange,
    earliest_change,
    is_rolling_change,
    possible_changes,
)


@dataclass(frozen=True, slots=True)
class Reachable:
    """A last day, or the first day of another tariff, by when it is asked for, and why.

    Without a day none is left.
    """

    day: date | None
    deadline: date | None
    reasons: tuple[Step, ...]
    subject: Subject


@dataclass(frozen=True, slots=True)
class Option:
    """A day that can be chosen today.

    ``days_left`` counts from today to the deadline, ``if_missed`` is what asking on the day after
    it leads to; where it ``is_rolling``, the day before could be chosen as well. ``monthly_cost``
    is that of today's prices.
    """

    day: date
    deadline: date
    days_left: int
    is_earliest: bool
    is_rolling: bool
    monthly_cost: Decimal
    reasons: tuple[Step, ...]
    subject: Subject
    if_missed: Reachable


def cancellation_options(standing: Standing, count: int, by: Party) -> list[Option]:
    """Give the first last days for notice that arrives today; none where none can be given."""
    agreement = standing.agreement(by)
    endings = map(_ending, possible_endings(agreement, standing.today))
    # What ends by itself is cancelled for an earlier day, or not at all.
    reachable = takewhile(lambda one: _is_before(one.day, standing.ends_on), endings)
    return _options(
        standing,
        islice(reachable, count),
        lambda day: _ending(earliest_ending(agreement, day)),
        lambda day: is_rolling(agreement, day),
    )


def tariff_change_options(standing: Standing, count: int, by: Party) -> list[Option]:
    """Give the first days on which another tariff may begin; none where none can be asked for."""

    def request(day: date) -> ChangeRequest:
        return standing.change_request(day, by, term_continues=False)

    changes = map(_change, possible_changes(request(standing.today)))
    # No day is left between two tariffs.
    end = standing.ends_on and standing.ends_on + 2 * ONE_DAY
    reachable = takewhile(lambda one: _is_before(one.day, end), changes)
    return _options(
        standing,
        islice(reachable, count),
        lambda day: _change(earliest_change(request(day))),
        lambda day: is_rolling_change(request(standing.today), day),
    )


def _options(
    standing: Standing,
    found: Iterable[Reachable],
    missed: Callable[[date], Reachable],
    rolls: Callable[[date], bool],
) -> list[Option]:
    return list(_each(standing, found, missed, rolls)) if standing.is_open else []


def _each(
    standing: Standing,
    found: Iterable[Reachable],
    missed: Callable[[date], Reachable],
    rolls: Callable[[date], bool],
) -> Iterator[Option]:
    for number, one in enumerate(found):
        if one.day is not None and one.deadline is not None:
            yield Option(
                day=one.day,
                deadline=one.deadline,
                days_left=(one.deadline - standing.today).days,
                is_earliest=number == 0,
                is_rolling=rolls(one.day),
                monthly_cost=standing.monthly_cost,
                reasons=one.reasons,
                subject=one.subject,
                if_missed=missed(one.deadline + ONE_DAY),
            )


def _ending(ending: Ending) -> Reachable:
    return Reachable(ending.last_day, ending.deadline, ending.reasons, Subject.NOTICE)


def _change(change: TariffChange) -> Reachable:
    return Reachable(change.starts_on, change.deadline, change.reasons, Subject.TARIFF_CHANGE)


def _is_before(day: date | None, end: date | None) -> bool:
    return day is not None and (end is None or day < end)
