"""Reasons as they are stored: plain data from which the same steps come back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from portal.rules.catalogue.consumer import present_name
from portal.rules.catalogue.terms import EndingDay, Term, TermUnit
from portal.rules.modules.reason import Input, Rule, Step

Data = Mapping[str, Any]


def stored(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Give steps as JSON can hold them; each input carries its kind, days are ISO 8601."""
    return [
        {
            "rule": step.rule.value,
            "outcome": None if step.outcome is None else step.outcome.isoformat(),
            "inputs": [[name, _stored(value)] for name, value in step.inputs],
        }
        for step in steps
    ]


def restored(data: Sequence[Data]) -> tuple[Step, ...]:
    """Give the steps back that ``stored`` wrote down."""
    return tuple(
        Step(
            Rule(step["rule"]),
            None if step["outcome"] is None else date.fromisoformat(step["outcome"]),
            tuple((name, _restored(value)) for name, value in step["inputs"]),
        )
        for step in data
    )


def _stored(value: Input) -> dict[str, Any]:
    match value:
        case date():
            return {"day": value.isoformat()}
        case Term():
            return {"count": value.count, "unit": value.unit.value}
        case EndingDay():
            return {"endingDay": value.value}
        case _:
            return {"text": value}


def _restored(data: Data) -> Input:
    match data:
        case {"day": day}:
            return date.fromisoformat(day)
        case {"count": count, "unit": unit}:
            return Term(count, TermUnit(unit))
        case {"endingDay": ending_day}:
            return EndingDay(ending_day)
        case _:
            # Text is the name of a law.
            return present_name(str(data["text"]))
