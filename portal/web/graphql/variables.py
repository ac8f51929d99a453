"""Limits on what is sent, in variables and literals, checked before anything walks it."""

from collections.abc import Iterable, Mapping

from graphql import (
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
)

from portal.errors import InvalidInput
from portal.settings.limits import Limits, too_large
from schema.scalars import LONGEST


def check_variables(variables: Mapping[str, object], limits: Limits) -> None:
    """Refuse variables that are too many, too deep, or with a list or a text too long.

    Names count as text: an error repeats one that is not known.
    """
    waiting: list[tuple[object, int]] = [(variables, 0)]
    values = 0
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            check_text(value, limits)
        if not isinstance(value, (dict, list)):
            continue
        if depth > limits.variable_depth:
            raise too_large("variable_depth", limits.variable_depth)
        if isinstance(value, list) and len(value) > limits.list_items:
            raise too_large("list_items", limits.list_items)
        values += len(value)
        if values > limits.variable_values:
            raise too_large("variable_values", limits.variable_values)
        items = (*value, *value.values()) if isinstance(value, dict) else value
        waiting.extend((item, depth + 1) for item in items)


def check_literals(values: Iterable[ValueNode], limits: Limits) -> None:
    """Refuse values of a document with a list, a text or a number too long."""
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, ListValueNode):
            if len(value.values) > limits.list_items:
                raise too_large("list_items", limits.list_items)
            waiting += value.values
        elif isinstance(value, ObjectValueNode):
            waiting += [field.value for field in value.fields]
        elif isinstance(value, StringValueNode):
            check_text(value.value, limits)
        elif isinstance(value, (IntValueNode, FloatValueNode)) and len(value.value) > LONGEST:
            # Python makes no number of some thousand digits, and says so in its own words.
            raise InvalidInput("A number may have {most} digits at most.", most=LONGEST)


def check_text(text: str | None, limits: Limits) -> None:
    """Refuse a text that is too long for anything to look at."""
    if text is not None and len(text) > limits.text:
        raise too_large("text", limits.text)
