"""Days: from 1900 to 2199."""

from datetime import date

import pytest

from portal.errors import InvalidInput
from portal.rules.calendar import check_day


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2026, 2, 28), date(2199, 12, 31)])
def test_a_day_of_three_centuries_is_known(day):
    check_day(day)


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(2200, 1, 1), date.max])
def test_any_other_day_is_refused_at_its_path(day):
    with pytest.raises(InvalidInput) as refused:
        check_day(day, path=("input", "startsOn"))
    assert refused.value.message == "Must be a day from {first} to {last}."
    assert refused.value.values == {"first": date(1900, 1, 1), "last": date(2199, 12, 31)}
    assert refused.value.path == ("input", "startsOn")
