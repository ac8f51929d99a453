"""When an order may begin."""

from datetime import date

import pytest

from portal.errors import InvalidInput, RuleBroken
from portal.rules.calendar import LAST_DAY
from portal.rules.contract.order import check_start

TODAY = date(2028, 2, 29)


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
