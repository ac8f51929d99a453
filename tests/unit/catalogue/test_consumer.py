"""When the law lets a consumer go."""

from datetime import date

import pytest

from portal.rules.address import PartyKind
from portal.rules.catalogue.consumer import law_of
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.ending import earliest_ending
from portal.rules.modules.reason import Rule
from tests.saying import sentences

DAYS, WEEKS, MONTHS = TermUnit
CONSUMER, BUSINESS = PartyKind.CONSUMER, PartyKind.BUSINESS


def renewed(initial, renewal, notice):
    return Terms(
        Term(initial, MONTHS),
        Renewal.RENEWAL_TERM,
        Term(renewal, MONTHS),
        notice,
        EndingDay.END_OF_TERM,
    )


YEAR = renewed(12, 12, Term(3, MONTHS))
THREE_YEARS = renewed(36, 24, Term(6, MONTHS))


def earliest(terms, country, start, notice, kind=CONSUMER):
    """Give the earliest last day of what was agreed on its first day, and its deadline."""
    agreement = Agreement(start, terms, law_of(kind, country, start))
    ending = earliest_ending(agreement, notice)
    return str(ending.last_day), str(ending.deadline)


@pytest.mark.parametrize(
    ("kind", "country", "agreed", "name"),
    [
        (BUSINESS, "NL", date(2024, 1, 1), None),
        (CONSUMER, "AT", date(2024, 1, 1), None),
        (CONSUMER, "BE", date(2010, 1, 1), "WER VI.91"),
        (CONSUMER, "NL", date(2024, 1, 1), "BW 6:236 (j), 6:237 (k)"),
        (CONSUMER, "NL", date(2005, 1, 1), "BW 6:236 (j), 6:237 (k)"),
        (CONSUMER, "DE", date(2022, 3, 1), "BGB 309 no. 9"),
        (CONSUMER, "DE", date(2022, 2, 28), "BGB 309 no. 9 (until 28 February 2022)"),
        (CONSUMER, "DE", date(1977, 3, 31), None),
    ],
)
def test_the_law_follows_from_the_partner_and_the_day_of_agreement(kind, country, agreed, name):
    law = law_of(kind, country, agreed)
    assert (law and law.name) == name


@pytest.mark.parametrize(
    ("notice", "last_day", "deadline"),
    [
        # To the end of the initial term the tariff's three months count.
        (date(2024, 9, 30), "2024-12-31", "2024-09-30"),
        # Notice arrives before the renewal, and is good for any day after it.
        (date(2024, 10, 1), "2025-01-01", "2024-12-01"),
        (date(2024, 12, 2), "2025-01-02", "2024-12-02"),
        (date(2025, 1, 31), "2025-02-28", "2025-01-31"),
        (date(2025, 9, 30), "2025-10-30", "2025-09-30"),
        (date(2025, 11, 30), "2025-12-30", "2025-11-30"),
    ],
)
def test_in_the_netherlands_every_day_after_the_initial_term_is_good(notice, last_day, deadline):
    assert earliest(YEAR, "NL", date(2024, 1, 1), notice) == (last_day, deadline)


def test_in_the_netherlands_an_initial_term_binds_for_a_year():
    assert earliest(THREE_YEARS, "NL", date(2024, 1, 1), date(2024, 2, 1)) == (
        "2025-01-01",
        "2024-12-01",
    )


def test_the_shorter_of_the_tariff_s_notice_and_a_month_counts():
    short = renewed(12, 12, Term(2, WEEKS))
    assert earliest(short, "NL", date(2024, 1, 1), date(2025, 1, 31))[0] == "2025-02-14"
    # Thirty days are shorter than January's month, and longer than February's.
    thirty = renewed(12, 12, Term(30, DAYS))
    assert earliest(thirty, "NL", date(2024, 1, 1), date(2025, 1, 10))[0] == "2025-02-09"
    assert earliest(thirty, "NL", date(2024, 1, 1), date(2025, 2, 10))[0] == "2025-03-10"


def test_a_dutch_contract_from_before_the_law_is_reached_by_it():
    start = date(2008, 1, 1)
    assert earliest(YEAR, "NL", start, date(2011, 9, 30)) == ("2011-12-31", "2011-09-30")
    # Notice that arrived before the law counts as if it arrived on the law's first day.
    assert earliest(YEAR, "NL", start, date(2011, 10, 1)) == ("2012-01-01", "2011-12-01")
    assert earliest(YEAR, "NL", start, date(2011, 12, 5)) == ("2012-01-05", "2011-12-05")


def test_in_germany_one_month_is_enough_to_the_end_of_the_initial_term_too():
    start = date(2022, 3, 1)
    assert earliest(YEAR, "DE", start, date(2023, 1, 31)) == ("2023-02-28", "2023-01-31")
    assert earliest(YEAR, "DE", start, date(2023, 2, 1)) == ("2023-03-01", "2023-02-01")
    assert earliest(THREE_YEARS, "DE", start, date(2023, 1, 31))[0] == "2024-02-29"


