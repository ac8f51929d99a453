"""The last days of a contract, for random terms, days and laws."""

from dataclasses import replace
from datetime import date
from itertools import islice

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from portal.errors import RuleBroken
from portal.rules.agreement import Agreement
from portal.rules.calendar import FIRST_DAY, LAST_DAY
from portal.rules.ending import (
    chosen_ending,
    deadline_of,
    earliest_ending,
    ending_if_missed,
    possible_endings,
)
from portal.rules.tariff_change import ChangeRequest, earliest_change
from portal.rules.terms import Renewal, Term, Terms
from tests.property.date_oracle import Oracle, first_day_after
from tests.property.date_strategies import (
    DAY,
    DAYS,
    LAWS,
    MONTHS,
    TIMELESS,
    agreements,
    cases,
    days,
    enough,
    fewer,
    sound_terms,
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
    if agreement.law:
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


# What the slow oracle says


@fewer
@given(sound_terms(30), days, st.integers(-90, 1_200), st.sampled_from(list(LAWS)))
def test_the_engine_says_what_a_walk_day_by_day_says(terms, start, until_notice, law):
    assume(start.year < 2190 and start + until_notice * DAY >= FIRST_DAY)
    assume(not terms.renewal_term or can_be_told(terms.renewal_term))
    notice = start + until_notice * DAY
    horizon = max(start, notice) + 1_500 * DAY
    agreement = Agreement(start, terms, TIMELESS[law])
    expected = list(islice(Oracle(start, terms, horizon).possible(notice, law), 4))
    found = [ending.last_day for ending in islice(possible_endings(agreement, notice), 4)]
    assert [day for day in found if day <= horizon] == expected


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
        before, after = (refused.values.get(name) for name in ("before", "after"))
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
