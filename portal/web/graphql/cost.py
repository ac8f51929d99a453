"""What an operation cost, as its answer shows."""

from typing import Any

import orjson

# What stands before each value of an object, as we write it and as PostgreSQL does. A text that
# holds it counts too much, and only for whoever chose to read it.
_FIELD = b'":'


def encoded(response: dict[str, Any]) -> int:
    """Encode the data in its place, and count the fields that it answers."""
    data = orjson.dumps(response["data"])
    response["data"] = orjson.Fragment(data)
    return data.count(_FIELD)


def with_cost(
    response: dict[str, Any], requested: int, actual: int, budget: int
) -> dict[str, object]:
    """Add ``extensions.cost``: what could have been answered, what was, and what is left."""
    cost = {"requested": requested, "actual": actual, "budget": budget}
    return {**response, "extensions": {**response.get("extensions", {}), "cost": cost}}
