"""What a mutation is given, as its verb takes it: made by a plan that is drawn up at the start.

Strawberry looks up every type and name of an input anew whenever one is sent.
"""

from collections.abc import Callable, Iterable
from dataclasses import MISSING
from decimal import Decimal
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLSchema
from strawberry import Some
from strawberry.schema.name_converter import NameConverter
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryOptional,
    has_object_definition,
)

from permissions.definition import definition_of
from portal.errors import InvalidInput, PortalError, Several, faults_below, gathered
from schema.scalars import NoDecimal

Make = Callable[[Any], Any]


def maker(kind: Any, names: NameConverter) -> Make | None:
    """Give what makes a value out of one that graphql-core has checked; None where it is that.

    What it makes raises the faults of a value, each with its path.
    """
    if kind is Decimal:
        return _decimal
    if has_object_definition(kind):
        return _input(kind, names)
    if not isinstance(kind, (StrawberryOptional, StrawberryList)):
        return None
    inner = maker(kind.of_type, names)
    if isinstance(kind, StrawberryMaybe):
        return Some if inner is None else _some(inner)
    if isinstance(kind, StrawberryOptional):
        return inner and _unless_null(inner)
    return list if inner is None else _each(inner)


def mark_one_of(core: GraphQLSchema) -> None:
    """Let graphql-core check what is ``one_of`` as all else that is sent; Strawberry hides it."""
    for kind in core.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            kind.is_one_of = definition_of(kind).is_one_of


def _some(inner: Make) -> Make:
    return lambda value: Some(inner(value))


def _unless_null(inner: Make) -> Make:
    return lambda value: None if value is None else inner(value)


def _decimal(value: Any) -> Any:
    if isinstance(value, NoDecimal):
        raise InvalidInput("Must be a number like 12.50, with six decimals at most.")
    return value


def _each(inner: Make) -> Make:
    def make(values: Any) -> Any:
        try:
            return list(map(inner, values))
        except PortalError:
            pieces = ((str(number), inner, value) for number, value in enumerate(values))
            raise Several(_faults(pieces)) from None

    return make


def _faults(pieces: Iterable[tuple[str, Make, Any]]) -> list[PortalError]:
    """Give the faults of every piece, below its name."""
    faults: list[PortalError] = []
    for name, inner, value in pieces:
        with gathered(faults), faults_below(name):
            inner(value)
    return faults


def _input(kind: Any, names: NameConverter) -> Make:
    definition = kind.__strawberry_definition__
    fields = definition.fields
    parts = [
        (
            names.from_field(field),
            field.python_name,
            maker(field.resolve_type(type_definition=definition), names),
        )
        for field in fields
    ]
    absent = {
        field.python_name: None
        for field in fields
        if field.default_value is MISSING and field.default_factory is MISSING
    }

    def make(value: Any) -> Any:
        try:
            given = {
                attribute: value[name] if inner is None else inner(value[name])
                for name, attribute, inner in parts
                if name in value
            }
        except PortalError:
            sent = ((name, inner) for name, _, inner in parts if inner and name in value)
            pieces = ((name, inner, value[name]) for name, inner in sent)
            raise Several(_faults(pieces)) from None
        return kind(**absent | given)

    return make
