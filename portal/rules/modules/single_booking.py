"""A module that an account can have once at a time never runs twice on one day.

The days on which a module runs reach, without a known end, to the last day of the calendar.
"""

from collections.abc import Iterable

from portal.errors import RuleBroken
from portal.rules.calendar import LAST_DAY
from portal.rules.modules.period import ONE_DAY, Period


def check_order(ordered: Period, runs: Iterable[Period]) -> None:
    """Refuse a second order; ``runs`` are the days on which the module runs already, or will."""
    others = [run for run in runs if run.last_day >= ordered.first_day]
    if all(run.first_day > ordered.last_day for run in others):
        return
    last = max(others, key=lambda run: run.last_day)
    if last.last_day == LAST_DAY:
        raise RuleBroken(
            "This module can be had once at a time, and is ordered from {day} on without a last"
            " day.",
            path=["input", "moduleId"],
            day=last.first_day,
        )
    raise RuleBroken(
        "This module can be had once at a time; it can be ordered again from {day} on.",
        path=["input", "startsOn"],
        day=last.last_day + ONE_DAY,
    )


def check_more_days(added: Period, runs: Iterable[Period]) -> None:
    """Refuse a later last day where the days that it adds are those of a later order."""
    met = [
        run.first_day
        for run in runs
        if run.first_day <= added.last_day and run.last_day >= added.first_day
    ]
    if met:
        raise RuleBroken(
            "This module can be had once at a time, and is ordered again from {day} on: it has to"
            " end before.",
            day=min(met),
        )
