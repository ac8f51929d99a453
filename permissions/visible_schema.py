"""What one role sees of the schema: what it may use, and nothing else.

The whole schema stays the one that operations are validated against; this is what introspection,
GraphiQL and ``portal schema --role`` show.
"""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_specified_directive,
)

from permissions.guards import access_of
from permissions.reach import Element, Reach
from portal.viewer import Role


def visible_schema(whole: GraphQLSchema, role: Role) -> GraphQLSchema:
    """Give the schema of a role: the fields open to it, and the types that those lead to.

    What needs a scope as well is shown, and its description says so. ``@allowed`` is not: it
    speaks of the other roles too.
    """
    return _Copy(whole, role).schema()


class _Copy:
    """The types of a schema, made again with what one role reaches of them."""

    def __init__(self, whole: GraphQLSchema, role: Role) -> None:
        self._whole = whole
        self._role = role
        self._reach = Reach(whole, role)
        self._types = {
            name: self._type(kind)
            for name, kind in whole.type_map.items()
            if name in self._reach.types
        }

    def schema(self) -> GraphQLSchema:
        """Put the copies together."""
        options: Any = self._whole.to_kwargs() | {
            root: kind and self._types.get(kind.name)
            for root, kind in (
                ("query", self._whole.query_type),
                ("mutation", self._whole.mutation_type),
            )
        }
        options["types"] = list(self._types.values())
        options["directives"] = list(filter(is_specified_directive, self._whole.directives))
        return GraphQLSchema(**options)

    def _type(self, kind: GraphQLNamedType) -> GraphQLNamedType:
        options: Any = kind.to_kwargs()
        if isinstance(kind, GraphQLInputObjectType):
            return GraphQLInputObjectType(
                **options | {"fields": lambda: dict(self._input_fields(kind))}
            )
        if isinstance(kind, GraphQLUnionType):
            return GraphQLUnionType(**options | {"types": lambda: self._all(kind.types)})
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            changes = {
                "fields": lambda: dict(self._fields(kind)),
                "interfaces": lambda: self._all(kind.interfaces),
            }
            return type(kind)(**options | changes)
        return kind

    def _fields(
        self, kind: GraphQLObjectType | GraphQLInterfaceType
    ) -> Iterator[tuple[str, GraphQLField]]:
        for name, field in kind.fields.items():
            if self._reach.shows(kind, name):
                args = {
                    key: GraphQLArgument(**self._options(argument))
                    for key, argument in field.args.items()
                    if self._reach.takes(argument)
                }
                yield name, GraphQLField(**self._options(field) | {"args": args})

    def _input_fields(
        self, kind: GraphQLInputObjectType
    ) -> Iterator[tuple[str, GraphQLInputField]]:
        for name, field in kind.fields.items():
            if self._reach.shows(kind, name):
                yield name, GraphQLInputField(**self._options(field))

    def _options(self, element: Element) -> dict[str, Any]:
        said = [element.description] if element.description else []
        text = " ".join((*said, *self._needs(element))) or None
        options: dict[str, Any] = {**element.to_kwargs()}
        return options | {"type_": self._reference(element.type), "description": text}

    def _needs(self, element: Element) -> Iterator[str]:
        """Say what the role needs besides; managers hold every scope."""
        access = access_of(element)
        if access.scope and self._role is not Role.MANAGER:
            yield f"Needs the scope {access.scope} in the account."
        if access.member_roles and self._role is Role.CUSTOMER:
            yield f"For members who are {' or '.join(access.member_roles)}."

    def _reference(self, kind: Any) -> Any:
        if isinstance(kind, GraphQLList | GraphQLNonNull):
            return type(kind)(self._reference(kind.of_type))
        return self._types[kind.name]

    def _all(self, kinds: Any) -> list[Any]:
        return [self._types[kind.name] for kind in kinds if kind.name in self._types]
