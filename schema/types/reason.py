"""Why a computed day is what it is, as callers see it."""

from collections.abc import Iterable
from datetime import date

import strawberry

from permissions.enums import described
from portal.language.messages import said
from portal.rules.catalogue.terms import EndingDay, Term, TermUnit
from portal.rules.modules.reason import Input, Rule, Step, Subject, phrase
from portal.viewer import Language
from schema.fields import value

described(
    Rule,
    "What a step of the computation of a day applies; its outcome is a day.",
    name="DateRule",
    NOTICE_ARRIVES="The day for which notice counts.",
    NO_NOTICE_PERIOD="The tariff asks for none: notice is good at once.",
    NOTICE_PERIOD="The tariff's notice period, after the day for which notice counts.",
    LEGAL_NOTICE_PERIOD="The longest notice period that the law allows with consumers.",
    NO_INITIAL_TERM="The tariff has none: the contract may end from its first day on.",
    INITIAL_TERM="The last day of the initial term.",
    LEGAL_INITIAL_TERM="The longest initial term that the law allows with consumers.",
    LAW_IN_FORCE="From which last day on the law reaches a contract that is older than the law.",
    WISHED_DAY="The day that was asked for.",
    ENDING_DAY="The days on which the tariff lets a contract end.",
    END_OF_TERM="The end of the initial term or of a renewal term.",
    END_OF_INITIAL_TERM="The end of a contract that ends by itself.",
    LEGAL_END_OF_TERM="The end of a renewal term that the law allows with consumers.",
    LEGAL_ANY_DAY="Any day, which the law allows consumers.",
    END_OF_BILLING_PERIOD="The tariff may be changed without notice, when the next invoice begins.",
    EARLIER_DAY="The earlier of what tariff and law allow.",
    EARLIER_CHANGE="The earlier of a day with notice and a day without.",
    PRICE_RISE="The day before prices rise, by the special right to cancel.",
    EARLIER_BY_PRICE_RISE="The earlier of the day before prices rise and what holds otherwise.",
    DEVIATING_DAY="A day that a manager set.",
    DAY_AFTER="The first day of the new tariff.",
    MORE="More of an item may be had from any day on.",
    NO_DAY_LEFT="There is no day on which the contract could end.",
)

_ISO = {TermUnit.DAYS: "D", TermUnit.WEEKS: "W", TermUnit.MONTHS: "M"}


@strawberry.type(description="What went into a step.")
class ReasonInput:
    """One of the inputs of a step."""

    name: str = value(description="What it is, for example `period`.")
    value: str = value(
        description="A day or a period in ISO 8601 (`P3M`), a name of the schema, or text."
    )


@strawberry.type(description="A step of the computation of a day; the last one gives the day.")
class Reason:
    """A rule that was applied."""

    rule: Rule = value(description="What it applies.")
    inputs: list[ReasonInput] = value(description="What went into it.")
    outcome: date | None = value(description="The day that came out; null where none is left.")
    sentence: str = value(description="The same in words, in the viewer's language.")


def reasons(steps: Iterable[Step], subject: Subject, language: Language) -> list[Reason]:
    """Give the steps to a day in a viewer's language, and as what the day is for asks."""
    return [
        Reason(
            rule=step.rule,
            inputs=[ReasonInput(name=name, value=_written(given)) for name, given in step.inputs],
            outcome=step.outcome,
            sentence=said(phrase(step, subject), language),
        )
        for step in steps
    ]


def _written(given: Input) -> str:
    match given:
        case date():
            return given.isoformat()
        case EndingDay():
            return given.value
        case Term():
            return f"P{given.count}{_ISO[given.unit]}"
        case _:
            return given
