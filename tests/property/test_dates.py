"""The last days of a contract, for random terms, days and laws."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from portal.errors import PortalError, RuleBroken
from portal.rules.address import PartyKind
from portal.rules.calendar import FIRST_DAY, LAST_DAY
from portal.rules.catalogue.consumer import law_of
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.catalogue.terms_check import MOST, check_terms
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
from portal.rules.modules.notice import Party
from portal.rules.modules.period import billing_periods
from portal.rules.modules.tariff_change import (
    ChangeRequest,
    chosen_change,
    deviating_change,
    earliest_change,
    possible_changes,
)
from tests.property.date_oracle import YEAR, Oracle, first_day_after, law_by
from tests.property.date_strategies import (
    DAY,
    DAYS,
    LAWS,
    MONTHS,
    TIMELESS,
    agreed,
    agreements,
    cases,
    countries,
    days,
    enough,
    fewer,
    laws,
    lengths,
    sound_terms,
    turning_days,
)
from tests.saying import sentences


@enough
@given(cases())
def test_a_last_day_is_not_before_the_start_nor_before_the_initial_term_ends(case):
    agreement, notice = case
    day = earliest_ending(agreement, notice).last_day
    assume(day)
    assert agreement.starts_on <= day <= LAST_DAY
    bound = first_day_after(agreement.first_term_day, agreement.terms.initial_term) - DAY
    if agreement.law and agreement.law.longest_initial_term:
        longest = agreement.law.longest_initial_term
        bound = min(bound, first_day_after(agreement.first_term_day, longest) - DAY)
    assert day >= bound


@enough
@given(cases())
def test_the_deadline_still_reaches_the_last_day_and_the_day_after_does_not(case):
    agreement, notice = case
    for ending in islice(possible_endings(agreement, notice), 3):
        assert ending.deadline >= notice
        assert deadline_of(agreement, ending.last_day) == ending.deadline
        in_time = chosen_ending(agreement, ending.deadline, ending.last_day)
        assert in_time.last_day == ending.last_day
        with pytest.raises(RuleBroken):
            chosen_ending(agreement, ending.deadline + DAY, ending.last_day)


@enough
@given(cases())
def test_the_earliest_last_day_stays_until_its_deadline_and_is_later_afterwards(case):
    agreement, notice = case
    ending = earliest_ending(agreement, notice)
    assume(ending.last_day)
    assert earliest_ending(agreement, ending.deadline).last_day == ending.last_day
    missed = ending_if_missed(agreement, ending)
    assert missed.last_day is None or missed.last_day > ending.last_day
    assert missed.last_day is None or missed.deadline > ending.deadline


@enough
@given(cases(), st.integers(0, 800))
def test_earlier_notice_never_gives_a_later_last_day(case, later):
    agreement, notice = case
    first = earliest_ending(agreement, notice).last_day
    second = earliest_ending(agreement, min(notice + later * DAY, LAST_DAY)).last_day
    assert second is None or first <= second


@enough
@given(cases())
def test_a_consumer_never_leaves_later_than_a_business(case):
    agreement, notice = case
    business = earliest_ending(replace(agreement, law=None), notice).last_day
    for law in (*LAWS.values(), *TIMELESS.values()):
        consumer = earliest_ending(replace(agreement, law=law), notice).last_day
        assert business is None or consumer <= business


@enough
@given(cases())
def test_the_reasons_end_in_the_answer_and_can_be_read(case):
    agreement, notice = case
    request = ChangeRequest(agreement, notice)
    endings = [earliest_ending(agreement, notice), *islice(possible_endings(agreement, notice), 2)]
    for ending in endings:
        assert ending.reasons[-1].outcome == ending.last_day
        assert "{" not in "".join(sentences(ending.reasons))
    change = earliest_change(request)
    assert change.reasons[-1].outcome == change.starts_on


@enough
@given(agreements(), days)
@example(
    Agreement(
        LAST_DAY,
        Terms(Term(0, DAYS), Renewal.RENEWAL_TERM, Term(1, DAYS), Term(0, DAYS), "END_OF_TERM"),
    ),
    LAST_DAY,
)
def test_terms_of_any_length_come_to_an_answer(agreement, notice):
    ending = earliest_ending(agreement, notice)
    if ending.last_day is None:
        assert ending.deadline is None
        assert list(possible_endings(agreement, notice)) == []
    else:
        assert max(agreement.starts_on, notice) <= ending.last_day <= LAST_DAY
        assert next(possible_endings(agreement, notice)) == ending


zero = st.sampled_from([Term(0, unit) for unit in TermUnit])
edges = st.sampled_from([FIRST_DAY, FIRST_DAY + DAY, LAST_DAY - DAY, LAST_DAY, date(2000, 2, 29)])
longest = st.sampled_from([Term(count, unit) for unit, count in MOST.items()])


@fewer
@given(
    st.builds(
        agreed,
        edges | days,
        st.just(0) | st.integers(0, 110_000),
        st.builds(
            Terms,
            zero | longest,
            st.sampled_from(Renewal),
            st.none() | longest | lengths(1_200, 1),
            zero | longest,
            st.sampled_from(EndingDay),
        ),
        laws,
    ),
    edges | days,
    edges | days,
    st.booleans(),
)
def test_at_the_edges_of_the_calendar_there_is_an_answer_or_a_refusal(
    agreement, notice, wished, by_calendar
):
    """Whatever is asked, under the longest and the shortest terms: no other error comes of it."""
    try:
        check_terms(agreement.terms)
    except PortalError:
        return
    billing = billing_periods(agreement.first_term_day, YEAR, by_calendar=by_calendar)
    for by in Party:
        for free_after in (None, billing):
            request = ChangeRequest(agreement, notice, free_after, asked_by=by)
            answers = [
                lambda request=request: earliest_change(request),
                lambda request=request: list(islice(possible_changes(request), 3)),
                lambda request=request: chosen_change(request, wished),
                lambda request=request: deviating_change(request, wished),
                lambda: ending_if_missed(agreement, earliest_ending(agreement, notice)),
                lambda by=by: chosen_ending(agreement, notice, wished, by),
                lambda: deviating_ending(wished, starts_on=agreement.starts_on),
                lambda: list(islice(possible_endings(agreement, notice), 3)),
                lambda: running_term(agreement, wished),
            ]
            for answer in answers:
                with suppress(PortalError):
                    answer()


# What the slow oracle says


walked = st.tuples(
    sound_terms(30),
    days | turning_days,
    st.integers(0, 40) | st.integers(0, 400),
    st.integers(-90, 1_200),
    st.integers(-400, 0),
    countries,
)


def in_sight(drawn) -> tuple[Agreement, date, Oracle, str | None]:
    """Give an agreement, a day of notice, the oracle of the one and the name of its law."""
    terms, start, earlier, until_notice, agreed, country = drawn
    assume(start.year < 2190 and start + min(agreed, until_notice, -earlier) * DAY >= FIRST_DAY)
    assume(not terms.renewal_term or can_be_told(terms.renewal_term))
    notice, counted_from = start + until_notice * DAY, start - earlier * DAY
    agreed_on = start + agreed * DAY
    law = law_of(PartyKind.CONSUMER, country, agreed_on)
    agreement = Agreement(start, terms, law, counted_from)
    oracle = Oracle(start, terms, max(start, notice) + 1_500 * DAY, counted_from)
    return agreement, notice, oracle, law_by(country, agreed_on)


@fewer
@given(walked)
def test_the_engine_says_what_a_walk_day_by_day_says(drawn):
    agreement, notice, oracle, law = in_sight(drawn)
    expected = list(islice(oracle.possible(notice, law), 4))
    found = [ending.last_day for ending in islice(possible_endings(agreement, notice), 4)]
    assert [day for day in found if day <= oracle.horizon] == expected


@fewer
@given(walked, st.sampled_from([1, 3, 12]), st.booleans())
def test_free_of_notice_the_earlier_of_both_days_counts(drawn, months, by_calendar):
    agreement, notice, oracle, law = in_sight(drawn)
    length = Term(months, MONTHS)
    first = agreement.first_term_day
    billing = billing_periods(first, length, by_calendar=by_calendar)
    request = ChangeRequest(agreement, notice, billing)
    # The first of January begins a calendar's month, quarter and year alike.
    billed_from = date(first.year, 1, 1) if by_calendar else first
    expected = list(islice(oracle.changes(notice, law, billed_from, length), 4))
    found = [change.starts_on for change in islice(possible_changes(request), 4)]
    assert [day for day in found if day <= oracle.horizon + DAY] == expected


def can_be_told(term: Term) -> bool:
    """Tell whether a term is clearly shorter or longer than a year, for the oracle's eyes."""
    return term.unit is MONTHS or not 360 < term.units < 370


@enough
@given(cases(), st.integers(-40, 800))
def test_a_wished_day_is_allowed_or_stands_between_the_nearest(case, later):
    agreement, notice = case
    wished = min(max(max(agreement.starts_on, notice) + later * DAY, FIRST_DAY), LAST_DAY)
    try:
        assert chosen_ending(agreement, notice, wished).last_day == wished
    except RuleBroken as refused:
        nearest = refused.values["nearest"].values
        before, after = (nearest.get(name) for name in ("before", "after"))
        assert before is None or before < wished
        assert after is None or after > wished
        for day in filter(None, (before, after)):
            chosen_ending(agreement, notice, day)
        for away in range(1, 40):
            for day in (wished - away * DAY, wished + away * DAY):
                if (before or date.min) < day < (after or date.max):
                    assert not is_allowed(agreement, notice, day)


def is_allowed(agreement: Agreement, notice: date, day: date) -> bool:
    deadline = deadline_of(agreement, day)
    return deadline is not None and deadline >= notice
