"""When an order may begin."""

from datetime import date

from portal.errors import RuleBroken
from portal.rules.calendar import check_day

_STARTS_ON = ("input", "startsOn")


def check_start(starts_on: date, today: date, *, may_lie_back: bool) -> None:
    """Refuse a first day that no contract can know, or that is over; a manager may set one."""
    check_day(starts_on, path=_STARTS_ON)
    if starts_on < today and not may_lie_back:
        raise RuleBroken(
            "A module starts on {today} at the earliest.", path=_STARTS_ON, today=today
        )
