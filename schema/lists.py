"""Whether each list in pages declares what it goes by, with the guards of the fields it reads.

Asked when the schema is made: a filter, a search or a place among others tells of what decides it.
"""

from collections.abc import Iterable, Iterator

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, get_named_type

from permissions.definition import definition_of
from permissions.fields import Access
from permissions.guards import access_of
from portal.language.naming import camel
from resolvers.listing import Criteria
from resolvers.reading.selection import source_of
from resolvers.sources import Entry, Relation
from schema.shown import Undeclared


def check_lists(schema: GraphQLSchema) -> None:
    """Look at every list in pages; raises ``Undeclared``, which names every fault."""
    faults = list(dict.fromkeys(_faults(schema)))
    if faults:
        raise Undeclared("\n".join(faults))


def _faults(schema: GraphQLSchema) -> Iterator[str]:
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType) or definition_of(kind) is None:
            continue
        for name, field in kind.fields.items():
            node = _node_of(field)
            if node is not None:
                yield from _faults_of(schema, f"{kind.name}.{name}", field, node)


def _faults_of(
    schema: GraphQLSchema, name: str, field: GraphQLField, node: GraphQLObjectType
) -> Iterator[str]:
    source = source_of(field)
    criteria = source.criteria if isinstance(source, (Entry, Relation)) else None
    if criteria is None or criteria.type_name != node.name:
        yield f"{name} does not declare by what {node.name} can be listed."
        return
    for order in criteria.orders.values():
        shown = node.fields.get(camel(str(order.goes_by)))
        if shown is None:
            yield f"{name} goes by {node.name}.{order.goes_by}, which is no field."
        elif access_of(shown) != order.access:
            yield f"{name} goes by {node.name}.{order.goes_by} without its guard."
    for told, access, reads in _told(criteria):
        for read in reads:
            guard = _guard_of(schema, read)
            if guard is None:
                yield f"{node.name}({told}) reads {read}, which is no field."
            elif not _holds_for_all(access, guard):
                yield f"{node.name}({told}) reads {read} without its guard."
        if isinstance(field.type, GraphQLNonNull) and not _holds_for_all(access_of(field), access):
            yield f"{name} is never null, so whoever may read it must be allowed {told}."


def _told(criteria: Criteria) -> Iterator[tuple[str, Access, Iterable[str]]]:
    """Give what callers can send, each with its guard and with what it tells of."""
    for one in criteria.criteria:
        yield f"filter: {camel(one.name)}", one.access, one.reads
    if criteria.search:
        yield "search", criteria.search.access, criteria.search.reads


def _guard_of(schema: GraphQLSchema, coordinate: str) -> Access | None:
    type_name, _, name = coordinate.partition(".")
    shown = getattr(schema.type_map.get(type_name), "fields", {}).get(camel(name))
    return None if shown is None else access_of(shown)


def _node_of(field: GraphQLField) -> GraphQLObjectType | None:
    """Give the type of the rows of a list in pages; None for any other field."""
    kind = get_named_type(field.type)
    for part in ("edges", "node"):
        shown = getattr(kind, "fields", {}).get(part)
        if shown is None:
            return None
        kind = get_named_type(shown.type)
    return kind if isinstance(kind, GraphQLObjectType) else None


def _holds_for_all(given: Access, shown: Access) -> bool:
    """Say whether whoever may use the one may use the other."""
    roles = not shown.roles or (bool(given.roles) and set(given.roles) <= set(shown.roles))
    scope = shown.scope is None or shown.scope == given.scope
    members = not shown.member_roles or (
        bool(given.member_roles) and set(given.member_roles) <= set(shown.member_roles)
    )
    return roles and scope and members
