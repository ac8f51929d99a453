"""Closed books: a day in them changes no more, and only days that are over are closed."""

from datetime import date

import pytest

from portal.errors import RuleBroken
from portal.rules.books import check_books, check_closing

CLOSED, TODAY = date(2026, 4, 30), date(2026, 5, 5)


def test_a_day_in_them_is_refused():
    check_books(date(2026, 5, 1), CLOSED)
    check_books(CLOSED, None)
    with pytest.raises(RuleBroken, match="up to and including"):
        check_books(CLOSED, CLOSED)


def test_they_close_up_to_later_days_that_are_over():
    check_closing(date(2026, 5, 4), CLOSED, TODAY)
    check_closing(CLOSED, None, TODAY)
    with pytest.raises(RuleBroken, match="not over yet"):
        check_closing(TODAY, None, TODAY)
    with pytest.raises(RuleBroken, match="up to and including"):
        check_closing(CLOSED, CLOSED, TODAY)
