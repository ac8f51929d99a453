"""When a tariff may change."""

from datetime import date
from itertools import islice

import pytest

from portal.errors import InvalidInput, RuleBroken
from portal.rules.address import PartyKind
from portal.rules.calendar import LAST_DAY
from portal.rules.catalogue.consumer import law_of
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.period import ONE_DAY, billing_periods
from portal.rules.modules.reason import Rule, Step
from portal.rules.modules.tariff_change import (
    ChangeRequest,
    chosen_change,
    deviating_change,
    earliest_change,
    possible_changes,
    refused_change,
)
from tests.saying import sentence

DAYS, WEEKS, MONTHS = TermUnit
START = date(2024, 1, 15)
MONTH = Term(1, MONTHS)
YEAR = Terms(
    Term(12, MONTHS),
    Renewal.RENEWAL_TERM,
    Term(12, MONTHS),
    Term(3, MONTHS),
    EndingDay.END_OF_TERM,
)
YEAR_ENDS = date(2025, 1, 14)
BY_ITSELF = Terms(Term(12, MONTHS), Renewal.NONE, None, Term(0, DAYS), EndingDay.END_OF_TERM)
EVERY_DAY = Terms(Term(0, DAYS), Renewal.OPEN_ENDED, None, Term(0, DAYS), EndingDay.ANY_DAY)


def request(terms, notice_day, **values):
    return ChangeRequest(Agreement(START, terms), notice_day, **values)


def test_a_tariff_changes_the_day_after_it_could_have_ended():
    change = earliest_change(request(YEAR, date(2024, 6, 1)))
    assert (change.starts_on, change.deadline) == (date(2025, 1, 15), date(2024, 10, 14))
    assert change.counted_from == date(2025, 1, 15)
    assert [step.rule for step in change.reasons] == [
        Rule.NOTICE_ARRIVES,
        Rule.INITIAL_TERM,
        Rule.NOTICE_PERIOD,
        Rule.END_OF_TERM,
        Rule.DAY_AFTER,
    ]
    assert change.reasons[-1].outcome == date(2025, 1, 15)


def test_a_term_may_continue():
    change = earliest_change(request(YEAR, date(2024, 6, 1), term_continues=True))
    assert (change.starts_on, change.counted_from) == (date(2025, 1, 15), START)


@pytest.mark.parametrize(
    ("by_calendar", "notice_day", "starts_on"),
    [
        (False, date(2024, 6, 1), date(2024, 6, 15)),
        (False, date(2024, 6, 14), date(2024, 6, 15)),
        (False, date(2024, 6, 15), date(2024, 7, 15)),
        (True, date(2024, 6, 15), date(2024, 7, 1)),
        (True, date(2024, 6, 30), date(2024, 7, 1)),
        # Before the start there is nothing to change.
        (False, date(2023, 12, 1), date(2024, 2, 15)),
        (True, date(2023, 12, 1), date(2024, 2, 1)),
    ],
)
def test_free_of_notice_it_changes_with_the_next_billing_period(by_calendar, notice_day, starts_on):
    billing = billing_periods(START, MONTH, by_calendar=by_calendar)
    change = earliest_change(request(YEAR, notice_day, free_after=billing))
    assert change.starts_on == starts_on
    compared = change.reasons[-2]
    assert (compared.rule, compared.outcome) == (Rule.EARLIER_CHANGE, starts_on - ONE_DAY)
    assert compared.inputs == (("notice_day", YEAR_ENDS), ("free_day", starts_on - ONE_DAY))
    assert change.reasons[-3].rule is Rule.END_OF_BILLING_PERIOD


def test_free_of_notice_it_changes_sooner_where_the_tariff_could_have_ended_sooner():
    a_year = billing_periods(START, Term(12, MONTHS))
    change = earliest_change(request(EVERY_DAY, date(2024, 6, 1), free_after=a_year))
    assert (change.starts_on, change.deadline) == (date(2024, 6, 2), date(2024, 6, 1))
    assert [(step.rule, str(step.outcome)) for step in change.reasons] == [
        (Rule.NOTICE_ARRIVES, "2024-06-01"),
        (Rule.NO_INITIAL_TERM, "2024-01-15"),
        (Rule.NO_NOTICE_PERIOD, "2024-06-01"),
        (Rule.ENDING_DAY, "2024-06-01"),
        (Rule.END_OF_BILLING_PERIOD, "2025-01-14"),
        (Rule.EARLIER_CHANGE, "2024-06-01"),
        (Rule.DAY_AFTER, "2024-06-02"),
    ]


