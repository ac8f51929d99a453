"""Whether two servers gave the same answer, where one has another shape for the same thing.

What a contender cannot give in the portal's own shape is brought into it here: PostGraphile names
columns, so an alias ``a_b`` stands for ``b`` inside ``a``, ``_`` for an object whose fields belong
one level up, and a list is an object with ``nodes``. Ids lose their type's name, decimals their
idle zeros, and instants their way of being written.
"""

import base64
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\S*")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_GLOBAL_ID = re.compile(r"[A-Za-z]+:[0-9a-f-]{36}")


def normal(value: Any) -> Any:
    """Give an answer as every contender can give it."""
    match value:
        case dict() if list(value) == ["nodes"]:
            return normal(value["nodes"])
        case dict():
            return _whole(value)
        case list():
            return [normal(part) for part in value]
        case str():
            return _text(value)
        case _:
            return value


def difference(one: Any, other: Any, path: str = "") -> str | None:
    """Say where two normal answers differ first; None when they are the same."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs = [(f"{path}.{key}", one[key], other[key]) for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(f"{path}[{at}]", a, b) for at, (a, b) in enumerate(zip(one, other, strict=True))]
    else:
        return None if one == other else f"{path.lstrip('.')}: {one!r} and {other!r}"
    return next((found for at, a, b in pairs if (found := difference(a, b, at))), None)


def _whole(value: dict[str, Any]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for key, part in value.items():
        if key == "_":
            found |= normal(part)
            continue
        *outer, last = key.split("_")
        inside = found
        for name in outer:
            inside = inside.setdefault(name, {})
        inside[last] = normal(part)
    return {key: _absent(part) for key, part in found.items()}


def _absent(part: Any) -> Any:
    """Give null for an object of nulls: the columns of a value that is absent."""
    if not isinstance(part, dict):
        return part
    inside = {key: _absent(value) for key, value in part.items()}
    return inside if any(value is not None for value in inside.values()) else None


def _text(value: str) -> str:
    if _DECIMAL.fullmatch(value):
        return format(Decimal(value).normalize(), "f")
    if _INSTANT.fullmatch(value):
        return datetime.fromisoformat(value).astimezone(UTC).isoformat()
    try:
        decoded = base64.b64decode(value, validate=True).decode("ascii")
    except ValueError:
        return value
    return decoded.partition(":")[2] if _GLOBAL_ID.fullmatch(decoded) else value
