"""Which deadlines bind for a further term when they are missed, and when one is reminded of."""

from datetime import date

import pytest

from portal.rules.address import PartyKind
from portal.rules.calendar import LAST_DAY
from portal.rules.catalogue.consumer import law_of
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.further_term import BindingDeadline, binding_deadline, reminder_is_due

DAYS, WEEKS, MONTHS = TermUnit
START = date(2024, 1, 15)


def renewed(initial, term, notice):
    return Terms(initial, Renewal.RENEWAL_TERM, term, notice, EndingDay.END_OF_TERM)


def by_calendar(ending_day, notice=1):
    initial = Term(0, MONTHS)
    return Terms(initial, Renewal.OPEN_ENDED, None, Term(notice, MONTHS), ending_day)


YEARLY = renewed(Term(12, MONTHS), Term(12, MONTHS), Term(3, MONTHS))
BY_ITSELF = Terms(Term(12, MONTHS), Renewal.NONE, None, Term(0, DAYS), EndingDay.END_OF_YEAR)


@pytest.mark.parametrize(
    ("terms", "today", "expected"),
    [
        (YEARLY, "2024-02-01", ("2024-10-14", "2025-01-14", "2026-01-14")),
        # On the last day it is not missed yet, on the day after it is.
        (YEARLY, "2024-10-14", ("2024-10-14", "2025-01-14", "2026-01-14")),
        (YEARLY, "2024-10-15", ("2025-10-14", "2026-01-14", "2027-01-14")),
        (
            renewed(Term(1, MONTHS), Term(1, MONTHS), Term(2, WEEKS)),
            "2024-01-20",
            ("2024-01-31", "2024-02-14", "2024-03-14"),
        ),
        (
            renewed(Term(0, DAYS), Term(10, DAYS), Term(3, DAYS)),
            "2024-01-20",
            ("2024-01-21", "2024-01-24", "2024-02-03"),
        ),
        (
            by_calendar(EndingDay.END_OF_QUARTER),
            "2024-02-10",
            ("2024-02-29", "2024-03-31", "2024-06-30"),
        ),
        (
            by_calendar(EndingDay.END_OF_YEAR, 2),
            "2024-02-10",
            ("2024-10-31", "2024-12-31", "2025-12-31"),
        ),
        # Nothing that lasts: a month more, a day more, or an end by itself.
        (by_calendar(EndingDay.END_OF_MONTH), "2024-02-10", None),
        (by_calendar(EndingDay.ANY_DAY), "2024-02-10", None),
        (BY_ITSELF, "2024-02-10", None),
    ],
)
def test_a_deadline_binds_for_a_further_term(terms, today, expected):
    found = binding_deadline(Agreement(START, terms), date.fromisoformat(today))
    assert found == (expected and BindingDeadline(*map(date.fromisoformat, expected)))


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        # After the initial term the law lets them go at any time.
        ("NL", None),
        ("DE", None),
        ("BE", None),
        ("AT", BindingDeadline(date(2024, 10, 14), date(2025, 1, 14), date(2026, 1, 14))),
    ],
)
def test_a_consumer_is_bound_where_no_law_forbids_it(country, expected):
    agreement = Agreement(START, YEARLY, law_of(PartyKind.CONSUMER, country, START))
    assert binding_deadline(agreement, date(2024, 6, 1)) == expected


def test_an_older_law_binds_for_a_shorter_term_than_the_tariff():
    agreed = date(2021, 1, 15)
    terms = renewed(Term(24, MONTHS), Term(24, MONTHS), Term(3, MONTHS))
    agreement = Agreement(agreed, terms, law_of(PartyKind.CONSUMER, "DE", agreed))
    assert binding_deadline(agreement, date(2022, 6, 1)) == BindingDeadline(
        date(2022, 10, 14), date(2023, 1, 14), date(2024, 1, 14)
    )


def test_at_the_end_of_the_calendar_nothing_binds():
    assert binding_deadline(Agreement(START, YEARLY), LAST_DAY) is None
    assert binding_deadline(Agreement(START, YEARLY), date(2199, 1, 1)) is None


@pytest.mark.parametrize(
    ("today", "is_due"),
    [
        ("2024-09-13", False),
        ("2024-09-14", True),
        ("2024-10-14", True),
        ("2024-10-15", False),
    ],
)
def test_a_reminder_is_due_thirty_days_before(today, is_due):
    assert reminder_is_due(date(2024, 10, 14), date.fromisoformat(today)) is is_due
