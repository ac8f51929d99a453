"""The time line of a module, as it is drawn."""

from datetime import date

import pytest

from portal.language.phrase import Translated
from portal.rules.address import PartyKind
from portal.rules.catalogue.consumer import law_of
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.course import Course, Pending
from portal.rules.modules.notice import Party
from portal.rules.modules.timeline import timeline

DAYS, WEEKS, MONTHS = TermUnit
START = date(2024, 1, 15)
TWELVE, THREE, ONE = Term(12, MONTHS), Term(3, MONTHS), Term(1, MONTHS)
YEARLY = Terms(TWELVE, Renewal.RENEWAL_TERM, TWELVE, THREE, EndingDay.END_OF_TERM)
BY_ITSELF = Terms(TWELVE, Renewal.NONE, None, Term(0, DAYS), EndingDay.ANY_DAY)


def open_ended(initial, ending_day, notice=ONE):
    return Terms(Term(initial, MONTHS), Renewal.OPEN_ENDED, None, notice, ending_day)


def course(today, ends_on=None, pending=None, starts_on=START):
    """Give the course of a module on a day."""
    return Course(
        module=Translated("Telefonie", {}),
        today=date.fromisoformat(today),
        starts_on=starts_on,
        ends_on=ends_on and date.fromisoformat(ends_on),
        pending=pending,
    )


def drawn(found):
    """Give spans and marks in short."""
    spans = [
        (one.kind, f"{one.starts_on}", one.ends_on and f"{one.ends_on}") for one in found.spans
    ]
    marks = [(one.kind, f"{one.day}") for one in found.marks]
    return spans, marks


def test_a_yearly_contract_has_fixed_deadlines_and_the_terms_up_to_the_last_days_shown():
    found = timeline(course("2024-06-01"), Agreement(START, YEARLY))
    assert drawn(found) == (
        [
            ("INITIAL_TERM", "2024-01-15", "2025-01-14"),
            ("RENEWAL_TERM", "2025-01-15", "2026-01-14"),
            ("RENEWAL_TERM", "2026-01-15", "2027-01-14"),
        ],
        [
            ("FIRST_DAY", "2024-01-15"),
            ("TODAY", "2024-06-01"),
            ("DEADLINE", "2024-10-14"),
            ("POSSIBLE_LAST_DAY", "2025-01-14"),
            ("POSSIBLE_LAST_DAY", "2026-01-14"),
            ("POSSIBLE_LAST_DAY", "2027-01-14"),
        ],
    )
    assert (found.is_rolling, found.notice_period) == (False, THREE)
    dated = [(one.deadline, one.last_day) for one in found.marks[2:4]]
    assert dated == [(None, date(2025, 1, 14)), (date(2024, 10, 14), None)]


def test_what_is_over_is_one_span():
    found = timeline(course("2026-12-01"), Agreement(START, YEARLY))
    assert drawn(found)[0][:2] == [
        ("EARLIER", "2024-01-15", "2026-01-14"),
        ("RENEWAL_TERM", "2026-01-15", "2027-01-14"),
    ]


@pytest.mark.parametrize(
    ("today", "rolling", "marks"),
    [
        # While the initial term binds, its last day has a deadline of its own.
        (
            "2024-06-01",
            False,
            [("DEADLINE", "2024-12-14"), ("POSSIBLE_LAST_DAY", "2025-01-14")],
        ),
        ("2025-03-01", True, [("POSSIBLE_LAST_DAY", "2025-04-01")]),
    ],
)
def test_where_it_may_end_on_any_day_deadlines_roll(today, rolling, marks):
    found = timeline(course(today), Agreement(START, open_ended(12, EndingDay.ANY_DAY)))
    spans, drawn_marks = drawn(found)
    assert ("OPEN_ENDED", "2025-01-15", None) in spans
    assert drawn_marks[2:] == marks
    assert (found.is_rolling, found.notice_period) == (rolling, ONE)


def test_without_an_initial_term_it_is_open_from_its_first_day_on():
    found = timeline(course("2024-06-10"), Agreement(START, open_ended(0, EndingDay.END_OF_MONTH)))
    spans, marks = drawn(found)
    assert spans == [("OPEN_ENDED", "2024-01-15", None)]
    assert marks[2:4] == [("DEADLINE", "2024-06-30"), ("POSSIBLE_LAST_DAY", "2024-07-31")]


