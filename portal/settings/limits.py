"""How much one request may ask, each limit with its default."""

from dataclasses import dataclass

from portal.errors import QueryTooLarge
from portal.language.phrase import Named

MOST_MAILS = 5_000
"""How many mails may go to strangers in a day; the one limit that is not of a request."""


@dataclass(frozen=True)
class Limits:
    """What one request may ask; characters, counts, bytes and seconds."""

    source: int = 50_000
    tokens: int = 2_000
    comments: int = 50
    depth: int = 14
    introspection_depth: int = 20
    aliases: int = 30
    root_fields: int = 20
    fields: int = 1_000
    equal_names: int = 10
    directives: int = 20
    operations: int = 10
    fragments: int = 60
    cost: int = 100_000
    page: int = 100
    text: int = 70_000
    list_items: int = 250
    guarded_mutations: int = 1
    variable_depth: int = 20
    variable_values: int = 10_000
    listed_errors: int = 100
    body: int = 1 << 20
    upload: int = 5 << 20
    header_bytes: int = 1 << 16
    header_seconds: float = 10.0
    body_seconds: float = 15.0
    seconds: float = 10.0


def too_large(limit: str, maximum: int) -> QueryTooLarge:
    """Give the error for a limit that was passed."""
    return QueryTooLarge(
        "The request is too large: {limit} may be {maximum} at most.",
        limit=Named(limit),
        maximum=maximum,
    )


def too_costly(cost: int, maximum: int) -> QueryTooLarge:
    """Give the error for an operation that costs too much; it says how much."""
    return QueryTooLarge(
        "The request is too large: its cost is {cost}, and may be {maximum} at most.",
        limit="cost",
        cost=cost,
        maximum=maximum,
    )
