"""What of a tariff's terms the law makes void for consumers, by country."""

from datetime import date

import pytest

from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.catalogue.void_terms import void_terms

NOW, BEFORE = date(2026, 1, 1), date(2022, 2, 28)
MONTH = Term(1, TermUnit.MONTHS)


def months(count):
    return Term(count, TermUnit.MONTHS)


def open_ended(initial=12, notice=MONTH):
    return Terms(months(initial), Renewal.OPEN_ENDED, None, notice, EndingDay.END_OF_QUARTER)


def renewed(renewal, notice=MONTH):
    return Terms(months(12), Renewal.RENEWAL_TERM, months(renewal), notice, EndingDay.END_OF_TERM)


@pytest.mark.parametrize(
    ("terms", "on", "found"),
    [
        (open_ended(), NOW, {"NL": ["endingDay"], "DE": ["endingDay"]}),
        (
            open_ended(24, months(2)),
            NOW,
            {
                "NL": ["initialTerm", "endingDay", "noticePeriod"],
                "DE": ["endingDay", "noticePeriod"],
            },
        ),
        (
            renewed(12, months(3)),
            NOW,
            {
                "NL": ["renewalTerm", "noticePeriod"],
                "DE": ["renewalTerm", "noticePeriod"],
                "BE": ["renewalTerm", "noticePeriod"],
            },
        ),
        # The older German law knew renewal terms of a year, and three months.
        (renewed(12, months(3)), BEFORE, {"NL": 2, "BE": 2}),
        (renewed(13, months(4)), BEFORE, {"NL": 2, "DE": ["renewalTerm", "noticePeriod"], "BE": 2}),
        (
            Terms(months(25), Renewal.NONE, None, months(3), EndingDay.ANY_DAY),
            NOW,
            {"NL": ["initialTerm"], "DE": ["initialTerm"]},
        ),
    ],
)
def test_what_is_void_is_told_country_by_country(terms, on, found):
    notes = {}
    for note in void_terms(terms, on):
        notes.setdefault(note.country, []).append(note.field)
    assert set(notes) == set(found)
    for country, fields in found.items():
        assert fields in (notes[country], len(notes[country]))


def test_terms_that_ask_for_less_than_the_law_are_not_void():
    lenient = Terms(months(0), Renewal.OPEN_ENDED, None, Term(0, TermUnit.DAYS), EndingDay.ANY_DAY)
    assert void_terms(lenient, NOW) == []
