"""Dates with a known answer."""

from datetime import UTC, date, datetime
from itertools import islice

import pytest

from portal.errors import InvalidInput, RuleBroken
from portal.rules.calendar import LAST_DAY, end_of_day, local_day
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.ending import (
    chosen_ending,
    deadline_of,
    deviating_ending,
    earliest_ending,
    ending_if_missed,
    possible_endings,
    running_term,
)
from portal.rules.modules.period import (
    Period,
    billing_periods,
    day_after,
    notice_deadline,
    notice_end,
    periods,
    renewals,
)
from portal.rules.modules.reason import Rule, Step
from portal.rules.modules.status import status_on
from tests.saying import sentence, written

DAYS, WEEKS, MONTHS = TermUnit
NOTHING = Term(0, DAYS)
DAY_BEFORE_CALENDAR_ENDS = date(2199, 12, 30)


def months(count):
    return Term(count, MONTHS)


def renewed(initial, renewal, notice):
    """Give terms with renewal terms, all of them in months."""
    return Terms(
        months(initial),
        Renewal.RENEWAL_TERM,
        months(renewal),
        months(notice),
        EndingDay.END_OF_TERM,
    )


def open_ended(notice, ending_day=EndingDay.ANY_DAY, initial=NOTHING):
    return Terms(initial, Renewal.OPEN_ENDED, None, notice, ending_day)


def by_itself(initial, notice=NOTHING):
    return Terms(initial, Renewal.NONE, None, notice, EndingDay.END_OF_TERM)


def last_days(terms, starts_on, notice_day, count):
    endings = possible_endings(Agreement(starts_on, terms), notice_day)
    return [ending.last_day.isoformat() for ending in islice(endings, count)]


def earliest(terms, starts_on, notice_day):
    """Give the earliest last day and its deadline, in ISO 8601."""
    ending = earliest_ending(Agreement(starts_on, terms), notice_day)
    return str(ending.last_day), str(ending.deadline)


# Whole contracts


@pytest.mark.parametrize(
    ("arrives", "last_day"),
    [(date(2015, 4, 3), "2015-04-30"), (date(2015, 4, 20), "2015-05-31")],
)
def test_two_weeks_to_the_end_of_a_month(arrives, last_day):
    terms = open_ended(Term(2, WEEKS), EndingDay.END_OF_MONTH)
    assert earliest(terms, date(2014, 1, 1), arrives)[0] == last_day


def test_three_years_renewed_by_a_year_with_three_months_notice():
    terms = renewed(36, 12, 3)
    assert earliest(terms, date(2020, 8, 1), date(2020, 8, 1)) == ("2023-07-31", "2023-04-30")
    assert earliest(terms, date(2020, 8, 1), date(2023, 4, 30)) == ("2023-07-31", "2023-04-30")
    assert earliest(terms, date(2020, 8, 1), date(2023, 5, 1)) == ("2024-07-31", "2024-04-30")


@pytest.mark.parametrize(
    ("on", "term"),
    [
        (date(2018, 12, 31), None),
        (date(2019, 1, 1), ("2019-01-01", "2023-12-31")),
        (date(2023, 12, 31), ("2019-01-01", "2023-12-31")),
        (date(2024, 4, 22), ("2024-01-01", "2024-12-31")),
        (date(2025, 1, 1), ("2025-01-01", "2025-12-31")),
    ],
)
def test_five_years_renewed_by_a_year_is_not_five_years_more(on, term):
    running = running_term(Agreement(date(2019, 1, 1), renewed(60, 12, 3)), on)
    assert running == (term and Period(*map(date.fromisoformat, term)))


def test_terms_of_60_and_12_and_12_months_end_where_84_months_end():
    assert last_days(renewed(60, 12, 3), date(2024, 2, 29), date(2024, 3, 1), 4) == [
        "2029-02-28",
        "2030-02-28",
        "2031-02-28",
        "2032-02-28",
    ]


def test_monthly_terms_from_31_january_do_not_drift():
    assert last_days(renewed(1, 1, 1), date(2025, 1, 31), date(2025, 1, 31), 6) == [
        "2025-02-28",
        "2025-03-30",
        "2025-04-30",
        "2025-05-30",
        "2025-06-30",
        "2025-07-30",
    ]


