"""How many of an item there are on a day or later."""

from datetime import date

import pytest

from portal.rules.modules.cost import Count
from portal.rules.modules.quantity import quantities_from

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
