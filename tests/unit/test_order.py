"""When an order may begin, and what is had once at a time."""

from datetime import date

import pytest

from portal.errors import InvalidInput, RuleBroken
from portal.rules.calendar import LAST_DAY
from portal.rules.order import check_single_booking, check_start
from portal.rules.period import Period

TODAY = date(2028, 2, 29)
ENDLESS = "This module can be had once at a time, and is ordered without a last day."
AGAIN = "This module can be had once at a time; it can be ordered again from {day} on."


@pytest.mark.parametrize("may_lie_back", [True, False])
def test_today_and_later_are_good(may_lie_back):
    for day in (TODAY, date(2028, 3, 1), LAST_DAY):
        check_start(day, TODAY, may_lie_back=may_lie_back)


def test_who_may_sets_a_day_that_is_over():
    yesterday = date(2028, 2, 28)
    check_start(yesterday, TODAY, may_lie_back=True)
    with pytest.raises(RuleBroken) as refused:
        check_start(yesterday, TODAY, may_lie_back=False)
    assert (refused.value.path, refused.value.values) == (("input", "startsOn"), {"today": TODAY})


@pytest.mark.parametrize("may_lie_back", [True, False])
@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2200, 1, 1)])
def test_days_that_no_contract_knows_are_nobodys(day, may_lie_back):
    with pytest.raises(InvalidInput) as refused:
        check_start(day, TODAY, may_lie_back=may_lie_back)
    assert refused.value.path == ("input", "startsOn")


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
    check_single_booking(period(*ordered), [period(*run) for run in runs])


@pytest.mark.parametrize(
    ("runs", "ordered", "again"),
    [
        ([(1, None)], (1, None), None),
        ([(20, None)], (1, None), None),
        ([(20, None)], (1, 20), None),
        ([(1, 10)], (10, None), date(2028, 2, 11)),
        ([(1, 10)], (5, 6), date(2028, 2, 11)),
        ([(1, 4), (10, 12), (20, 25)], (5, 11), date(2028, 2, 26)),
        ([(1, 10), (20, None)], (5, 11), None),
    ],
)
def test_two_at_once(runs, ordered, again):
    with pytest.raises(RuleBroken) as refused:
        check_single_booking(period(*ordered), [period(*run) for run in runs])
    fault = refused.value
    if again is None:
        assert (fault.message, fault.path) == (ENDLESS, ("input", "moduleId"))
    else:
        assert (fault.message, fault.path) == (AGAIN, ("input", "startsOn"))
        assert fault.values == {"day": again}