def test_an_open_ended_contract_goes_on_to_the_next_ending_day_after_its_initial_term():
    # 14 May to 13 November.
    for ending_day, last_day in [
        (EndingDay.ANY_DAY, "2025-11-13"),
        (EndingDay.END_OF_MONTH, "2025-11-30"),
        (EndingDay.END_OF_QUARTER, "2025-12-31"),
        (EndingDay.END_OF_YEAR, "2025-12-31"),
    ]:
        terms = open_ended(months(1), ending_day, months(6))
        assert earliest(terms, date(2025, 5, 14), date(2025, 6, 1))[0] == last_day


def test_quarters_end_four_times_a_year():
    terms = open_ended(months(1), EndingDay.END_OF_QUARTER)
    assert last_days(terms, date(2024, 1, 1), date(2024, 2, 29), 5) == [
        "2024-03-31",
        "2024-06-30",
        "2024-09-30",
        "2024-12-31",
        "2025-03-31",
    ]
    assert earliest(terms, date(2024, 1, 1), date(2024, 3, 1)) == ("2024-06-30", "2024-05-31")


def test_years_end_on_31_december():
    terms = open_ended(months(3), EndingDay.END_OF_YEAR)
    assert earliest(terms, date(2024, 1, 1), date(2024, 9, 30)) == ("2024-12-31", "2024-09-30")
    assert earliest(terms, date(2024, 1, 1), date(2024, 10, 1)) == ("2025-12-31", "2025-09-30")


def test_without_a_notice_period_notice_is_good_for_its_own_day():
    terms = open_ended(NOTHING)
    assert earliest(terms, date(2024, 1, 1), date(2024, 2, 29)) == ("2024-02-29", "2024-02-29")
    to_month_end = open_ended(NOTHING, EndingDay.END_OF_MONTH)
    assert earliest(to_month_end, date(2024, 1, 1), date(2024, 1, 31)) == (
        "2024-01-31",
        "2024-01-31",
    )


def test_without_an_initial_term_the_contract_runs_one_day_at_least():
    agreement = Agreement(date(2025, 3, 1), open_ended(NOTHING))
    assert earliest_ending(agreement, date(2025, 1, 1)).last_day == date(2025, 3, 1)
    terms = renewed(0, 12, 1)
    assert earliest(terms, date(2025, 3, 1), date(2025, 3, 1)) == ("2026-02-28", "2026-01-31")


def test_terms_of_other_units_follow_one_another():
    terms = Terms(
        Term(2, WEEKS), Renewal.RENEWAL_TERM, months(1), Term(3, DAYS), EndingDay.END_OF_TERM
    )
    assert last_days(terms, date(2025, 1, 17), date(2025, 1, 17), 3) == [
        "2025-01-30",
        "2025-02-28",
        "2025-03-30",
    ]
    terms = Terms(
        months(1), Renewal.RENEWAL_TERM, Term(10, DAYS), Term(1, WEEKS), EndingDay.END_OF_TERM
    )
    assert last_days(terms, date(2025, 1, 31), date(2025, 1, 31), 3) == [
        "2025-02-28",
        "2025-03-10",
        "2025-03-20",
    ]


def test_a_contract_that_ends_by_itself_needs_no_notice():
    agreement = Agreement(date(2024, 2, 29), by_itself(months(12), months(3)))
    assert earliest(agreement.terms, agreement.starts_on, date(2025, 2, 28)) == (
        "2025-02-28",
        "2025-02-28",
    )
    over = earliest_ending(agreement, date(2025, 3, 1))
    assert (over.last_day, over.deadline) == (None, None)
    assert running_term(agreement, date(2025, 2, 28)) == Period(
        date(2024, 2, 29), date(2025, 2, 28)
    )
    assert running_term(agreement, date(2025, 3, 1)) is None


def test_a_term_that_continues_is_counted_from_its_own_first_day():
    agreement = Agreement(date(2024, 7, 1), renewed(12, 12, 1), counted_from=date(2023, 10, 15))
    assert earliest_ending(agreement, date(2024, 7, 1)).last_day == date(2024, 10, 14)