def test_free_of_notice_the_law_lets_a_consumer_go_sooner_too():
    a_year = billing_periods(START, Term(12, MONTHS), by_calendar=True)
    agreement = Agreement(START, YEAR, law_of(PartyKind.CONSUMER, "NL", START))
    change = earliest_change(ChangeRequest(agreement, date(2025, 3, 1), a_year))
    assert change.starts_on == date(2025, 4, 2)
    assert [step.rule for step in change.reasons[-5:]] == [
        Rule.LEGAL_ANY_DAY,
        Rule.EARLIER_DAY,
        Rule.END_OF_BILLING_PERIOD,
        Rule.EARLIER_CHANGE,
        Rule.DAY_AFTER,
    ]


def test_what_ends_by_itself_makes_room_whatever_its_billing_periods_are():
    billing = billing_periods(START, MONTH, by_calendar=True)
    asked = request(BY_ITSELF, date(2024, 12, 5), free_after=billing)
    assert [change.starts_on for change in possible_changes(asked)] == [
        date(2025, 1, 1),
        date(2025, 1, 15),
    ]
    last = request(BY_ITSELF, date(2025, 1, 2), free_after=billing)
    assert earliest_change(last).starts_on == date(2025, 1, 15)


def test_possible_changes_come_one_after_another():
    changes = islice(possible_changes(request(YEAR, date(2024, 6, 1))), 2)
    assert [change.starts_on for change in changes] == [date(2025, 1, 15), date(2026, 1, 15)]


def test_a_wished_change_may_be_any_later_allowed_one():
    change = chosen_change(request(YEAR, date(2024, 6, 1)), date(2027, 1, 15))
    assert (change.starts_on, change.deadline) == (date(2027, 1, 15), date(2026, 10, 14))


def test_a_wished_change_that_is_not_allowed_is_refused_with_the_nearest():
    with pytest.raises(RuleBroken) as refused:
        chosen_change(request(YEAR, date(2024, 6, 1)), date(2026, 1, 1))
    assert sentence(refused.value) == (
        "The tariff cannot change on 1 January 2026;"
        " the nearest days are 15 January 2025 and 15 January 2026."
    )
    with pytest.raises(RuleBroken) as refused:
        chosen_change(request(YEAR, date(2024, 6, 1)), date(2024, 7, 1))
    assert sentence(refused.value) == (
        "The tariff cannot change on 1 July 2024; the first possible day is 15 January 2025."
    )
    with pytest.raises(InvalidInput):
        chosen_change(request(YEAR, date(2024, 6, 1)), date(2200, 1, 1))


def test_no_change_begins_after_the_calendar_ends():
    late = request(EVERY_DAY, LAST_DAY)
    change = earliest_change(late)
    assert (change.starts_on, change.deadline, change.counted_from) == (None, None, None)
    assert change.reasons[-1].rule is Rule.NO_DAY_LEFT
    assert change.reasons[-1].outcome is None
    assert list(possible_changes(late)) == []
    over = earliest_change(request(BY_ITSELF, date(2026, 1, 1)))
    assert (over.starts_on, over.reasons[-1].rule) == (None, Rule.NO_DAY_LEFT)


def test_a_day_for_nobody_is_refused_with_its_neighbours():
    refused = refused_change(date(2024, 1, 16), date(2024, 1, 14), date(2024, 1, 20))
    assert sentence(refused) == (
        "The tariff cannot change on 16 January 2024; the nearest days are 14 January 2024 and"
        " 20 January 2024."
    )


def test_a_manager_may_change_it_after_one_day():
    asked = request(YEAR, date(2024, 6, 1), term_continues=True)
    change = deviating_change(asked, date(2024, 1, 16))
    assert (change.starts_on, change.deadline, change.counted_from) == (
        date(2024, 1, 16),
        None,
        START,
    )
    assert change.reasons == (Step(Rule.DEVIATING_DAY, date(2024, 1, 16)),)
    anew = deviating_change(request(YEAR, date(2024, 6, 1)), date(2024, 1, 16))
    assert anew.counted_from == date(2024, 1, 16)
    with pytest.raises(RuleBroken) as refused:
        deviating_change(asked, START)
    assert sentence(refused.value) == (
        "The tariff cannot change on 15 January 2024; the first possible day is 16 January 2024."
    )
    with pytest.raises(RuleBroken) as refused:
        deviating_change(asked, date(2024, 3, 31), books_closed_until=date(2024, 3, 31))
    assert sentence(refused.value) == (
        "The books are closed up to and including 31 March 2024: choose a later day."
    )
    assert deviating_change(asked, date(2024, 4, 1), books_closed_until=date(2024, 3, 31))
    with pytest.raises(InvalidInput):
        deviating_change(asked, date(1899, 1, 1))
