"""Why a computed date is what it is: ordered steps, the last of which gives the answer."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.errors import translatable
from portal.language.phrase import Phrase
from portal.rules.catalogue.terms import EndingDay, Term, TermUnit

Input = date | str | EndingDay | Term
Inputs = tuple[tuple[str, Input], ...]


class Rule(StrEnum):
    """What a step of a computation applies."""

    NOTICE_ARRIVES = "NOTICE_ARRIVES"
    NO_NOTICE_PERIOD = "NO_NOTICE_PERIOD"
    NOTICE_PERIOD = "NOTICE_PERIOD"
    LEGAL_NOTICE_PERIOD = "LEGAL_NOTICE_PERIOD"
    NO_INITIAL_TERM = "NO_INITIAL_TERM"
    INITIAL_TERM = "INITIAL_TERM"
    LEGAL_INITIAL_TERM = "LEGAL_INITIAL_TERM"
    LAW_IN_FORCE = "LAW_IN_FORCE"
    WISHED_DAY = "WISHED_DAY"
    ENDING_DAY = "ENDING_DAY"
    END_OF_TERM = "END_OF_TERM"
    END_OF_INITIAL_TERM = "END_OF_INITIAL_TERM"
    LEGAL_END_OF_TERM = "LEGAL_END_OF_TERM"
    LEGAL_ANY_DAY = "LEGAL_ANY_DAY"
    END_OF_BILLING_PERIOD = "END_OF_BILLING_PERIOD"
    EARLIER_DAY = "EARLIER_DAY"
    EARLIER_CHANGE = "EARLIER_CHANGE"
    PRICE_RISE = "PRICE_RISE"
    EARLIER_BY_PRICE_RISE = "EARLIER_BY_PRICE_RISE"
    DEVIATING_DAY = "DEVIATING_DAY"
    DAY_AFTER = "DAY_AFTER"
    NO_DAY_LEFT = "NO_DAY_LEFT"
    MORE = "MORE"


@dataclass(frozen=True, slots=True)
class Step:
    """One rule, what went into it, and the day that came out; no day where none is left."""

    rule: Rule
    outcome: date | None
    inputs: Inputs = ()


class Subject(StrEnum):
    """What a day is computed for."""

    NOTICE = "NOTICE"
    TARIFF_CHANGE = "TARIFF_CHANGE"
    ORDER = "ORDER"
    QUANTITY = "QUANTITY"
    ADDITIONAL_OPTION = "ADDITIONAL_OPTION"
    SPECIAL_AGREEMENT = "SPECIAL_AGREEMENT"


SENTENCES = {
    Rule.NOTICE_ARRIVES: translatable("Notice arrives on {outcome}."),
    Rule.NO_NOTICE_PERIOD: translatable(
        "There is no notice period: the last day may be {outcome} or later."
    ),
    Rule.NOTICE_PERIOD: translatable(
        "The notice period is {period}: the last day may be {outcome} or later."
    ),
    Rule.LEGAL_NOTICE_PERIOD: translatable(
        "For consumers {law} allows a notice period of {period} at most:"
        " the last day may be {outcome} or later."
    ),
    Rule.NO_INITIAL_TERM: translatable(
        "There is no initial term: the contract may end from {outcome} on."
    ),
    Rule.INITIAL_TERM: translatable(
        "The initial term of {period} runs from {first_day} up to and including {outcome}."
    ),
    Rule.LEGAL_INITIAL_TERM: translatable(
        "For consumers {law} allows an initial term of {period} at most:"
        " from {first_day} up to and including {outcome}."
    ),
    Rule.LAW_IN_FORCE: translatable(
        "{law} applies since {since}: it reaches last days from {outcome} on."
    ),
    Rule.WISHED_DAY: translatable("A last day from {outcome} on is wished."),
    Rule.ENDING_DAY: translatable(
        "The contract may end on {ending_day}:"
        " from {not_before} on the first possible day is {outcome}."
    ),
    Rule.END_OF_TERM: translatable(
        "The contract may end with its initial term and with each renewal term of {period}:"
        " from {not_before} on the first possible day is {outcome}."
    ),
    Rule.END_OF_INITIAL_TERM: translatable(
        "The contract ends by itself with its initial term: on {outcome}."
    ),
    Rule.LEGAL_END_OF_TERM: translatable(
        "For consumers {law} allows renewal terms of {period} at most, so the contract may end with"
        " its initial term and with each of them:"
        " from {not_before} on the first possible day is {outcome}."
    ),
    Rule.LEGAL_ANY_DAY: translatable(
        "For consumers {law} lets the contract end on any day, though not before the end of its"
        " initial term: from {not_before} on the first possible day is {outcome}."
    ),
    Rule.END_OF_BILLING_PERIOD: translatable(
        "The tariff may be changed without notice after a billing period:"
        " from {not_before} on the first ends on {outcome}."
    ),
    Rule.EARLIER_DAY: translatable(
        "By the tariff it is {tariff_day}, by law {law_day}: the earlier counts, {outcome}."
    ),
    Rule.EARLIER_CHANGE: translatable(
        "With notice the present tariff could end on {notice_day}, without notice on {free_day}:"
        " the earlier counts, {outcome}."
    ),
    Rule.PRICE_RISE: translatable(
        "Prices rise on {rises_on}. By the special right to cancel, the contract may end on the day"
        " before, without a notice period: on {outcome}."
    ),
    Rule.EARLIER_BY_PRICE_RISE: translatable(
        "Otherwise it is {other_day}, before prices rise {special_day}: the earlier counts,"
        " {outcome}."
    ),
    Rule.DEVIATING_DAY: translatable("A manager sets {outcome}, whatever the tariff says."),
    Rule.DAY_AFTER: translatable("The new tariff begins on the day after: on {outcome}."),
    Rule.NO_DAY_LEFT: translatable(
        "The contract runs until {until} at most: from {not_before} on no day is left to end it."
    ),
    Rule.MORE: translatable("There may be more from any day on: from {outcome} on."),
}

# What is said otherwise where the present tariff is not cancelled.
_OF_PRESENT_TARIFF = {
    Rule.NOTICE_ARRIVES: translatable("The change is asked for on {outcome}."),
    Rule.NO_NOTICE_PERIOD: translatable(
        "The present tariff has no notice period: its last day may be {outcome} or later."
    ),
    Rule.NOTICE_PERIOD: translatable(
        "The present tariff's notice period of {period} holds for a change too:"
        " its last day may be {outcome} or later."
    ),
    Rule.LEGAL_NOTICE_PERIOD: translatable(
        "For consumers {law} allows a notice period of {period} at most, for a change too:"
        " the last day of the present tariff may be {outcome} or later."
    ),
    Rule.NO_INITIAL_TERM: translatable(
        "The present tariff has no initial term: it may end from {outcome} on."
    ),
    Rule.WISHED_DAY: translatable("A last day of the present tariff from {outcome} on is wished."),
    Rule.ENDING_DAY: translatable(
        "The present tariff may end on {ending_day}:"
        " from {not_before} on the first possible day is {outcome}."
    ),
    Rule.END_OF_TERM: translatable(
        "The present tariff may end with its initial term and with each renewal term of"
        " {period}: from {not_before} on the first possible day is {outcome}."
    ),
    Rule.END_OF_INITIAL_TERM: translatable(
        "The present tariff ends by itself with its initial term: on {outcome}."
    ),
    Rule.LEGAL_END_OF_TERM: translatable(
        "For consumers {law} allows renewal terms of {period} at most, so the present tariff"
        " may end with its initial term and with each of them:"
        " from {not_before} on the first possible day is {outcome}."
    ),
    Rule.LEGAL_ANY_DAY: translatable(
        "For consumers {law} lets the present tariff end on any day, though not before the end"
        " of its initial term: from {not_before} on the first possible day is {outcome}."
    ),
    Rule.PRICE_RISE: translatable(
        "Prices rise on {rises_on}, so the present tariff may end on the day before, without a"
        " notice period: on {outcome}."
    ),
    Rule.NO_DAY_LEFT: translatable(
        "The present tariff runs until {until} at most:"
        " from {not_before} on no day is left on which another could follow."
    ),
}
_OF_SUBJECT = {
    Subject.NOTICE: {},
    Subject.SPECIAL_AGREEMENT: {},
    Subject.ORDER: {
        Rule.NOTICE_ARRIVES: translatable("Counted from the day of the order, {outcome}."),
        Rule.PRICE_RISE: translatable(
            "Prices rise on {rises_on}, so the contract may end on the day before, without a notice"
            " period: on {outcome}."
        ),
    },
    Subject.TARIFF_CHANGE: _OF_PRESENT_TARIFF,
    Subject.QUANTITY: {
        **_OF_PRESENT_TARIFF,
        Rule.DAY_AFTER: translatable("There may be fewer from the day after on: from {outcome}."),
    },
    Subject.ADDITIONAL_OPTION: {
        Rule.NOTICE_ARRIVES: translatable("The end of the option is asked for on {outcome}."),
        Rule.NO_INITIAL_TERM: translatable("The option may end from {outcome} on."),
        Rule.ENDING_DAY: translatable(
            "The option may end on {ending_day}:"
            " from {not_before} on the first possible day is {outcome}."
        ),
    },
}

ENDING_DAYS = {
    EndingDay.ANY_DAY: translatable("any day"),
    EndingDay.END_OF_MONTH: translatable("the last day of a month"),
    EndingDay.END_OF_QUARTER: translatable("the last day of a quarter"),
    EndingDay.END_OF_YEAR: translatable("the last day of a year"),
}

PERIODS = {
    TermUnit.DAYS: (translatable("1 day"), translatable("{count} days")),
    TermUnit.WEEKS: (translatable("1 week"), translatable("{count} weeks")),
    TermUnit.MONTHS: (translatable("1 month"), translatable("{count} months")),
}


def phrase(step: Step, subject: Subject = Subject.NOTICE) -> Phrase:
    """Give a step as an English sentence about what the day is computed for."""
    sentence = _OF_SUBJECT[subject].get(step.rule, SENTENCES[step.rule])
    values = {name: _spoken(value) for name, value in step.inputs}
    return Phrase(sentence, {**values, "outcome": step.outcome})


def length(term: Term) -> Phrase:
    """Give the length of a term, in German as it stands after "von"."""
    one, many = PERIODS[term.unit]
    return Phrase(one if term.count == 1 else many, {"count": term.count})


def _spoken(value: Input) -> date | Phrase:
    match value:
        case EndingDay():
            return Phrase(ENDING_DAYS[value])
        case Term():
            return length(value)
        case str():
            # The name of a law, which has its own in each language.
            return Phrase(value)
        case _:
            return value