# Missed, wished and deviating days


def test_a_missed_deadline_leads_to_the_next_one():
    agreement = Agreement(date(2020, 8, 1), renewed(36, 12, 3))
    missed = ending_if_missed(agreement, earliest_ending(agreement, date(2023, 1, 1)))
    assert (missed.last_day, missed.deadline) == (date(2024, 7, 31), date(2024, 4, 30))


def test_after_a_day_that_a_manager_set_nothing_is_missed():
    agreement = Agreement(date(2020, 8, 1), renewed(36, 12, 3))
    ending = deviating_ending(date(2021, 5, 5), starts_on=agreement.starts_on)
    assert (ending.last_day, ending.deadline) == (date(2021, 5, 5), None)
    assert ending.reasons == (Step(Rule.DEVIATING_DAY, date(2021, 5, 5)),)
    assert ending_if_missed(agreement, ending) is None


def test_a_manager_may_not_end_what_has_run_or_is_in_closed_books():
    start = date(2021, 5, 5)
    assert deviating_ending(start, starts_on=start).last_day == start
    with pytest.raises(RuleBroken) as refused:
        deviating_ending(date(2021, 5, 4), starts_on=start)
    assert sentence(refused.value) == (
        "The contract cannot end on 4 May 2021; the first possible day is 5 May 2021."
    )
    closed = date(2021, 6, 30)
    assert deviating_ending(date(2021, 7, 1), starts_on=start, books_closed_until=closed)
    with pytest.raises(RuleBroken) as refused:
        deviating_ending(closed, starts_on=start, books_closed_until=closed)
    assert sentence(refused.value) == (
        "The books are closed up to and including 30 June 2021: choose a later day."
    )
    with pytest.raises(InvalidInput):
        deviating_ending(date(2200, 1, 1), starts_on=start)


def test_a_wished_last_day_may_be_any_later_allowed_one():
    agreement = Agreement(date(2020, 8, 1), renewed(36, 12, 3))
    ending = chosen_ending(agreement, date(2021, 1, 1), date(2025, 7, 31))
    assert (ending.last_day, ending.deadline) == (date(2025, 7, 31), date(2025, 4, 30))


@pytest.mark.parametrize(
    ("terms", "wished", "nearest"),
    [
        (
            renewed(36, 12, 3),
            date(2025, 7, 30),
            "the nearest days are 31 July 2024 and 31 July 2025",
        ),
        (
            renewed(36, 12, 3),
            date(2023, 7, 30),
            "the first possible day is 31 July 2023",
        ),
        (
            by_itself(months(36)),
            date(2024, 1, 1),
            "the last possible day is 31 July 2023",
        ),
        (
            by_itself(months(12)),
            date(2024, 1, 1),
            "no possible day is left",
        ),
        (
            open_ended(months(1), EndingDay.END_OF_QUARTER),
            date(2024, 2, 29),
            "the nearest days are 31 December 2023 and 31 March 2024",
        ),
    ],
)
def test_a_wished_day_that_is_not_allowed_is_refused_with_the_nearest(terms, wished, nearest):
    agreement = Agreement(date(2020, 8, 1), terms)
    with pytest.raises(RuleBroken) as refused:
        chosen_ending(agreement, date(2022, 1, 1), wished)
    assert sentence(refused.value) == (f"The contract cannot end on {written(wished)}; {nearest}.")
    assert deadline_of(agreement, wished) is None


@pytest.mark.parametrize("wished", [date(1899, 12, 31), date(2200, 1, 1), date.max])
def test_a_wished_day_outside_the_calendar_is_refused(wished):
    with pytest.raises(InvalidInput) as refused:
        chosen_ending(Agreement(date(2020, 8, 1), renewed(1, 1, 1)), date(2022, 1, 1), wished)
    assert refused.value.message == "Must be a day from {first} to {last}."


# The end of the calendar


