"""When an order may begin, and what an account can have once at a time."""

from collections.abc import Iterable
from datetime import date

from portal.errors import RuleBroken
from portal.rules.calendar import LAST_DAY, check_day
from portal.rules.period import ONE_DAY, Period

_STARTS_ON = ("input", "startsOn")


def check_start(starts_on: date, today: date, *, may_lie_back: bool) -> None:
    """Refuse a first day that no contract can know, or that is over; a manager may set one."""
    check_day(starts_on, path=_STARTS_ON)
    if starts_on < today and not may_lie_back:
        raise RuleBroken(
            "A module starts on {today} at the earliest.", path=_STARTS_ON, today=today
        )


def check_single_booking(ordered: Period, runs: Iterable[Period]) -> None:
    """Refuse a second order of a module that an account can have once at a time.

    ``runs`` are the days on which it runs already, or will; without a known end, to the last day
    of the calendar.
    """
    others = [run for run in runs if run.last_day >= ordered.first_day]
    if all(run.first_day > ordered.last_day for run in others):
        return
    last_day = max(run.last_day for run in others)
    if last_day == LAST_DAY:
        raise RuleBroken(
            "This module can be had once at a time, and is ordered without a last day.",
            path=["input", "moduleId"],
        )
    raise RuleBroken(
        "This module can be had once at a time; it can be ordered again from {day} on.",
        path=_STARTS_ON,
        day=last_day + ONE_DAY,
    )
