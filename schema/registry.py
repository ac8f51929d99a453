"""Finish a schema: guard it, and hand what it declares to those who explain and read."""

from collections.abc import Iterator, Mapping
from typing import Any

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
)

from permissions.definition import definition_of
from permissions.explain import EDITABLE, Editable, HowToRequest, When
from permissions.fields import EVERYONE, SHOWN_AS, STORED, Access
from permissions.guards import UndeclaredAccess, access_of, guard
from portal.actions.requestable import Requestable
from portal.language.naming import camel
from portal.models import Base
from portal.rules.people.request import RequestKind
from resolvers.changing.preview import PreviewOf
from resolvers.changing.run import Mutation
from resolvers.context import Context
from resolvers.reading.selection import source_of
from resolvers.sources import STORED_KEY, Column, InLanguage, Itself
from schema.fields import REQUESTABLE_KEY
from schema.inputs import mark_one_of
from schema.length import show_lengths
from schema.lists import check_lists
from schema.types.edit import ReasonedEditInput
from schema.verb import EDITS_KEY, REQUESTS_KEY, RUN_KEY, WHEN_KEY, resolver_of
from schema.writable import unwritable

# What is said of a change is nothing that it changes.
_SAID_OF_A_CHANGE = frozenset(
    camel(name)
    for edit in ReasonedEditInput.__mro__
    for name in vars(edit).get("__annotations__", ())
)

# The field of the input of a request that says what is asked for.
_PROPOSED = "proposed"


def complete(schema: strawberry.Schema) -> None:
    """Guard every field, then fill the tables that follow from the declarations."""
    if undeclared := set(RequestKind) - set(Requestable.known):
        raise TypeError(f"No area declares these requests: {', '.join(sorted(undeclared))}.")
    core = schema._schema  # noqa: SLF001  (Strawberry gives no other way to graphql-core)
    if core.mutation_type is not None:
        for field in core.mutation_type.fields.values():
            field.resolve = resolver_of(field, schema.config.name_converter)
    guard(schema)
    check_lists(core)
    mark_one_of(core)
    show_lengths(core)
    for kind in core.type_map.values():
        if isinstance(kind, GraphQLObjectType) and (definition := definition_of(kind)) is not None:
            model = getattr(definition.origin, "__portal_model__", None)
            if model is not None:
                STORED.update(_stored(kind, model))
                SHOWN_AS.update(_shown_as(kind, model, kind.name))
                if any(interface.name == "Node" for interface in kind.interfaces):
                    Context.nodes[kind.name] = model
    if core.mutation_type is not None:
        mutations = core.mutation_type.fields
        edits = [
            edit for name, field in mutations.items() for edit in _editable(name, field, mutations)
        ]
        sent = (edit for name, field in mutations.items() for edit in _sent(name, field))
        if faults := dict.fromkeys(unwritable(Context.nodes, [*edits, *sent])):
            raise UndeclaredAccess("\n".join(faults))
        EDITABLE.extend(edits)


def _stored(kind: GraphQLObjectType, model: type[Base]) -> Iterator[tuple[str, Access]]:
    """Give what a type shows of its model, as the history names it, and the guard of it."""
    for field in kind.fields.values():
        source = source_of(field)
        definition = definition_of(field)
        for name in definition.metadata.get(STORED_KEY, ()):
            yield name, access_of(field)
        if isinstance(source, Column):
            for attribute in source.attributes or (definition.python_name,):
                yield f"{model.__name__}.{camel(attribute)}", access_of(field)
        elif isinstance(source, InLanguage):
            for name in (definition.python_name, f"{definition.python_name}_translations"):
                yield f"{model.__name__}.{camel(name)}", access_of(field)
        elif isinstance(source, Itself):
            below = get_named_type(field.type)
            if isinstance(below, GraphQLObjectType):
                yield from _stored(below, model)


