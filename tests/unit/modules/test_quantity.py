"""How many of an item there are on a day or later."""

from datetime import date

import pytest

from portal.errors import RuleBroken
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.cost import Count
from portal.rules.modules.notice import Wish
from portal.rules.modules.quantity import fewer_from, quantities_from
from portal.rules.modules.tariff_change import ChangeRequest

FIRST = Count("SEAT", 3, date(2024, 1, 1), date(2024, 3, 31))
SECOND = Count("SEAT", 5, date(2024, 6, 1), date(2024, 6, 30))
THIRD = Count("SEAT", 2, date(2024, 7, 1))
NEVER = Count("SEAT", 9, date(2024, 8, 1), date(2024, 7, 31))


@pytest.mark.parametrize(
    ("counts", "day", "quantities"),
    [
        ([], date(2024, 1, 1), [1]),
        ([FIRST], date(2024, 1, 1), [3, 1]),
        ([FIRST], date(2023, 12, 31), [1, 3, 1]),
        ([FIRST], date(2024, 3, 31), [3, 1]),
        ([FIRST], date(2024, 4, 1), [1]),
        # Between two of them there is one.
        ([FIRST, SECOND, THIRD], date(2024, 2, 1), [3, 1, 5, 2]),
        ([FIRST, SECOND, THIRD], date(2024, 6, 15), [5, 2]),
        ([FIRST, SECOND, THIRD], date(2030, 1, 1), [2]),
        # One that never came to hold.
        ([FIRST, NEVER], date(2024, 8, 1), [1]),
        ([FIRST, NEVER], date(2024, 3, 1), [3, 1]),
    ],
)
def test_what_holds_later_counts_too(counts, day, quantities):
    assert quantities_from(counts, day) == quantities


def test_at_the_end_of_the_calendar_no_day_is_left_for_fewer():
    none, notice = Term(0, TermUnit.MONTHS), Term(12, TermUnit.MONTHS)
    terms = Terms(none, Renewal.OPEN_ENDED, None, notice, EndingDay.ANY_DAY)
    request = ChangeRequest(Agreement(date(2199, 6, 1), terms), date(2199, 6, 1))
    with pytest.raises(RuleBroken) as refused:
        fewer_from(request, Wish("startsOn"))
    assert refused.value.message == "No day is left from which there could be fewer."
