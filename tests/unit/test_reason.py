"""Reasons as data and as sentences."""

from datetime import date
from string import Formatter

from portal.rules.agreement import Agreement
from portal.rules.ending import chosen_ending, earliest_ending
from portal.rules.reason import ENDING_DAYS, SENTENCES, Rule, Step, phrase, render
from portal.rules.terms import EndingDay, Renewal, Term, Terms, TermUnit

MONTHLY = Terms(
    Term(0, TermUnit.DAYS),
    Renewal.OPEN_ENDED,
    None,
    Term(1, TermUnit.WEEKS),
    EndingDay.END_OF_MONTH,
)
AGREEMENT = Agreement(date(2025, 1, 1), MONTHLY)


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
    assert [render(phrase(step)) for step in ending.reasons] == [
        "Notice arrives on 2025-04-25.",
        "A last day from 2025-07-31 on is wished.",
        "There is no initial term: the contract may end from 2025-01-01 on.",
        "The notice period is 1 week: good for a last day from 2025-05-02 on.",
        (
            "The contract may end on the last day of a month:"
            " from 2025-07-31 on the first is 2025-07-31."
        ),
    ]


def test_a_contract_that_ends_by_itself_says_so():
    terms = Terms(
        Term(6, TermUnit.MONTHS), Renewal.NONE, None, Term(0, TermUnit.DAYS), EndingDay.ANY_DAY
    )
    agreement = Agreement(date(2025, 1, 1), terms)
    assert [
        render(phrase(step)) for step in earliest_ending(agreement, date(2025, 4, 25)).reasons
    ] == [
        "Notice arrives on 2025-04-25.",
        "The initial term is 6 months from 2025-01-01 on: it ends on 2025-06-30.",
        "The contract ends by itself with its initial term: on 2025-06-30.",
    ]
    assert render(phrase(earliest_ending(agreement, date(2025, 7, 1)).reasons[-1])) == (
        "The contract runs until 2025-06-30 at most: from 2025-07-01 on no day is left to end it."
    )


def test_a_sentence_is_translated_from_the_inside_out():
    said = []

    def translate(message, **values):
        said.append(message)
        return message.upper().format(**{name.upper(): value for name, value in values.items()})

    step = Step(Rule.NOTICE_PERIOD, date(2025, 5, 2), (("period", Term(3, TermUnit.MONTHS)),))
    assert render(phrase(step), translate) == (
        "THE NOTICE PERIOD IS 3 MONTHS: GOOD FOR A LAST DAY FROM 2025-05-02 ON."
    )
    assert said == ["{count} months", SENTENCES[Rule.NOTICE_PERIOD]]


def test_placeholders_are_names():
    for sentence in SENTENCES.values():
        names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
        assert all(name.isidentifier() for name in names)
