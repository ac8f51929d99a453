"""Finish a schema: guard it, and hand what it declares to those who explain and read."""

from collections.abc import Iterator, Mapping
from typing import Any

import strawberry
from graphql import GraphQLField, GraphQLInputObjectType, GraphQLObjectType, get_named_type
from pydantic.alias_generators import to_camel

from permissions.explain import EDITABLE, Editable, HowToRequest
from permissions.fields import EVERYONE, STORED, Access
from permissions.guards import access_of, guard
from portal.models import Base
from resolvers.context import Context
from resolvers.mutations.change import Mutation
from resolvers.mutations.preview import PreviewOf
from resolvers.reading.selection import source_of
from resolvers.sources import STORED_KEY, Column, Itself
from schema.verb import EDITS_KEY, REQUESTABLE_KEY, REQUESTS_KEY, RUN_KEY

_BACKREF = "strawberry-definition"


def complete(schema: strawberry.Schema) -> None:
    """Guard every field, then fill the tables that follow from the declarations."""
    guard(schema)
    core = schema._schema  # noqa: SLF001  (Strawberry gives no other way to graphql-core)
    for kind in core.type_map.values():
        if isinstance(kind, GraphQLObjectType) and _BACKREF in kind.extensions:
            model = getattr(kind.extensions[_BACKREF].origin, "__portal_model__", None)
            if model is not None:
                STORED.update(_stored(kind, model))
                if any(interface.name == "Node" for interface in kind.interfaces):
                    Context.nodes[kind.name] = model
    if core.mutation_type is not None:
        mutations = core.mutation_type.fields
        for name, field in mutations.items():
            EDITABLE.extend(_editable(name, field, _how_to_request(field, mutations)))


def _stored(kind: GraphQLObjectType, model: type[Base]) -> Iterator[tuple[str, Access]]:
    """Give what a type shows of its model, as the history names it, and the guard of it."""
    for field in kind.fields.values():
        source = source_of(field)
        definition: Any = field.extensions[_BACKREF]
        for name in definition.metadata.get(STORED_KEY, ()):
            yield name, access_of(field)
        if isinstance(source, Column):
            for attribute in source.attributes or (definition.python_name,):
                yield f"{model.__name__}.{to_camel(attribute)}", access_of(field)
        elif isinstance(source, Itself):
            below = get_named_type(field.type)
            if isinstance(below, GraphQLObjectType):
                yield from _stored(below, model)


def _how_to_request(
    field: GraphQLField, mutations: Mapping[str, GraphQLField]
) -> HowToRequest | None:
    """Find the way to ask for what a mutation does, where it declares a kind of request."""
    kind = _declared(field, REQUESTABLE_KEY)
    if kind is None:
        return None
    (name,) = (name for name, other in mutations.items() if _declared(other, REQUESTS_KEY))
    return HowToRequest(name, kind, access_of(mutations[name]))


def _declared(field: GraphQLField, key: str) -> Any:
    definition: Any = field.extensions[_BACKREF]
    return definition.metadata[key]


def _editable(
    name: str, field: GraphQLField, how_to_request: HowToRequest | None
) -> Iterator[Editable]:
    """Give the fields that a mutation changes: as it declares, else those of its input."""
    run: Mutation | PreviewOf = _declared(field, RUN_KEY)
    edits: tuple[str, ...] = _declared(field, EDITS_KEY)
    if run.model is None or isinstance(run, PreviewOf):
        return
    type_name = run.model.__name__
    for edited in edits:
        yield Editable(type_name, edited, name, (access_of(field),), how_to_request)
    if not edits:
        given = get_named_type(field.args["input"].type)
        elements = given.fields if isinstance(given, GraphQLInputObjectType) else {}
        for field_name, element in elements.items():
            if access_of(element) is not EVERYONE:
                guards = (access_of(field), access_of(element))
                yield Editable(type_name, field_name, name, guards, how_to_request)
