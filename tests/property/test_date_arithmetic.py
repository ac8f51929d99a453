"""Terms, notice periods, billing periods, tariff changes and the clock, for random days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from portal.errors import Several
from portal.rules.calendar import FIRST_DAY, LAST_DAY, end_of_day, local_day
from portal.rules.catalogue.terms import ModuleSubscriptionStatus, Renewal, Term
from portal.rules.catalogue.terms_check import can_be_longer, check_terms
from portal.rules.modules.allowed_day import CalendarEnds, EveryDay, PeriodEnds
from portal.rules.modules.ending import deadline_of, possible_endings, running_term
from portal.rules.modules.period import (
    billing_periods,
    notice_deadline,
    notice_end,
    periods,
    renewals,
)
from portal.rules.modules.status import status_on
from portal.rules.modules.tariff_change import (
    ChangeRequest,
    chosen_change,
    earliest_change,
    possible_changes,
)
from tests.property.date_oracle import day_good_from, first_day_after
from tests.property.date_strategies import (
    DAY,
    GOES_ON,
    MONTHS,
    RENEWED,
    cases,
    days,
    enough,
    lengths,
    sound_terms,
)

calendar_ends = st.builds(CalendarEnds, st.sampled_from([1, 3, 12]), days, days)
term_ends = st.builds(
    PeriodEnds, st.builds(renewals, days, lengths(60), lengths(36, least=1)), days, days
)


@enough
@given(days, lengths(60))
def test_a_notice_period_is_what_a_walk_gives(notice, period):
    assume(period.units < 2_000)
    assert notice_end(notice, period) == day_good_from(notice, period)


@enough
@given(days, lengths(200))
def test_a_deadline_is_the_last_day_of_notice_that_is_good(last_day, period):
    day = notice_deadline(last_day, period)
    assert notice_end(day, period) <= last_day < notice_end(day + DAY, period)


@enough
@given(days, lengths(60, least=1), st.integers(0, 50))
@example(date(2025, 1, 31), Term(1, MONTHS), 1)
@example(date(2024, 2, 29), Term(12, MONTHS), 4)
def test_terms_are_counted_from_the_start_and_never_drift(start, length, number):
    series = periods(start, length)
    first = series.first_day(number)
    if length.unit is MONTHS:
        months = (first.year - start.year) * 12 + first.month - start.month
        is_moved = first.day == 1 and start.day > 28 and months == number * length.count + 1
        assert is_moved or (first.day, months) == (start.day, number * length.count)
        assert not is_moved or (first - DAY).day < start.day
    else:
        assert first == start + number * length.units * DAY
    span = series.around(first)
    assert span.first_day == first
    assert span == series.around(span.last_day)
    assert series.first_day(number + 1) == span.last_day + DAY
    assert series.number_from(first) == number
    assert series.number_from(first + DAY) == number + 1


@enough
@given(days, lengths(120), lengths(36, least=1), st.integers(0, 20))
def test_renewal_terms_in_months_end_on_the_days_of_one_long_term(start, initial, renewal, number):
    end = renewals(start, initial, renewal).first_day(number)
    if initial.unit is renewal.unit:
        whole = Term(initial.count + number * renewal.count, renewal.unit)
        assert end == periods(start, whole).first_day(1)
    else:
        begins = periods(start, initial).first_day(1)
        assert end == begins if number == 0 else end > begins


@enough
@given(st.builds(EveryDay, days, days) | calendar_ends | term_ends, days)
def test_allowed_days_are_found_from_both_sides(allowed, day):
    before, after = allowed.to_day(day), allowed.from_day(day)
    assert before is None or allowed.first <= before <= min(day, allowed.until)
    assert after is None or max(day, allowed.first) <= after <= allowed.until
    assert (before == day) == (after == day)
    if before is not None:
        assert allowed.from_day(before) == before
        assert before == day or allowed.from_day(before + DAY) == after
    if after is not None:
        assert allowed.to_day(after) == after
        assert after == day or allowed.to_day(after - DAY) == before


@enough
@given(cases(), st.integers(0, 4_000))
def test_the_running_term_holds_the_day_and_ends_on_an_allowed_last_day(case, later):
    agreement, _ = case
    on = agreement.first_term_day + later * DAY
    term = running_term(agreement, on)
    if term is None:
        assert on > agreement.initial_term_end
        assert agreement.terms.renewal is not Renewal.RENEWAL_TERM
    else:
        assert term.first_day <= on <= term.last_day
        assume(agreement.starts_on <= term.last_day <= LAST_DAY)
        assume(agreement.terms.renewal is not Renewal.OPEN_ENDED)
        assert deadline_of(agreement, term.last_day) is not None


@enough
@given(sound_terms(40, RENEWED), days, st.integers(1, 20))
def test_with_sound_terms_the_deadline_falls_into_the_term_it_ends(terms, start, number):
    series = renewals(start, terms.initial_term, terms.renewal_term)
    last_day = series.first_day(number) - DAY
    assert notice_deadline(last_day, terms.notice_period) >= series.first_day(number - 1) - DAY


@enough
@given(cases(GOES_ON), st.sampled_from([1, 3, 12]), st.booleans(), st.booleans())
def test_a_change_without_notice_comes_with_the_next_billing_period_at_the_latest(
    case, months, by_calendar, continues
):
    agreement, notice = case
    billing = billing_periods(agreement.starts_on, Term(months, MONTHS), by_calendar=by_calendar)
    request = ChangeRequest(agreement, notice, billing, continues)
    change = earliest_change(request)
    assume(change.starts_on)
    asked = max(notice, agreement.starts_on)
    with_notice = earliest_change(ChangeRequest(agreement, notice, None, continues)).starts_on
    next_period = billing.first_day(billing.number_from(asked + DAY))
    assert change.starts_on == min(with_notice or LAST_DAY, next_period)
    if next_period < (with_notice or LAST_DAY):
        assert change.deadline == change.starts_on - DAY
    assert change.counted_from == (agreement.first_term_day if continues else change.starts_on)


@enough
@given(cases())
def test_a_change_comes_the_day_after_the_present_tariff_could_have_ended(case):
    agreement, notice = case
    request = ChangeRequest(agreement, notice)
    endings = islice(possible_endings(agreement, notice), 3)
    changes = list(islice(possible_changes(request), 3))
    assert [change.starts_on for change in changes] == [
        ending.last_day + DAY for ending in endings if ending.last_day < LAST_DAY
    ]
    for change in changes:
        assert chosen_change(request, change.starts_on).starts_on == change.starts_on
    assert earliest_change(request) == (changes[0] if changes else earliest_change(request))


@enough
@given(days, days | st.none(), days)
def test_a_status_follows_from_the_days(starts_on, ends_on, today):
    assume(ends_on is None or starts_on <= ends_on)
    status = status_on(today, starts_on=starts_on, ends_on=ends_on)
    assert (status is ModuleSubscriptionStatus.ORDERED) == (today < starts_on)
    assert (status is ModuleSubscriptionStatus.ENDED) == (ends_on is not None and today > ends_on)
    runs = {ModuleSubscriptionStatus.ACTIVE, ModuleSubscriptionStatus.CANCELLED}
    assert (status in runs) == (starts_on <= today and (ends_on is None or today <= ends_on))


ZONES = ["Europe/Amsterdam", "UTC", "America/Sao_Paulo", "Africa/Cairo", "America/Havana"]


@enough
@given(
    st.dates(FIRST_DAY, LAST_DAY) | st.dates(date(1990, 1, 1), date(2026, 12, 31)),
    st.sampled_from([*ZONES, "Pacific/Kiritimati", "Asia/Kathmandu", "Pacific/Apia"]),
)
def test_notice_counts_for_a_day_until_the_next_one_begins(day, zone):
    # Samoa left this day out when it changed the side of the date line.
    assume((day, zone) != (date(2011, 12, 30), "Pacific/Apia"))
    end = end_of_day(day, zone)
    assert end.tzinfo is UTC
    assert local_day(end - timedelta(microseconds=1), zone) == day
    assert local_day(end, zone) > day


@enough
@given(st.integers(0, 10**10), st.sampled_from(ZONES))
def test_an_instant_falls_on_the_same_day_whatever_zone_tells_it(seconds, zone):
    instant = datetime(1900, 1, 2, tzinfo=UTC) + timedelta(seconds=seconds % (9_400_000_000))
    there = instant.astimezone(ZoneInfo(zone))
    assert local_day(instant, zone) == local_day(there, zone) == there.date()


@enough
@given(lengths(120), lengths(120), days)
def test_a_term_that_cannot_be_longer_than_another_never_is(one, other, start):
    if not can_be_longer(one, other):
        assert notice_end(start, one) <= first_day_after(start, other)


@enough
@given(sound_terms())
def test_the_terms_that_are_drawn_here_may_be_saved(terms):
    check_terms(terms)


@enough
@given(sound_terms(60, RENEWED), st.integers(-2, 0))
def test_terms_with_a_length_below_its_least_are_refused(terms, count):
    broken = replace(terms, renewal_term=Term(count, terms.renewal_term.unit))
    with pytest.raises(Several) as refused:
        check_terms(broken)
    assert [fault.path for fault in refused.value.problems] == [("renewalTerm",)]
