"""What is the same of every type, for which one rule is enough, and which area the rest is of."""

import inspect
from functools import cache
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLObjectType, is_input_object_type

from permissions.definition import definition_of
from permissions.fields import Access
from permissions.guards import access_of
from schema.root import schema

CORE = schema._schema  # noqa: SLF001 -- no public name
COMMON = "common"
_AREAS = {"catalogue", "modules", "contract", "people", "billing", "relation", "partner"}
_REFUSALS = {"Refusal", "Problem", "ProblemValue", "Requirements"}
_PAGING = {"first", "after", "last", "before"}
# What every input of a mutation may begin with.
_ENVELOPE = {"id", "expectedVersion", "idempotencyKey"}


@cache
def structure() -> dict[str, Access]:
    """Give each coordinate that pages, identifies, versions or refuses, with what it declares."""
    found: dict[str, Access] = {}
    for type_name, kind in CORE.type_map.items():
        if isinstance(kind, GraphQLInputObjectType):
            names = _ENVELOPE & set(kind.fields)
            found |= {f"{type_name}.{name}": access_of(kind.fields[name]) for name in names}
        elif isinstance(kind, GraphQLObjectType) and not type_name.startswith("__"):
            names = kind.fields if _is_structural(kind) else {"id"} & set(kind.fields)
            found |= {f"{type_name}.{name}": access_of(kind.fields[name]) for name in names}
            for name, field in kind.fields.items():
                found |= {
                    f"{type_name}.{name}({argument}:)": access_of(field.args[argument])
                    for argument in _PAGING & set(field.args)
                }
    return found


def _is_structural(kind: GraphQLObjectType) -> bool:
    """Tell connections, their edges and page info, and refusals."""
    names = set(kind.fields)
    return (
        {"edges", "pageInfo"} <= names
        or names == {"cursor", "node"}
        or kind.name in {"PageInfo", *_REFUSALS}
    )


def area_of(coordinate: str) -> str:
    """Give the area whose module declares it; a root field that several areas answer has none."""
    type_name, _, name = coordinate.partition(".")
    kind = CORE.type_map[type_name]
    if kind is not CORE.query_type:
        field = "" if is_input_object_type(kind) else name.partition("(")[0]
        return _area(_declared_in(kind, field))
    answer: Any = kind.fields[name.partition("(")[0]].type
    while hasattr(answer, "of_type"):
        answer = answer.of_type
    if isinstance(answer, GraphQLObjectType) and _is_structural(answer):
        answer = CORE.type_map[answer.name.removesuffix("Connection")]
    return _area(_declared_in(answer, ""))


def _declared_in(kind: Any, name: str) -> str:
    """Name the module of the class that declares a field, or else of the type."""
    origin: Any = getattr(kind.extensions.get("strawberry-definition"), "origin", None)
    if name and kind.fields.get(name):
        python_name = definition_of(kind.fields[name]).python_name
        for declaring in origin.__mro__:
            if python_name in inspect.get_annotations(declaring):
                return str(declaring.__module__)
    return str(origin.__module__) if origin else ""


def _area(module: str) -> str:
    """Give the area that a module of the schema stands in, in its name or in its folder's."""
    _, _, *place = module.split(".")
    return place[0] if place and place[0] in _AREAS else COMMON
