"""What a list can be filtered by: a line for each criterion, from a field of the row's type."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from functools import partial
from operator import ge, le, lt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import strawberry

from permissions.fields import Access
from portal.errors import InvalidInput
from resolvers.given import id_in, text_to_find
from resolvers.listing import Condition, Criterion
from schema.shown import Shown

MOST_VALUES = 20
# No row has the UUID of zeros.
NO_ROW = UUID(int=0)

Where = Callable[..., sa.ColumnElement[bool]]
# Gives the criteria that a line declares for a type.
Declared = Callable[[Shown], Iterable[Criterion]]


def exactly(field: str, description: str) -> Declared:
    """Filter by the value of a field."""

    def made(shown: Shown) -> Iterator[Criterion]:
        kind = shown.kind(field)
        where = partial(_compared, _is, shown.value(field))
        yield _criterion(shown, field, kind, field, description, partial(_of_value, where, kind))

    return made


def any_of(field: str, description: str) -> Declared:
    """Filter by the value of a field of an enum, one or several of them."""

    def made(shown: Shown) -> Iterator[Criterion]:
        yield from exactly(field, description)(shown)
        where = partial(_compared, _is_any, shown.value(field))
        yield _criterion(
            shown,
            f"{field}_in",
            list[shown.kind(field)],  # type: ignore[misc]  # known when it runs
            field,
            f"One of several: {description[0].lower()}{description[1:-1]}; {MOST_VALUES} at most.",
            partial(_of_values, where),
        )

    return made


def within(field: str) -> Declared:
    """Filter by the first and the last day of a span, or by two instants, the second left out."""

    def made(shown: Shown) -> Iterator[Criterion]:
        kind, value = shown.kind(field), shown.value(field)
        ends = {
            date: (
                ("from", ge, "That day, or a later one."),
                ("to", le, "That day, or an earlier one."),
            ),
            datetime: (
                ("from", ge, "That instant, or a later one."),
                ("before", lt, "An instant earlier than that."),
            ),
        }
        for end, how, description in ends[kind]:
            condition = partial(_of_value, partial(_compared, how, value), kind)
            yield _criterion(shown, f"{field}_{end}", kind, field, description, condition)

    return made


def filled(name: str, field: str, description: str) -> Declared:
    """Filter by whether a field is there at all."""

    def made(shown: Shown) -> Iterator[Criterion]:
        condition = partial(_of_value, partial(_compared, _is_filled, shown.value(field)), bool)
        yield _criterion(shown, name, bool, field, description, condition)

    return made


def related(name: str, type_name: str, column: str, description: str) -> Declared:
    """Filter by the row of a type that a field of the same name shows, by its global id."""

    def made(shown: Shown) -> Iterator[Criterion]:
        where = partial(_compared, _is, lambda row, _: getattr(row, column))

        def condition(given: str, _filter: Any) -> Condition:
            return Condition(where, values=(id_in(type_name, given) or NO_ROW,))

        yield _criterion(shown, name, strawberry.ID, name, description, condition)

    return made


def criterion(
    name: str,
    kind: Any,
    description: str,
    condition: Callable[[Any, Any], Condition | None],
    *,
    access: Access,
    reads: Sequence[str],
    takes_null: bool = False,
) -> Declared:
    """Filter by something of one's own; ``reads`` names each ``Type.field`` that it tells of."""
    found = Criterion(name, kind, access, tuple(reads), description, condition, takes_null)
    return lambda _: (found,)


def _criterion(
    shown: Shown,
    name: str,
    kind: Any,
    field: str,
    description: str,
    condition: Callable[[Any, Any], Condition | None],
) -> Criterion:
    reads = (f"{shown.name}.{field}",)
    return Criterion(name, kind, shown.access(field), reads, description, condition)


def _of_value(where: Where, kind: Any, given: Any, _filter: Any) -> Condition:
    if kind is bool:
        return Condition(where, (given,))
    if kind is str:
        return Condition(where, values=(text_to_find(given),))
    return Condition(where, values=(given.value if isinstance(given, Enum) else given,))


def _of_values(where: Where, given: list[Enum], _filter: Any) -> Condition:
    if len(given) > MOST_VALUES:
        raise InvalidInput("May have at most {most} entries.", most=MOST_VALUES)
    return Condition(where, values=(tuple(dict.fromkeys(one.value for one in given)),))


def _compared(
    how: Callable[[Any, Any], Any], value: Any, row: Any, viewing: Any, wanted: Any
) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = how(value(row, viewing), wanted)
    return found


def _is(found: Any, wanted: Any) -> Any:
    return found.is_(wanted) if isinstance(wanted, bool) else found == wanted


def _is_any(found: Any, wanted: Any) -> Any:
    return found == sa.any_(wanted)


def _is_filled(found: Any, wanted: bool) -> Any:
    return found.is_not(None) if wanted else found.is_(None)
