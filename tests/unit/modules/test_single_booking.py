"""What is had once at a time."""

from datetime import date

import pytest

from portal.errors import RuleBroken
from portal.rules.calendar import LAST_DAY
from portal.rules.modules.period import Period
from portal.rules.modules.single_booking import check_more_days, check_order

ENDLESS = "This module can be had once at a time, and is ordered from {day} on without a last day."
AGAIN = "This module can be had once at a time; it can be ordered again from {day} on."
LATER = (
    "This module can be had once at a time, and is ordered again from {day} on: it has to end"
    " before."
)


def period(first, last):
    """Give a period in February 2028; None has no end."""
    return Period(date(2028, 2, first), date(2028, 2, last) if last else LAST_DAY)


@pytest.mark.parametrize(
    ("runs", "ordered"),
    [
        ([], (1, None)),
        ([(1, 9)], (10, None)),
        ([(10, None)], (1, 9)),
        ([(1, 4), (20, 25)], (5, 19)),
    ],
)
def test_one_after_another(runs, ordered):
    check_order(period(*ordered), [period(*run) for run in runs])


@pytest.mark.parametrize(
    ("runs", "ordered", "again"),
    [
        ([(1, None)], (1, None), 1),
        ([(20, None)], (1, None), 20),
        ([(20, None)], (1, 20), 20),
        ([(1, 10)], (10, None), date(2028, 2, 11)),
        ([(1, 10)], (5, 6), date(2028, 2, 11)),
        ([(1, 4), (10, 12), (20, 25)], (5, 11), date(2028, 2, 26)),
        ([(1, 10), (20, None)], (5, 11), 20),
    ],
)
def test_two_at_once(runs, ordered, again):
    with pytest.raises(RuleBroken) as refused:
        check_order(period(*ordered), [period(*run) for run in runs])
    fault = refused.value
    if isinstance(again, int):
        assert (fault.message, fault.path) == (ENDLESS, ("input", "moduleId"))
        assert fault.values == {"day": date(2028, 2, again)}
    else:
        assert (fault.message, fault.path) == (AGAIN, ("input", "startsOn"))
        assert fault.values == {"day": again}


@pytest.mark.parametrize(
    ("runs", "added"),
    [
        ([(1, 4)], (5, None)),
        ([(1, 4), (20, 25)], (5, 19)),
        ([(1, 4), (20, None)], (5, 19)),
    ],
)
def test_more_days_where_there_is_room(runs, added):
    check_more_days(period(*added), [period(*run) for run in runs])


@pytest.mark.parametrize(
    ("runs", "added", "later"),
    [
        ([(1, 4), (5, 9)], (5, 5), 5),
        ([(1, 5)], (5, 6), 1),
        ([(1, 4), (20, 25)], (5, 20), 20),
        ([(1, 4), (20, 25), (10, 12)], (5, None), 10),
        ([(1, 4), (20, None)], (5, None), 20),
    ],
)
def test_more_days_that_are_those_of_a_later_order(runs, added, later):
    with pytest.raises(RuleBroken) as refused:
        check_more_days(period(*added), [period(*run) for run in runs])
    assert refused.value.message == LATER
    assert refused.value.values == {"day": date(2028, 2, later)}
