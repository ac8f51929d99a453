"""Whether what a list goes by may be read by whoever reads the list: asked when the schema is made.

A place in a list tells of what decides it, and so does a cursor.
"""

from collections.abc import Iterator

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type

from permissions.definition import definition_of
from permissions.fields import Access
from permissions.guards import access_of
from portal.language.naming import camel
from resolvers.ordering import GUARDS
from resolvers.reading.selection import source_of
from resolvers.sources import Asked, Entry, Order, Relation


class Unguarded(Exception):
    """A list goes by something that not everybody may read who reads it."""


def guard_orders(schema: GraphQLSchema) -> None:
    """Note the guards of orders that some readers lack; raises ``Unguarded`` for a faulty one."""
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType) or definition_of(kind) is None:
            continue
        for name, field in kind.fields.items():
            source = source_of(field)
            for order in _orders(source):
                guard = _guard_of(f"{kind.name}.{name}", field, order)
                if guard is None or _holds_for_all(access_of(field), guard):
                    continue
                if not isinstance(source, Entry):
                    raise Unguarded(
                        f"{kind.name}.{name} goes by what not all its readers may read."
                    )
                GUARDS[source, order.goes_by] = guard


def _orders(source: object) -> Iterator[Order]:
    if isinstance(source, Entry):
        yield from (source.order, *source.orders)
    elif isinstance(source, Relation) and source.paged:
        yield source.order
    elif isinstance(source, Asked) and source.paged:
        yield from source.orders


def _guard_of(name: str, field: GraphQLField, order: Order) -> Access | None:
    if not order.columns:
        return None
    shown = getattr(_node_of(field), "fields", {})
    if order.goes_by is None or camel(order.goes_by) not in shown:
        raise Unguarded(f"{name} does not say which field it goes by.")
    return access_of(shown[camel(order.goes_by)])


def _node_of(field: GraphQLField) -> object:
    kind = get_named_type(field.type)
    for part in ("edges", "node"):
        if not isinstance(kind, GraphQLObjectType):
            break
        kind = get_named_type(kind.fields[part].type)
    return kind


def _holds_for_all(listed: Access, shown: Access) -> bool:
    """Say whether whoever may use the one may use the other."""
    roles = not shown.roles or (bool(listed.roles) and set(listed.roles) <= set(shown.roles))
    scope = shown.scope is None or shown.scope == listed.scope
    members = not shown.member_roles or (
        bool(listed.member_roles) and set(listed.member_roles) <= set(shown.member_roles)
    )
    return roles and scope and members
