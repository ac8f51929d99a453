"""Declare, beside a type, by what lists of its rows can be filtered, searched and ordered.

From the declaration come the inputs that callers send, the conditions and the order of both lanes,
and the guard of each: that of the field it reads.
"""

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import partial
from inspect import get_annotations
from types import NoneType
from typing import Annotated, Any, get_args
from uuid import UUID

import sqlalchemy as sa
import strawberry

from permissions.enums import described
from permissions.fields import Access, declared
from portal.errors import InvalidInput
from portal.models import Base
from resolvers.given import id_in, pattern_to_find, text_to_find
from resolvers.listing import Condition, Criteria, Criterion, Order, Search
from resolvers.sources import KEY, Column, Expression
from schema.fields import argument, sent

MOST_VALUES = 20
# No row has the UUID of zeros.
NO_ROW = UUID(int=0)

Where = Callable[..., sa.ColumnElement[bool]]


class Undeclared(Exception):
    """A list that goes by something that its rows do not show."""


class Shown:
    """A type as it shows the rows of its model."""

    def __init__(self, cls: Any) -> None:
        definition = cls.__strawberry_definition__
        self.name: str = definition.name
        self.module: str = cls.__module__
        self.model: type[Base] = cls.__portal_model__
        self._annotations = ChainMap(*(get_annotations(base) for base in cls.__mro__))
        self._fields = {field.python_name: field for field in definition.fields}

    def access(self, name: str) -> Access:
        """Give the guard of a field."""
        found = declared(self._field(name))
        if found is None:
            raise Undeclared(f"{self.name}.{name} declares no access.")
        return found

    def kind(self, name: str) -> Any:
        """Give the type of a field in Python, null left out."""
        self._field(name)
        annotation = self._annotations[name]
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
        return kinds[0] if kinds else annotation

    def value(self, name: str) -> Callable[[Any, Any], Any]:
        """Give the SQL of a field that PostgreSQL answers, as a function of a row."""
        source = self._field(name).metadata.get(KEY)
        if isinstance(source, Expression):
            return source.value
        if not isinstance(source, Column):
            raise Undeclared(f"{self.name}.{name} is no column and no expression.")
        (attribute,) = source.attributes or (name,)
        return lambda row, _: getattr(row, attribute)

    def _field(self, name: str) -> Any:
        if name not in self._fields:
            raise Undeclared(f"{self.name} has no field {name}.")
        return self._fields[name]


Members = Callable[[Shown], Iterable[Criterion]]


def exactly(field: str, description: str) -> Members:
    """Filter by the value of a field."""

    def members(shown: Shown) -> Iterator[Criterion]:
        kind = shown.kind(field)
        where = partial(_equals, shown.value(field))
        yield _member(shown, field, kind, field, description, partial(_of_value, where, kind))

    return members


def any_of(field: str, description: str) -> Members:
    """Filter by the value of a field of an enum, one or several of them."""

    def members(shown: Shown) -> Iterator[Criterion]:
        yield from exactly(field, description)(shown)
        where = partial(_is_any, shown.value(field))
        yield _member(
            shown,
            f"{field}_in",
            list[shown.kind(field)],  # type: ignore[misc]  # known when it runs
            field,
            f"One of several: {description[0].lower()}{description[1:-1]}; {MOST_VALUES} at most.",
            partial(_of_values, where),
        )

    return members


def within(field: str) -> Members:
    """Filter by the first and the last day of a span, or by two instants, the second left out."""

    def members(shown: Shown) -> Iterator[Criterion]:
        kind, value = shown.kind(field), shown.value(field)
        ends = {
            date: (
                ("from", _at_least, "That day, or a later one."),
                ("to", _at_most, "That day, or an earlier one."),
            ),
            datetime: (
                ("from", _at_least, "That instant, or a later one."),
                ("before", _below, "An instant earlier than that."),
            ),
        }
        for end, where, description in ends[kind]:
            condition = partial(_of_value, partial(where, value), kind)
            yield _member(shown, f"{field}_{end}", kind, field, description, condition)

    return members


def filled(name: str, field: str, description: str) -> Members:
    """Filter by whether a field is there at all."""

    def members(shown: Shown) -> Iterator[Criterion]:
        condition = partial(_of_value, partial(_is_filled, shown.value(field)), bool)
        yield _member(shown, name, bool, field, description, condition)

    return members


def related(name: str, type_name: str, column: str, description: str) -> Members:
    """Filter by the row of a type that a field of the same name shows, by its global id."""

    def members(shown: Shown) -> Iterator[Criterion]:
        where = partial(_equals, lambda row, _: getattr(row, column))

        def condition(given: str, _filter: Any) -> Condition:
            return Condition(where, values=(id_in(type_name, given) or NO_ROW,))

        yield _member(shown, name, strawberry.ID, name, description, condition)

    return members


