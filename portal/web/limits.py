"""How large one request may be."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.errors import QueryTooLarge


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may ask; characters, tokens, counts, bytes and seconds.

    ``introspection_page`` is what a list of the schema's own description counts: the standard
    introspection query nests three lists and fits; one that nests four does not.
    """

    source: int = 50_000
    tokens: int = 2_000
    depth: int = 12
    introspection_depth: int = 20
    aliases: int = 30
    cost: int = 100_000
    page: int = 20
    introspection_page: int = 10
    variable_depth: int = 20
    list_items: int = 250
    listed_errors: int = 100
    seconds: float = 10.0
    body: int = 1 << 20
    body_seconds: float = 15.0
    header_bytes: int = 1 << 16
    header_seconds: float = 10.0


def too_large(limit: str, maximum: int) -> QueryTooLarge:
    """Give the error for a limit that was passed."""
    return QueryTooLarge(
        "The request is too large: {limit} may be {maximum} at most.",
        limit=limit,
        maximum=maximum,
    )


def check_variables(variables: Mapping[str, object], limits: Limits) -> None:
    """Refuse variables nested too deeply or with lists too long, before anything walks them."""
    waiting: list[tuple[object, int]] = [(value, 1) for value in variables.values()]
    while waiting:
        value, depth = waiting.pop()
        if not isinstance(value, (dict, list)):
            continue
        if depth > limits.variable_depth:
            raise too_large("variable_depth", limits.variable_depth)
        if isinstance(value, list) and len(value) > limits.list_items:
            raise too_large("list_items", limits.list_items)
        items = value.values() if isinstance(value, dict) else value
        waiting.extend((item, depth + 1) for item in items)