def test_in_germany_older_contracts_keep_the_older_law():
    start = date(2022, 2, 1)
    assert earliest(YEAR, "DE", start, date(2022, 10, 31)) == ("2023-01-31", "2022-10-31")
    assert earliest(YEAR, "DE", start, date(2022, 11, 1)) == ("2024-01-31", "2023-10-31")
    # Two years at most, renewed by a year at most, three months' notice at most.
    assert earliest(THREE_YEARS, "DE", start, date(2023, 10, 31)) == ("2024-01-31", "2023-10-31")
    assert earliest(THREE_YEARS, "DE", start, date(2023, 11, 1))[0] == "2025-01-31"


def test_the_older_german_law_shortens_other_contracts_too():
    start, notice = date(2020, 5, 15), date(2022, 1, 1)
    open_ended = Terms(
        Term(36, MONTHS), Renewal.OPEN_ENDED, None, Term(1, MONTHS), EndingDay.END_OF_MONTH
    )
    assert earliest(open_ended, "DE", start, notice)[0] == "2022-05-31"
    by_itself = Terms(Term(60, MONTHS), Renewal.NONE, None, Term(1, MONTHS), EndingDay.END_OF_TERM)
    assert earliest(by_itself, "DE", start, notice) == ("2022-05-14", "2022-04-14")
    assert earliest(by_itself, "DE", start, date(2024, 5, 1)) == ("2025-05-14", "2025-05-14")


@pytest.mark.parametrize(
    ("notice", "last_day", "deadline"),
    [
        # To the end of the initial term the tariff's six months count.
        (date(2026, 6, 30), "2026-12-31", "2026-06-30"),
        (date(2026, 7, 1), "2027-01-01", "2026-11-01"),
        (date(2026, 12, 31), "2027-02-28", "2026-12-31"),
        (date(2027, 3, 15), "2027-05-15", "2027-03-15"),
    ],
)
def test_in_belgium_every_day_after_a_renewal_is_good_with_two_months(notice, last_day, deadline):
    """An initial term of three years binds there."""
    assert earliest(THREE_YEARS, "BE", date(2024, 1, 1), notice) == (last_day, deadline)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(Term(36, MONTHS), Renewal.OPEN_ENDED, None, Term(6, MONTHS), EndingDay.END_OF_YEAR),
        Terms(Term(36, MONTHS), Renewal.NONE, None, Term(0, MONTHS), EndingDay.END_OF_TERM),
    ],
)
def test_in_belgium_what_is_not_renewed_has_the_tariff_alone(terms):
    start, notice = date(2024, 1, 1), date(2024, 6, 1)
    assert earliest(terms, "BE", start, notice) == earliest(terms, "BE", start, notice, BUSINESS)
    assert earliest(terms, "BE", start, notice)[0] == "2026-12-31"


def test_in_belgium_a_shorter_notice_of_the_tariff_counts():
    short = renewed(12, 12, Term(2, WEEKS))
    assert earliest(short, "BE", date(2024, 1, 1), date(2025, 3, 1))[0] == "2025-03-15"


def test_a_belgian_contract_from_before_the_law_is_reached_by_it():
    start = date(2012, 1, 1)
    assert earliest(YEAR, "BE", start, date(2014, 2, 1)) == ("2014-07-31", "2014-05-31")


def test_a_business_and_other_countries_have_the_tariff_alone():
    start, notice = date(2024, 1, 1), date(2024, 10, 1)
    assert earliest(YEAR, "NL", start, notice, BUSINESS)[0] == "2025-12-31"
    assert earliest(YEAR, "AT", start, notice)[0] == "2025-12-31"


def test_the_reasons_compare_tariff_and_law():
    start = date(2024, 1, 1)
    agreement = Agreement(start, THREE_YEARS, law_of(CONSUMER, "NL", start))
    ending = earliest_ending(agreement, date(2025, 1, 31))
    assert sentences(ending.reasons) == [
        "Notice arrives on 31 January 2025.",
        (
            "The initial term of 36 months runs from 1 January 2024"
            " up to and including 31 December 2026."
        ),
        "The notice period is 6 months: the last day may be 31 July 2025 or later.",
        (
            "The contract may end with its initial term and with each renewal term of 24 months:"
            " from 31 December 2026 on the first possible day is 31 December 2026."
        ),
        (
            "For consumers BW 6:236 (j), 6:237 (k) allows an initial term of 12 months at most:"
            " from 1 January 2024 up to and including 31 December 2024."
        ),
        (
            "For consumers BW 6:236 (j), 6:237 (k) allows a notice period of 1 month at most:"
            " the last day may be 28 February 2025 or later."
        ),
        (
            "For consumers BW 6:236 (j), 6:237 (k) lets the contract end on any day, though not"
            " before the end of its initial term:"
            " from 28 February 2025 on the first possible day is 28 February 2025."
        ),
        (
            "By the tariff it is 31 December 2026, by law 28 February 2025:"
            " the earlier counts, 28 February 2025."
        ),
    ]


def test_the_reasons_name_the_law_of_an_older_contract():
    start = date(2008, 1, 1)
    agreement = Agreement(start, YEAR, law_of(CONSUMER, "NL", start))
    rules = [step.rule for step in earliest_ending(agreement, date(2011, 10, 15)).reasons]
    assert Rule.LAW_IN_FORCE in rules
    assert rules[-1] is Rule.EARLIER_DAY
