"""Limits on the variables of a request, checked before anything walks them."""

from collections.abc import Mapping

from portal.settings.limits import Limits, too_large


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


def check_text(text: str | None, limits: Limits) -> None:
    """Refuse a text that is too long for anything to look at."""
    if text is not None and len(text) > limits.text:
        raise too_large("text", limits.text)
