"""The deadlines that a calendar shows."""

from datetime import date

import pytest

from portal.rules.address import PartyKind
from portal.rules.calendar import LAST_DAY
from portal.rules.catalogue.consumer import law_of
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.deadline import Deadline, deadlines

DAYS, WEEKS, MONTHS = TermUnit
START, TODAY = date(2024, 1, 15), date(2024, 6, 1)
TWELVE, THREE = Term(12, MONTHS), Term(3, MONTHS)
YEARLY = Terms(TWELVE, Renewal.RENEWAL_TERM, TWELVE, THREE, EndingDay.END_OF_TERM)


def open_ended(initial, ending_day, notice=1):
    return Terms(Term(initial, MONTHS), Renewal.OPEN_ENDED, None, Term(notice, MONTHS), ending_day)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (YEARLY, [("2024-10-14", "2025-01-14"), ("2025-10-14", "2026-01-14")]),
        (
            open_ended(0, EndingDay.END_OF_QUARTER),
            [("2024-08-31", "2024-09-30"), ("2024-11-30", "2024-12-31")],
        ),
        # From the end of the initial term on it may end on any day.
        (open_ended(12, EndingDay.ANY_DAY), [("2024-12-14", "2025-01-14")]),
        (open_ended(0, EndingDay.ANY_DAY), []),
    ],
)
def test_deadlines_come_one_after_another_until_each_day_is_one(terms, expected):
    found = [*deadlines(Agreement(START, terms), TODAY, 2)]
    assert found == [Deadline(*map(date.fromisoformat, one)) for one in expected]


def test_the_law_lets_a_consumer_go_on_any_day_after_the_initial_term():
    agreement = Agreement(START, YEARLY, law_of(PartyKind.CONSUMER, "NL", START))
    assert [*deadlines(agreement, TODAY, 4)] == [Deadline(date(2024, 10, 14), date(2025, 1, 14))]
    assert [*deadlines(agreement, date(2024, 10, 15), 4)] == []


def test_at_the_end_of_the_calendar_there_is_none():
    assert [*deadlines(Agreement(START, YEARLY), LAST_DAY, 4)] == []


def test_the_day_before_prices_rise_is_told_apart():
    rise = date(2024, 8, 1)
    found = [*deadlines(Agreement(START, YEARLY, rises_on=(rise,)), TODAY, 2)]
    last_day = date(2024, 7, 31)
    assert found == [
        Deadline(last_day, last_day, is_before_rise=True),
        Deadline(date(2024, 10, 14), date(2025, 1, 14)),
    ]
