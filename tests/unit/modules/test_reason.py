"""Reasons as data and as sentences."""

import re
from datetime import date
from string import Formatter

import pytest

from portal.language.messages import said
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.ending import chosen_ending, earliest_ending
from portal.rules.modules.reason import ENDING_DAYS, SENTENCES, Rule, Step, Subject, phrase
from portal.viewer import Language
from tests.saying import sentences

MONTHLY = Terms(
    Term(0, TermUnit.DAYS),
    Renewal.OPEN_ENDED,
    None,
    Term(1, TermUnit.WEEKS),
    EndingDay.END_OF_MONTH,
)
AGREEMENT = Agreement(date(2025, 1, 1), MONTHLY)
DAY = date(2027, 8, 31)
# Every input that a step may have.
INPUTS = (
    ("law", "BGB 309 no. 9"),
    ("period", Term(3, TermUnit.MONTHS)),
    ("ending_day", EndingDay.END_OF_QUARTER),
    *((name, DAY) for name in ("first_day", "since", "not_before", "until")),
    *((name, DAY) for name in ("tariff_day", "law_day", "notice_day", "free_day")),
    *((name, DAY) for name in ("rises_on", "other_day", "special_day")),
)


def test_every_rule_has_its_sentence():
    assert set(SENTENCES) == set(Rule)


def test_every_ending_day_of_the_calendar_has_its_words():
    assert set(ENDING_DAYS) == set(EndingDay) - {EndingDay.END_OF_TERM}


def test_reasons_are_steps_with_what_went_in_and_what_came_out():
    assert earliest_ending(AGREEMENT, date(2025, 4, 25)).reasons == (
        Step(Rule.NOTICE_ARRIVES, date(2025, 4, 25)),
        Step(Rule.NO_INITIAL_TERM, date(2025, 1, 1)),
        Step(Rule.NOTICE_PERIOD, date(2025, 5, 2), (("period", Term(1, TermUnit.WEEKS)),)),
        Step(
            Rule.ENDING_DAY,
            date(2025, 5, 31),
            (("ending_day", EndingDay.END_OF_MONTH), ("not_before", date(2025, 5, 2))),
        ),
    )


def test_a_wish_is_one_of_the_reasons():
    ending = chosen_ending(AGREEMENT, date(2025, 4, 25), date(2025, 7, 31))
    assert sentences(ending.reasons) == [
        "Notice arrives on 25 April 2025.",
        "A last day from 31 July 2025 on is wished.",
        "There is no initial term: the contract may end from 1 January 2025 on.",
        "The notice period is 1 week: the last day may be 2 May 2025 or later.",
        (
            "The contract may end on the last day of a month:"
            " from 31 July 2025 on the first possible day is 31 July 2025."
        ),
    ]


def test_a_contract_that_ends_by_itself_says_so():
    terms = Terms(
        Term(6, TermUnit.MONTHS), Renewal.NONE, None, Term(0, TermUnit.DAYS), EndingDay.ANY_DAY
    )
    agreement = Agreement(date(2025, 1, 1), terms)
    assert sentences(earliest_ending(agreement, date(2025, 4, 25)).reasons) == [
        "Notice arrives on 25 April 2025.",
        "The initial term of 6 months runs from 1 January 2025 up to and including 30 June 2025.",
        "The contract ends by itself with its initial term: on 30 June 2025.",
    ]
    assert sentences(earliest_ending(agreement, date(2025, 7, 1)).reasons)[-1] == (
        "The contract runs until 30 June 2025 at most:"
        " from 1 July 2025 on no day is left to end it."
    )


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            Language.NL,
            "De opzegtermijn is 3 maanden: de laatste dag kan 31 augustus 2027 zijn, of later.",
        ),
        (
            Language.EN,
            "The notice period is 3 months: the last day may be 31 August 2027 or later.",
        ),
        (
            Language.DE,
            (
                "Es gilt eine Kündigungsfrist von 3 Monaten:"
                " Der letzte Tag kann der 31. August 2027 sein oder ein späterer."
            ),
        ),
    ],
)
def test_a_sentence_is_translated_from_the_inside_out(language, sentence):
    step = Step(Rule.NOTICE_PERIOD, date(2027, 8, 31), (("period", Term(3, TermUnit.MONTHS)),))
    assert said(phrase(step), language) == sentence


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("subject", [Subject.ORDER, Subject.TARIFF_CHANGE])
def test_an_order_and_a_change_do_not_speak_of_cancelling(subject, language):
    cancelling = r"[Nn]otice arrives|cancel|opzegging|Kündigung(?!sfrist)|kündig"
    contract = "(contract|Vertrag) (may|can|runs|ends|kan|kann|loopt|läuft)"
    for rule in Rule:
        spoken = said(phrase(Step(rule, DAY, INPUTS), subject), language)
        assert not re.search(cancelling, spoken), rule
        if subject is Subject.TARIFF_CHANGE and rule is not Rule.DEVIATING_DAY:
            assert not re.search(contract, spoken), rule


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("subject", Subject)
def test_days_are_written_as_the_reader_writes_them(subject, language):
    day = {"NL": "31 augustus 2027", "EN": "31 August 2027", "DE": "31. August 2027"}[language]
    for rule in Rule:
        spoken = said(phrase(Step(rule, DAY, INPUTS), subject), language)
        assert day in spoken, rule
        assert not re.search(r"\d{4}-\d\d-\d\d|[{}]", spoken), rule
        if language is not Language.EN:
            assert "no. 9" not in spoken, rule


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("subject", Subject)
def test_the_end_of_the_initial_term_is_not_after_it(subject, language):
    """By law a contract may end with its initial term: its last day is no day after it."""
    after = r"after the initial term|after its initial|na de eerste looptijd|nach der Mindestlauf"
    initial = {"NL": "eerste looptijd", "EN": "initial term", "DE": "Mindestlaufzeit"}[language]
    for rule in (Rule.LEGAL_ANY_DAY, Rule.LEGAL_END_OF_TERM):
        spoken = said(phrase(Step(rule, DAY, INPUTS), subject), language)
        assert not re.search(after, spoken), rule
        assert initial in spoken, rule


def test_placeholders_are_names():
    for sentence in SENTENCES.values():
        names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
        assert all(name.isidentifier() for name in names)
