"""Pages of a connection: arguments, keyset cursors, and what a page holds."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.errors import InvalidInput
from resolvers.given import sent_or_none
from resolvers.listing import Order
from resolvers.record import Record

DEFAULT_SIZE = 20
LARGEST_SIZE = 100
LONGEST_CURSOR = 2000

_SEPARATOR = "\x1f"
_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"
_LARGEST_INTEGER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for; exactly one of ``first`` and ``last`` is set."""

    first: int | None
    last: int | None
    after: str | None
    before: str | None

    @property
    def size(self) -> int:
        """The most rows that the page holds."""
        return self.last if self.first is None else self.first  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page in their order, and whether there are more on either side."""

    records: Sequence[Record]
    has_next_page: bool
    has_previous_page: bool
    count: Callable[[], Awaitable[int]]


def window(first: int | None, after: str | None, last: int | None, before: str | None) -> Window:
    """Check the arguments of a connection; one that was left out is as good as null."""
    first, after, last, before = map(sent_or_none, (first, after, last, before))
    if first is not None and last is not None:
        raise InvalidInput("Give first or last, not both.", path=["last"])
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 0 <= size <= LARGEST_SIZE:
            raise InvalidInput("Must be from 0 to {most}.", path=[name], most=LARGEST_SIZE)
    if first is None and last is None:
        first = DEFAULT_SIZE
    return Window(first, last, after, before)


def cursor(keys: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[str]:
    """Give the SQL of a row's cursor; both lanes read it, so it is the same in both."""
    joined = sa.func.concat_ws(_SEPARATOR, *map(_text, keys))
    encoded = sa.func.encode(sa.func.convert_to(joined, "UTF8"), "base64")
    return sa.func.translate(encoded, "\n", "")


def beyond(
    order: Order, row: Any, text: str, name: str, *, forward: bool
) -> sa.ColumnElement[bool]:
    """Keep the rows after a cursor in the order of the list, or before it."""
    keys = order.keys(row)
    values = values_of_cursor(text, [key.type.python_type for key in keys], name)
    bound = [sa.literal(value, key.type) for key, value in zip(keys, values, strict=True)]
    left, right = sa.tuple_(*keys), sa.tuple_(*bound)
    return left > right if forward is not order.descending else left < right


def sorting(order: Order, row: Any, *, forward: bool) -> list[sa.ColumnElement[Any]]:
    """Give the ORDER BY of a list, or of its reverse."""
    keys = order.keys(row)
    return [key.asc() if forward is not order.descending else key.desc() for key in keys]


def page_of(records: Sequence[Record], asked: Window, count: Callable[[], Awaitable[int]]) -> Page:
    """Cut the row that was read in excess; it only says that there is more."""
    kept = list(records[: asked.size])
    more = len(records) > asked.size
    if asked.first is None:
        return Page(kept[::-1], asked.before is not None, more, count)
    return Page(kept, more, asked.after is not None, count)


def _text(key: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    if key.type.python_type is datetime:
        return sa.func.to_char(sa.func.timezone("UTC", key), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    return sa.cast(key, sa.Text())


def _plain_text(part: str) -> str:
    if "\0" in part:
        raise ValueError(part)
    return part


def _integer(part: str) -> int:
    number = int(part)
    if abs(number) > _LARGEST_INTEGER:
        raise ValueError(part)
    return number


def _instant(part: str) -> datetime:
    return datetime.strptime(part, _INSTANT).replace(tzinfo=UTC)


# Callers can write cursors too: what PostgreSQL could not take is refused here.
_READ: dict[type, Callable[[str], Any]] = {
    str: _plain_text,
    int: _integer,
    date: date.fromisoformat,
    datetime: _instant,
    UUID: UUID,
}


def values_of_cursor(text: str, kinds: Sequence[type], name: str) -> list[Any]:
    """Give what a cursor holds; InvalidInput for one that is not of a list of such ``kinds``."""
    wrong = InvalidInput("This is not a cursor of this list.", path=[name])
    if len(text) > LONGEST_CURSOR:
        raise wrong
    try:
        parts = b64decode(text, validate=True).decode().split(_SEPARATOR)
        return [_READ[kind](part) for kind, part in zip(kinds, parts, strict=True)]
    except (Base64Error, UnicodeError, ValueError):
        raise wrong from None
