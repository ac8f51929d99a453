"""Why a computed date is what it is: ordered steps, the last of which gives the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.errors import translatable
from portal.rules.terms import EndingDay, Term, TermUnit

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
    DEVIATING_DAY = "DEVIATING_DAY"
    DAY_AFTER = "DAY_AFTER"
    NO_DAY_LEFT = "NO_DAY_LEFT"


@dataclass(frozen=True, slots=True)
class Step:
    """One rule, what went into it, and the day that came out; no day where none is left."""

    rule: Rule
    outcome: date | None
    inputs: Inputs = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """An English sentence or part of one; values for its {placeholders} may be phrases too."""

    message: str
    values: Mapping[str, "str | Phrase"]


SENTENCES = {
    Rule.NOTICE_ARRIVES: translatable("Notice arrives on {outcome}."),
    Rule.NO_NOTICE_PERIOD: translatable(
        "There is no notice period: good for a last day from {outcome} on."
    ),
    Rule.NOTICE_PERIOD: translatable(
        "The notice period is {period}: good for a last day from {outcome} on."
    ),
    Rule.LEGAL_NOTICE_PERIOD: translatable(
        "For consumers {law} allows a notice period of {period} at most:"
        " good for a last day from {outcome} on."
    ),
    Rule.NO_INITIAL_TERM: translatable(
        "There is no initial term: the contract may end from {outcome} on."
    ),
    Rule.INITIAL_TERM: translatable(
        "The initial term is {period} from {first_day} on: it ends on {outcome}."
    ),
    Rule.LEGAL_INITIAL_TERM: translatable(
        "For consumers {law} allows an initial term of {period} at most,"
        " from {first_day} on: it ends on {outcome}."
    ),
    Rule.LAW_IN_FORCE: translatable(
        "{law} applies since {since}: it reaches last days from {outcome} on."
    ),
    Rule.WISHED_DAY: translatable("A last day from {outcome} on is wished."),
    Rule.ENDING_DAY: translatable(
        "The contract may end on {ending_day}: from {not_before} on the first is {outcome}."
    ),
    Rule.END_OF_TERM: translatable(
        "The contract may end with its initial term and with each renewal term of {period}:"
        " from {not_before} on the first is {outcome}."
    ),
    Rule.END_OF_INITIAL_TERM: translatable(
        "The contract ends by itself with its initial term: on {outcome}."
    ),
    Rule.LEGAL_END_OF_TERM: translatable(
        "For consumers {law} allows renewal terms of {period} at most:"
        " from {not_before} on the first ends on {outcome}."
    ),
    Rule.LEGAL_ANY_DAY: translatable(
        "For consumers {law} allows any day after the initial term:"
        " from {not_before} on the first is {outcome}."
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
    Rule.DEVIATING_DAY: translatable("A manager sets {outcome}, whatever the tariff says."),
    Rule.DAY_AFTER: translatable("The new tariff begins on the day after: on {outcome}."),
    Rule.NO_DAY_LEFT: translatable(
        "The contract runs until {until} at most: from {not_before} on no day is left to end it."
    ),
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


def phrase(step: Step) -> Phrase:
    """Give a step as an English sentence, its days in ISO 8601."""
    values = {name: _spoken(value) for name, value in step.inputs}
    if step.outcome is not None:
        values["outcome"] = step.outcome.isoformat()
    return Phrase(SENTENCES[step.rule], values)


def render(spoken: Phrase, translate: Callable[..., str] = str.format) -> str:
    """Put a phrase into words; ``translate`` takes a message and its values."""
    values = {
        name: render(value, translate) if isinstance(value, Phrase) else value
        for name, value in spoken.values.items()
    }
    return translate(spoken.message, **values)


def _spoken(value: Input) -> str | Phrase:
    match value:
        case date():
            return value.isoformat()
        case EndingDay():
            return Phrase(ENDING_DAYS[value], {})
        case Term():
            one, many = PERIODS[value.unit]
            return Phrase(one if value.count == 1 else many, {"count": str(value.count)})
        case _:
            return value
