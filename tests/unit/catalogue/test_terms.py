"""Terms that a tariff may be saved with, and those it may not."""

from datetime import date

import pytest

from portal.errors import Several
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.catalogue.terms_check import can_be_longer, check_terms
from portal.rules.modules.period import day_after, notice_end

DAYS, WEEKS, MONTHS = TermUnit
ANY_DAY, END_OF_MONTH, END_OF_QUARTER, END_OF_YEAR, END_OF_TERM = EndingDay
RENEWAL_TERM, OPEN_ENDED, NONE = Renewal


def terms(initial, renewal, renewal_term, notice, ending_day):
    return Terms(initial, renewal, renewal_term, notice, ending_day)


@pytest.mark.parametrize(
    "sound",
    [
        terms(Term(0, DAYS), OPEN_ENDED, None, Term(0, DAYS), ANY_DAY),
        terms(Term(36, MONTHS), OPEN_ENDED, None, Term(2, WEEKS), END_OF_QUARTER),
        terms(Term(36, MONTHS), OPEN_ENDED, None, Term(24, MONTHS), END_OF_YEAR),
        terms(Term(36, MONTHS), RENEWAL_TERM, Term(12, MONTHS), Term(12, MONTHS), END_OF_TERM),
        terms(Term(0, MONTHS), RENEWAL_TERM, Term(1, MONTHS), Term(4, WEEKS), END_OF_TERM),
        terms(Term(1, DAYS), NONE, None, Term(3, MONTHS), END_OF_TERM),
        terms(Term(1_200, MONTHS), NONE, None, Term(0, MONTHS), ANY_DAY),
    ],
)
def test_sound_terms_are_saved(sound):
    check_terms(sound)


@pytest.mark.parametrize(
    ("broken", "faults"),
    [
        (
            terms(Term(12, MONTHS), RENEWAL_TERM, Term(0, MONTHS), Term(1, MONTHS), END_OF_TERM),
            {"renewalTerm": "Must be from {least} to {most}."},
        ),
        (
            terms(Term(12, MONTHS), RENEWAL_TERM, None, Term(1, MONTHS), END_OF_TERM),
            {"renewalTerm": "A contract that is renewed needs a renewal term."},
        ),
        (
            terms(Term(12, MONTHS), RENEWAL_TERM, Term(3, MONTHS), Term(4, MONTHS), END_OF_TERM),
            {"noticePeriod": "Must not be longer than the renewal term."},
        ),
        (
            terms(Term(12, MONTHS), RENEWAL_TERM, Term(1, MONTHS), Term(30, DAYS), END_OF_TERM),
            {"noticePeriod": "Must not be longer than the renewal term."},
        ),
        (
            terms(Term(12, MONTHS), RENEWAL_TERM, Term(12, MONTHS), Term(3, MONTHS), END_OF_YEAR),
            {"endingDay": "A contract that is renewed ends with a term alone."},
        ),
        (
            terms(Term(12, MONTHS), OPEN_ENDED, None, Term(3, MONTHS), END_OF_TERM),
            {"endingDay": "A contract that goes on open-ended ends with no term."},
        ),
        (
            terms(Term(12, MONTHS), OPEN_ENDED, Term(1, MONTHS), Term(0, DAYS), ANY_DAY),
            {"renewalTerm": "Only a contract that is renewed has a renewal term."},
        ),
        (
            terms(Term(0, DAYS), NONE, None, Term(0, DAYS), END_OF_TERM),
            {"initialTerm": "A contract that ends by itself needs an initial term."},
        ),
        (
            terms(Term(-1, DAYS), RENEWAL_TERM, Term(5_201, WEEKS), Term(-1, MONTHS), ANY_DAY),
            {
                "initialTerm": "Must be from {least} to {most}.",
                "renewalTerm": "Must be from {least} to {most}.",
                "noticePeriod": "Must be from {least} to {most}.",
                "endingDay": "A contract that is renewed ends with a term alone.",
            },
        ),
    ],
)
def test_broken_terms_are_refused_each_fault_with_its_path(broken, faults):
    with pytest.raises(Several) as refused:
        check_terms(broken)
    assert {fault.path: fault.message for fault in refused.value.problems} == {
        (name,): message for name, message in faults.items()
    }


def test_a_length_that_is_refused_says_what_it_may_be():
    zero = terms(Term(12, MONTHS), RENEWAL_TERM, Term(0, WEEKS), Term(0, DAYS), END_OF_TERM)
    with pytest.raises(Several) as refused:
        check_terms(zero)
    assert [fault.values for fault in refused.value.problems] == [{"least": 1, "most": 5_200}]


@pytest.mark.parametrize(
    ("one", "other", "longer"),
    [
        (Term(2, MONTHS), Term(1, MONTHS), True),
        (Term(1, MONTHS), Term(1, MONTHS), False),
        (Term(2, WEEKS), Term(14, DAYS), False),
        (Term(15, DAYS), Term(2, WEEKS), True),
        (Term(28, DAYS), Term(1, MONTHS), False),
        (Term(29, DAYS), Term(1, MONTHS), True),
        (Term(1, MONTHS), Term(30, DAYS), True),
        (Term(1, MONTHS), Term(31, DAYS), False),
        (Term(365, DAYS), Term(12, MONTHS), False),
        (Term(12, MONTHS), Term(365, DAYS), True),
        (Term(12, MONTHS), Term(366, DAYS), False),
    ],
)
def test_a_term_is_longer_where_it_can_be_from_any_day_on(one, other, longer):
    assert can_be_longer(one, other) is longer


@pytest.mark.parametrize("count", [1, 2, 6, 11, 12, 13])
def test_no_day_of_a_leap_cycle_makes_months_shorter_or_longer_than_said(count):
    every_day = [date.fromordinal(date(2095, 1, 1).toordinal() + day) for day in range(3_700)]
    term = Term(count, MONTHS)
    shortest = min((day_after(day, term) - day).days for day in every_day)
    longest = max((notice_end(day, term) - day).days for day in every_day)
    assert not can_be_longer(Term(shortest, DAYS), term)
    assert can_be_longer(Term(shortest + 1, DAYS), term)
    assert not can_be_longer(term, Term(longest, DAYS))
    assert can_be_longer(term, Term(longest - 1, DAYS))