def member(
    name: str,
    kind: Any,
    description: str,
    condition: Callable[[Any, Any], Condition | None],
    *,
    access: Access,
    reads: Sequence[str],
    takes_null: bool = False,
) -> Members:
    """Filter by something of one's own; ``reads`` names each ``Type.field`` that it tells of."""
    made = Criterion(name, kind, access, tuple(reads), description, condition, takes_null)
    return lambda _: (made,)


def search(description: str, where: Where, *, access: Access, reads: Sequence[str]) -> Search:
    """Search keys for a text; ``reads`` names each ``Type.field`` that is looked at."""

    def condition(given: str) -> Condition:
        return Condition(where, values=(pattern_to_find(given),))

    return Search(access, tuple(reads), description, condition)


def by(
    field: str, description: str, key: Callable[[Any], Any] | None = None
) -> Callable[[Shown], tuple[Order, str]]:
    """Order by a field: by its column, or by a key that is never null and tells nothing else."""

    def order(shown: Shown) -> tuple[Order, str]:
        access = shown.access(field)
        if key is None and getattr(shown.model, field).nullable:
            raise Undeclared(f"{shown.name}.{field} may be null, so rows need a key to follow.")
        column = key or (lambda row: getattr(row, field))
        return Order((column,), goes_by=field, access=access), description

    return order


def criteria(
    cls: type,
    plural: str,
    *members: Members,
    orders: Sequence[Callable[[Shown], tuple[Order, str]]],
    search: Search | None = None,
) -> Criteria:
    """Declare by what lists of a type's rows can be chosen; ``plural`` is what these are called."""
    shown = Shown(cls)
    given = tuple(criterion for made in members for criterion in made(shown))
    made_orders = [order(shown) for order in orders]
    found = Criteria(
        shown.name,
        shown.model,
        given,
        search,
        {str(order.goes_by).upper(): order for order, _ in made_orders},
    )
    sentences = {str(order.goes_by).upper(): sentence for order, sentence in made_orders}
    arguments = _arguments(found, shown.module, plural, sentences)
    return replace(found, arguments=dict(arguments))


def _arguments(
    found: Criteria, module: str, plural: str, sentences: dict[str, str]
) -> Iterator[tuple[str, Any]]:
    if found.criteria:
        filter = _input(
            module,
            f"{found.type_name}Filter",
            f"Which {plural}; all that is given must hold.",
            {
                one.name: (
                    one.kind | None,
                    sent(one.access, default=strawberry.UNSET, description=one.description),
                )
                for one in found.criteria
            },
        )
        text = f"What the {plural} have in common; all of them when left out."
        yield "filter", Annotated[filter | None, argument(text)]
    if found.search:
        yield (
            "search",
            Annotated[str | None, argument(found.search.description, found.search.access)],
        )
    name = f"{found.type_name}OrderField"
    field: Any = StrEnum(name, {key: key for key in sentences})  # type: ignore[misc]
    order = _input(
        module,
        f"{found.type_name}Order",
        f"How a list of {plural} is ordered.",
        {
            "field": (
                described(field, f"What can decide the order of {plural}.", **sentences),
                sent(description="What decides the order; equals stand by their ids."),
            ),
            "descending": (
                bool,
                sent(default=False, description="Whether the largest comes first."),
            ),
        },
    )
    yield "order_by", Annotated[order | None, argument("In which order, instead of the usual one.")]


def _input(module: str, name: str, description: str, fields: dict[str, tuple[Any, Any]]) -> Any:
    annotations = {key: kind for key, (kind, _) in fields.items()}
    values = {key: value for key, (_, value) in fields.items()}
    made = type(name, (), {"__module__": module, "__annotations__": annotations, **values})
    return strawberry.input(made, description=description)


def _member(
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


def _equals(value: Any, row: Any, viewing: Any, wanted: Any) -> sa.ColumnElement[bool]:
    found = value(row, viewing)
    return found.is_(wanted) if isinstance(wanted, bool) else found == wanted  # type: ignore[no-any-return]


def _is_any(value: Any, row: Any, viewing: Any, wanted: Any) -> sa.ColumnElement[bool]:
    return value(row, viewing) == sa.any_(wanted)  # type: ignore[no-any-return]


def _at_least(value: Any, row: Any, viewing: Any, wanted: Any) -> sa.ColumnElement[bool]:
    return value(row, viewing) >= wanted  # type: ignore[no-any-return]


def _at_most(value: Any, row: Any, viewing: Any, wanted: Any) -> sa.ColumnElement[bool]:
    return value(row, viewing) <= wanted  # type: ignore[no-any-return]


def _below(value: Any, row: Any, viewing: Any, wanted: Any) -> sa.ColumnElement[bool]:
    return value(row, viewing) < wanted  # type: ignore[no-any-return]


def _is_filled(value: Any, row: Any, viewing: Any, wanted: bool) -> sa.ColumnElement[bool]:
    found = value(row, viewing)
    return found.is_not(None) if wanted else found.is_(None)  # type: ignore[no-any-return]
