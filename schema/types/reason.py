"""Why a computed day is what it is, as callers see it."""

from collections.abc import Iterable
from datetime import date

import strawberry

from portal.language.messages import said
from portal.rules.catalogue.terms import EndingDay, Term, TermUnit
from portal.rules.modules.reason import Input, Rule, Step, Subject, phrase
from portal.viewer import Language
from schema.fields import value

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
