"""How far one role comes in the schema: the fields it may use, and the types they lead to."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

from permissions.definition import definition_of
from permissions.guards import access_of
from permissions.rows import is_ever_visible
from portal.viewer import Role

Element = GraphQLField | GraphQLArgument | GraphQLInputField
WithFields = GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType


class Reach:
    """What is open to a role, by role alone: a scope is held in one account and not in another."""

    def __init__(self, whole: GraphQLSchema, role: Role) -> None:
        self._whole = whole
        self._role = role
        self._fields = {
            name: {key for key, field in kind.fields.items() if self._is_named(field)}
            for name, kind in whole.type_map.items()
            if isinstance(kind, WithFields) and not name.startswith("__")
        }
        while self._closes_dead_ends():
            pass
        self.types = set(self._reached())

    def shows(self, kind: WithFields, field: str) -> bool:
        """Say whether the role may use a field of a type that it reaches."""
        return field in self._fields[kind.name]

    def takes(self, argument: GraphQLArgument) -> bool:
        """Say whether the role may send an argument."""
        return self._is_named(argument) and self._is_alive(argument)

    def _is_named(self, element: Element) -> bool:
        return access_of(element).is_open_to(self._role)

    def _closes_dead_ends(self) -> bool:
        """Close what leads to nothing usable; then what leads to that is closed in its turn."""
        closed = False
        for name, fields in self._fields.items():
            kind: Any = self._whole.type_map[name]
            dead = {key for key in fields if not self._is_alive(kind.fields[key])}
            fields.difference_update(dead)
            closed = closed or bool(dead)
        return closed

    def _is_alive(self, element: Element) -> bool:
        kind = get_named_type(element.type)
        if isinstance(kind, GraphQLUnionType):
            return any(map(self._has_fields, kind.types))
        return self._has_fields(kind)

    def _has_fields(self, kind: GraphQLNamedType) -> bool:
        return bool(self._fields.get(kind.name, True))

    def _reached(self) -> Iterator[str]:
        roots = (self._whole.query_type, self._whole.mutation_type)
        waiting: list[GraphQLNamedType] = [
            kind for kind in roots if kind and self._has_fields(kind)
        ]
        found: set[str] = set()
        while waiting:
            kind = waiting.pop()
            if kind.name not in found:
                found.add(kind.name)
                yield kind.name
                waiting += self._next(kind)

    def _next(self, kind: GraphQLNamedType) -> Iterator[GraphQLNamedType]:
        if isinstance(kind, WithFields):
            for name in self._fields[kind.name]:
                field: Element = kind.fields[name]
                yield get_named_type(field.type)
                if isinstance(field, GraphQLField):
                    yield from (
                        get_named_type(argument.type)
                        for argument in filter(self.takes, field.args.values())
                    )
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            yield from kind.interfaces
        if isinstance(kind, GraphQLInterfaceType):
            yield from filter(self._has_rows, self._whole.get_possible_types(kind))
        elif isinstance(kind, GraphQLUnionType):
            yield from filter(self._has_fields, kind.types)

    def _has_rows(self, kind: GraphQLObjectType) -> bool:
        """Say whether the role could ever be answered a row of this type."""
        model = definition_of(kind).origin.__portal_model__
        return self._has_fields(kind) and is_ever_visible(model, self._role)