def test_the_law_gives_a_consumer_its_own_notice_period():
    agreement = Agreement(START, YEARLY, law_of(PartyKind.CONSUMER, "NL", START))
    found = timeline(course("2025-03-01"), agreement)
    assert (found.is_rolling, found.notice_period) == (True, ONE)
    assert drawn(found)[1][2:] == [("POSSIBLE_LAST_DAY", "2025-04-01")]


def test_before_its_first_day_it_shows_what_is_to_come():
    found = timeline(course("2024-01-01"), Agreement(START, YEARLY))
    assert drawn(found) == (
        [("INITIAL_TERM", "2024-01-15", "2025-01-14")],
        [("TODAY", "2024-01-01"), ("FIRST_DAY", "2024-01-15")],
    )
    assert found.notice_period is None


@pytest.mark.parametrize("today", ["2024-06-01", "2024-09-01"])
def test_a_cancellation_cuts_it_off(today):
    pending = Pending(Party.CUSTOMER, date(2024, 7, 31), True)
    agreement = Agreement(START, open_ended(0, EndingDay.END_OF_MONTH))
    spans, marks = drawn(timeline(course(today, "2024-07-31", pending), agreement))
    assert spans == [("OPEN_ENDED", "2024-01-15", "2024-07-31")]
    assert sorted(marks) == [
        ("FIRST_DAY", "2024-01-15"),
        ("LAST_DAY", "2024-07-31"),
        ("TODAY", today),
    ]


def test_a_change_of_tariff_is_a_span_of_its_own():
    pending = Pending(Party.CUSTOMER, date(2025, 1, 15), False)
    found = timeline(course("2024-06-01", pending=pending), Agreement(START, YEARLY))
    assert drawn(found) == (
        [("INITIAL_TERM", "2024-01-15", "2025-01-14"), ("NEXT_TARIFF", "2025-01-15", None)],
        [
            ("FIRST_DAY", "2024-01-15"),
            ("TODAY", "2024-06-01"),
            ("TARIFF_CHANGE", "2025-01-15"),
        ],
    )


def test_a_change_before_the_end_of_the_initial_term_leaves_no_open_end():
    pending = Pending(Party.OPERATOR, date(2024, 8, 1), False)
    agreement = Agreement(START, open_ended(12, EndingDay.ANY_DAY))
    found = timeline(course("2024-06-01", pending=pending), agreement)
    assert drawn(found)[0] == [
        ("INITIAL_TERM", "2024-01-15", "2024-07-31"),
        ("NEXT_TARIFF", "2024-08-01", None),
    ]


def test_what_ends_by_itself_is_cancelled_for_no_later_day():
    found = timeline(course("2024-06-01", "2025-01-14"), Agreement(START, BY_ITSELF))
    assert drawn(found) == (
        [("INITIAL_TERM", "2024-01-15", "2025-01-14")],
        [("FIRST_DAY", "2024-01-15"), ("TODAY", "2024-06-01"), ("LAST_DAY", "2025-01-14")],
    )


def test_a_term_that_goes_on_after_a_change_began_before_it():
    agreement = Agreement(date(2024, 5, 1), YEARLY, counted_from=START)
    spans, _ = drawn(timeline(course("2024-06-01"), agreement))
    assert spans[0] == ("INITIAL_TERM", "2024-01-15", "2025-01-14")


def test_prices_that_rise_are_a_mark_and_the_day_before_needs_no_notice():
    agreement = Agreement(START, YEARLY, rises_on=(date(2024, 9, 1),))
    found = timeline(course("2024-06-01"), agreement)
    assert drawn(found)[1][2:4] == [
        ("DEADLINE", "2024-08-31"),
        ("POSSIBLE_LAST_DAY", "2024-08-31"),
    ]
    assert ("PRICE_RISE", "2024-09-01") in drawn(found)[1]
    assert found.notice_period is None


def test_a_contract_that_only_its_ending_by_itself_is_left_of_has_what_is_over():
    """After the day on which it ended there is no term any more."""
    agreement = Agreement(
        START, Terms(Term(0, DAYS), Renewal.NONE, None, Term(0, DAYS), EndingDay.ANY_DAY)
    )
    found = timeline(course("2024-06-01", "2024-01-15"), agreement)
    assert drawn(found)[0] == [("EARLIER", "2024-01-15", "2024-01-15")]
