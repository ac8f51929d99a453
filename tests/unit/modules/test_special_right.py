"""The special right to cancel: prices rise, and the contract may end on the day before."""

from datetime import date
from itertools import islice

import pytest

from portal.errors import RuleBroken
from portal.rules.address import PartyKind
from portal.rules.catalogue.consumer import law_of
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.ending import (
    Ending,
    chosen_ending,
    deadline_of,
    earliest_ending,
    ending_if_missed,
    possible_endings,
)
from portal.rules.modules.period import ONE_DAY
from portal.rules.modules.reason import Rule, Step, Subject
from portal.rules.modules.tariff_change import ChangeRequest, earliest_change
from tests.saying import sentence, sentences

START, RISE, NOTICE_DAY = date(2026, 1, 1), date(2026, 6, 15), date(2026, 4, 20)
DAY_BEFORE = RISE - ONE_DAY
THREE_YEARS = Terms(
    Term(36, TermUnit.MONTHS),
    Renewal.RENEWAL_TERM,
    Term(12, TermUnit.MONTHS),
    Term(3, TermUnit.MONTHS),
    EndingDay.END_OF_TERM,
)
MONTHLY = Terms(
    Term(0, TermUnit.DAYS),
    Renewal.OPEN_ENDED,
    None,
    Term(1, TermUnit.MONTHS),
    EndingDay.END_OF_MONTH,
)
BOUND = Agreement(START, THREE_YEARS, rises_on=(RISE,))


def days(agreement, count):
    """Give the first last days that can be chosen, each with its deadline."""
    found = islice(possible_endings(agreement, NOTICE_DAY), count)
    return [(str(ending.last_day), str(ending.deadline)) for ending in found]


def test_the_day_before_a_rise_is_a_last_day_within_the_initial_term_too():
    assert days(BOUND, 2) == [("2026-06-14", "2026-06-14"), ("2028-12-31", "2028-09-30")]


def test_its_reasons_say_what_holds_otherwise():
    assert earliest_ending(BOUND, NOTICE_DAY).reasons[-2:] == (
        Step(Rule.PRICE_RISE, DAY_BEFORE, (("rises_on", RISE), ("not_before", DAY_BEFORE))),
        Step(
            Rule.EARLIER_BY_PRICE_RISE,
            DAY_BEFORE,
            (("other_day", date(2028, 12, 31)), ("special_day", DAY_BEFORE)),
        ),
    )
    assert sentences(earliest_ending(BOUND, NOTICE_DAY).reasons)[-2:] == [
        (
            "Prices rise on 15 June 2026. By the special right to cancel, the contract may end on"
            " the day before, without a notice period: on 14 June 2026."
        ),
        (
            "Otherwise it is 31 December 2028, before prices rise 14 June 2026: the earlier counts,"
            " 14 June 2026."
        ),
    ]


def test_notice_is_in_time_until_the_last_day_itself_and_not_later():
    assert chosen_ending(BOUND, DAY_BEFORE, DAY_BEFORE).deadline == DAY_BEFORE
    assert deadline_of(BOUND, DAY_BEFORE) == DAY_BEFORE
    assert earliest_ending(BOUND, RISE).last_day == date(2028, 12, 31)
    missed = ending_if_missed(BOUND, earliest_ending(BOUND, NOTICE_DAY))
    assert missed is not None
    assert missed.last_day == date(2028, 12, 31)
    assert Rule.PRICE_RISE not in {step.rule for step in missed.reasons}


@pytest.mark.parametrize("day", [date(2026, 6, 13), RISE])
def test_it_opens_that_one_day_alone(day):
    with pytest.raises(RuleBroken) as refused:
        chosen_ending(BOUND, NOTICE_DAY, day)
    assert "14 June 2026" in sentence(refused.value)


def test_what_can_be_had_earlier_without_it_stays_the_earliest():
    agreement = Agreement(START, MONTHLY, rises_on=(RISE,))
    found = days(agreement, 3)
    assert found == [
        ("2026-05-31", "2026-04-30"),
        ("2026-06-14", "2026-06-14"),
        ("2026-06-30", "2026-05-31"),
    ]
    assert earliest_ending(agreement, NOTICE_DAY).reasons[-1] == Step(
        Rule.EARLIER_BY_PRICE_RISE,
        date(2026, 5, 31),
        (("other_day", date(2026, 5, 31)), ("special_day", DAY_BEFORE)),
    )


def test_each_rise_has_its_day():
    agreement = Agreement(START, THREE_YEARS, rises_on=(RISE, date(2026, 10, 1)))
    assert [day for day, _ in days(agreement, 3)] == ["2026-06-14", "2026-09-30", "2028-12-31"]


def test_it_stands_beside_the_law():
    law = law_of(PartyKind.CONSUMER, "DE", START)
    agreement = Agreement(START, THREE_YEARS, law, rises_on=(RISE,))
    rules = [step.rule for step in earliest_ending(agreement, NOTICE_DAY).reasons]
    assert rules[-3:] == [Rule.EARLIER_DAY, Rule.PRICE_RISE, Rule.EARLIER_BY_PRICE_RISE]
    assert [day for day, _ in days(agreement, 2)] == ["2026-06-14", "2027-12-31"]


@pytest.mark.parametrize(
    ("terms", "starts_on"),
    [
        pytest.param(THREE_YEARS, RISE, id="nothing ran on the day before"),
        pytest.param(
            Terms(
                Term(5, TermUnit.MONTHS),
                Renewal.NONE,
                None,
                Term(0, TermUnit.DAYS),
                EndingDay.ANY_DAY,
            ),
            START,
            id="it has ended by itself before",
        ),
    ],
)
def test_a_rise_that_does_not_reach_the_contract_opens_no_day(terms, starts_on):
    agreement = Agreement(starts_on, terms, rises_on=(RISE,))
    without = Agreement(starts_on, terms)
    assert earliest_ending(agreement, starts_on) == earliest_ending(without, starts_on)


def test_without_any_day_left_it_is_said_of_the_tariff():
    agreement = Agreement(
        START,
        Terms(
            Term(5, TermUnit.MONTHS), Renewal.NONE, None, Term(0, TermUnit.DAYS), EndingDay.ANY_DAY
        ),
        rises_on=(RISE,),
    )
    ending = earliest_ending(agreement, date(2026, 7, 1))
    assert ending == Ending(None, None, ending.reasons)
    assert ending.reasons[-1].rule is Rule.NO_DAY_LEFT


def test_another_tariff_may_follow_on_the_day_of_the_rise():
    change = earliest_change(ChangeRequest(BOUND, NOTICE_DAY))
    assert (change.starts_on, change.deadline) == (RISE, DAY_BEFORE)
    assert sentences(change.reasons, Subject.TARIFF_CHANGE)[-3] == (
        "Prices rise on 15 June 2026, so the present tariff may end on the day before, without a"
        " notice period: on 14 June 2026."
    )