def test_the_last_last_day_is_the_calendar_s():
    agreement = Agreement(date(2020, 1, 1), open_ended(Term(1, DAYS)))
    days = [ending.last_day for ending in possible_endings(agreement, date(2199, 12, 28))]
    assert days == [date(2199, 12, 29), DAY_BEFORE_CALENDAR_ENDS, LAST_DAY]
    none_left = earliest_ending(agreement, LAST_DAY)
    assert (none_left.last_day, none_left.deadline) == (None, None)
    assert ending_if_missed(agreement, none_left) is None


def test_a_term_that_outlasts_the_calendar_never_ends():
    for terms in (renewed(1_200, 12, 1), by_itself(months(1_200))):
        agreement = Agreement(date(2150, 1, 1), terms)
        assert earliest_ending(agreement, date(2150, 1, 1)).last_day is None
        assert list(possible_endings(agreement, date(2150, 1, 1))) == []


# Arithmetic


@pytest.mark.parametrize(
    ("notice_day", "period", "good_from"),
    [
        (date(2025, 5, 31), months(6), "2025-11-30"),
        (date(2025, 1, 31), months(1), "2025-02-28"),
        (date(2024, 1, 31), months(1), "2024-02-29"),
        (date(2024, 2, 29), months(12), "2025-02-28"),
        (date(2024, 2, 29), months(48), "2028-02-29"),
        (date(2025, 12, 31), months(2), "2026-02-28"),
        (date(2025, 3, 30), Term(2, WEEKS), "2025-04-13"),
        (date(2025, 2, 27), Term(3, DAYS), "2025-03-02"),
        (date(2025, 2, 27), NOTHING, "2025-02-27"),
    ],
)
def test_a_notice_period_keeps_the_day_number(notice_day, period, good_from):
    assert notice_end(notice_day, period).isoformat() == good_from


@pytest.mark.parametrize(
    ("last_day", "period", "deadline"),
    [
        (date(2025, 4, 30), months(1), "2025-03-31"),
        (date(2025, 2, 28), months(1), "2025-01-31"),
        (date(2024, 2, 29), months(1), "2024-01-31"),
        (date(2024, 2, 28), months(1), "2024-01-28"),
        (date(2025, 3, 30), months(1), "2025-02-28"),
        (date(2023, 7, 31), months(3), "2023-04-30"),
        (date(2025, 1, 15), months(2), "2024-11-15"),
        (date(2025, 4, 30), Term(2, WEEKS), "2025-04-16"),
        (date(2025, 4, 30), NOTHING, "2025-04-30"),
    ],
)
def test_a_deadline_is_counted_back(last_day, period, deadline):
    assert notice_deadline(last_day, period).isoformat() == deadline


@pytest.mark.parametrize(
    ("first_day", "term", "last_day"),
    [
        (date(2025, 1, 31), months(1), "2025-02-28"),
        (date(2024, 2, 29), months(12), "2025-02-28"),
        (date(2024, 8, 31), months(1), "2024-09-30"),
        (date(2025, 1, 1), months(12), "2025-12-31"),
        (date(2025, 1, 1), Term(4, WEEKS), "2025-01-28"),
        (date(2025, 1, 1), Term(1, DAYS), "2025-01-01"),
    ],
)
def test_of_a_term_the_first_day_counts(first_day, term, last_day):
    assert periods(first_day, term).around(first_day) == Period(
        first_day, date.fromisoformat(last_day)
    )
    assert day_after(first_day, term) == periods(first_day, term).first_day(1)


def test_billing_periods_run_from_the_start_or_by_the_calendar():
    monthly = billing_periods(date(2012, 3, 2), months(1))
    assert monthly.around(date(2012, 3, 3)) == Period(date(2012, 3, 2), date(2012, 4, 1))
    quarterly = billing_periods(date(2024, 2, 10), months(3), by_calendar=True)
    quarter = quarterly.around(date(2024, 5, 20))
    assert quarter == Period(date(2024, 4, 1), date(2024, 6, 30))
    assert (quarter.last_day - quarter.first_day).days + 1 == 91
    yearly = billing_periods(date(2024, 2, 10), months(12), by_calendar=True)
    assert yearly.around(date(2024, 5, 20)) == Period(date(2024, 1, 1), date(2024, 12, 31))