def _shown_as(kind: GraphQLObjectType, model: type[Base], path: str) -> Iterator[tuple[str, str]]:
    """Give what a type shows of its model, as the history names it, and the field that shows it.

    The first of several columns has no field of its own.
    """
    for field_name, field in kind.fields.items():
        source = source_of(field)
        shown = f"{path}.{field_name}"
        stored = definition_of(field).metadata.get(STORED_KEY, ())
        yield from ((name, shown) for name in stored)
        below = get_named_type(field.type)
        if isinstance(source, Itself) and isinstance(below, GraphQLObjectType):
            yield from _shown_as(below, model, shown)
        elif isinstance(source, Column) and source.attributes:
            if len(source.attributes) == 1:
                yield f"{model.__name__}.{camel(source.attributes[0])}", shown
        elif not stored:
            yield f"{model.__name__}.{field_name}", shown
        if isinstance(source, InLanguage):
            yield f"{model.__name__}.{field_name}Translations", shown


def _how_to_request(
    element: GraphQLField | GraphQLInputField, mutations: Mapping[str, GraphQLField]
) -> HowToRequest | None:
    """Find the way to ask for what an element allows, where it declares a kind of request."""
    kind = _declared(element, REQUESTABLE_KEY)
    if kind is None:
        return None
    (name,) = (name for name, other in mutations.items() if _declared(other, REQUESTS_KEY))
    asks = mutations[name]
    proposed = _fields_of(_elements(asks)[_PROPOSED])
    access = access_of(proposed[camel(Requestable.known[kind].given)])
    return HowToRequest(name, kind, access_of(asks) if access is EVERYONE else access)


def _declared(element: GraphQLField | GraphQLInputField, key: str) -> Any:
    return definition_of(element).metadata.get(key)


def _elements(mutation: GraphQLField) -> Mapping[str, GraphQLInputField]:
    """Give the fields of the input of a mutation."""
    return _fields_of(mutation.args["input"])


def _fields_of(element: GraphQLArgument | GraphQLInputField) -> Mapping[str, GraphQLInputField]:
    given = get_named_type(element.type)
    return given.fields if isinstance(given, GraphQLInputObjectType) else {}


def _sent(name: str, field: GraphQLField) -> Iterator[Editable]:
    """Give the fields of an input as changes of what has their name, where nothing else is said."""
    run: Mutation | PreviewOf = _declared(field, RUN_KEY)
    if run.model is None or isinstance(run, PreviewOf):
        return
    if _declared(field, EDITS_KEY) or _declared(field, REQUESTS_KEY):
        return
    for field_name in sorted(_elements(field).keys() - _SAID_OF_A_CHANGE):
        guards = (access_of(field), access_of(_elements(field)[field_name]))
        yield Editable(run.model.__name__, field_name, name, guards)


def _editable(
    name: str, field: GraphQLField, mutations: Mapping[str, GraphQLField]
) -> Iterator[Editable]:
    """Give the fields that a mutation changes: as it declares, else those of its input.

    What can be asked for by a request of its own is always among them.
    """
    run: Mutation | PreviewOf = _declared(field, RUN_KEY)
    edits: tuple[str, ...] = _declared(field, EDITS_KEY)
    if run.model is None or isinstance(run, PreviewOf) or _declared(field, REQUESTS_KEY):
        return
    type_name = run.model.__name__
    how_to_request = _how_to_request(field, mutations)
    when: When | None = _declared(field, WHEN_KEY)
    elements = _elements(field)
    for edited in edits:
        path = ("input", edited) if edited in elements else None
        yield Editable(type_name, edited, name, (access_of(field),), how_to_request, path, when)
    for field_name, element in elements.items():
        if field_name in _SAID_OF_A_CHANGE:
            continue
        asked_for = _how_to_request(element, mutations)
        if asked_for or (not edits and access_of(element) is not EVERYONE):
            guards = (access_of(field), access_of(element))
            request = asked_for or how_to_request
            path = ("input", field_name)
            yield Editable(type_name, field_name, name, guards, request, path, when)