def test_renewal_terms_in_months_are_counted_in_one_go():
    series = renewals(date(2025, 1, 31), months(1), months(1))
    assert [series.first_day(number).isoformat() for number in range(3)] == [
        "2025-03-01",
        "2025-03-31",
        "2025-05-01",
    ]


# The clock


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        # The last second of 30 April in Amsterdam, and the first one of 1 May: 30 April in UTC.
        (datetime(2025, 4, 30, 21, 59, 59, 999999, tzinfo=UTC), "2025-04-30"),
        (datetime(2025, 4, 30, 22, 0, tzinfo=UTC), "2025-05-01"),
        # In winter UTC is one hour behind; the year has begun already.
        (datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC), "2025-12-31"),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), "2026-01-01"),
        # The day of 23 hours, and that of 25.
        (datetime(2025, 3, 29, 23, 0, tzinfo=UTC), "2025-03-30"),
        (datetime(2025, 3, 30, 21, 59, 59, tzinfo=UTC), "2025-03-30"),
        (datetime(2025, 3, 30, 22, 0, tzinfo=UTC), "2025-03-31"),
        (datetime(2025, 10, 25, 22, 0, tzinfo=UTC), "2025-10-26"),
        (datetime(2025, 10, 26, 22, 59, 59, tzinfo=UTC), "2025-10-26"),
        (datetime(2025, 10, 26, 23, 0, tzinfo=UTC), "2025-10-27"),
    ],
)
def test_an_instant_counts_for_its_day_in_amsterdam(instant, day):
    assert local_day(instant, "Europe/Amsterdam").isoformat() == day


def test_while_it_is_yesterday_in_utc_it_may_be_tomorrow_elsewhere():
    instant = datetime(2025, 4, 30, 10, 30, tzinfo=UTC)
    assert local_day(instant, "Pacific/Kiritimati") == date(2025, 5, 1)
    assert local_day(instant, "Pacific/Pago_Pago") == date(2025, 4, 29)


def test_notice_in_the_last_second_of_the_deadline_counts():
    agreement = Agreement(date(2024, 1, 1), open_ended(months(1), EndingDay.END_OF_MONTH))
    for second, last_day in [(59, date(2025, 4, 30)), (60, date(2025, 5, 31))]:
        # 31 March in Amsterdam ends at 22:00 UTC.
        arrives = datetime.fromtimestamp(1743458340 + second, UTC)
        day = local_day(arrives, "Europe/Amsterdam")
        assert earliest_ending(agreement, day).last_day == last_day


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        (date(2025, 3, 29), "Europe/Amsterdam", datetime(2025, 3, 29, 23, tzinfo=UTC)),
        (date(2025, 3, 30), "Europe/Amsterdam", datetime(2025, 3, 30, 22, tzinfo=UTC)),
        (date(2025, 10, 26), "Europe/Amsterdam", datetime(2025, 10, 26, 23, tzinfo=UTC)),
        # There the clock goes on at midnight: 25 April 2025 begins at one o'clock.
        (date(2025, 4, 24), "Africa/Cairo", datetime(2025, 4, 24, 22, tzinfo=UTC)),
        (LAST_DAY, "UTC", datetime(2200, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_day_ends_where_the_next_begins(day, zone, end):
    assert end_of_day(day, zone) == end


def test_an_instant_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2025, 4, 30), "Europe/Amsterdam")  # noqa: DTZ001  (the mistake)


# Status


@pytest.mark.parametrize(
    ("today", "ends_on", "status"),
    [
        (date(2025, 4, 30), None, "ORDERED"),
        (date(2025, 4, 30), date(2025, 12, 31), "ORDERED"),
        (date(2025, 5, 1), None, "ACTIVE"),
        (date(2025, 5, 1), date(2025, 12, 31), "CANCELLED"),
        (date(2025, 12, 31), date(2025, 12, 31), "CANCELLED"),
        (date(2026, 1, 1), date(2025, 12, 31), "ENDED"),
        (date(2026, 1, 1), None, "ACTIVE"),
    ],
)
def test_a_status_follows_from_the_days(today, ends_on, status):
    assert status_on(today, starts_on=date(2025, 5, 1), ends_on=ends_on) == status
