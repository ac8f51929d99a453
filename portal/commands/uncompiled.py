"""Which of the project's own example operations the compiled lane cannot answer."""

from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from typing import Any, Final

from graphql import (
    FieldNode,
    GraphQLNonNull,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
    is_abstract_type,
    parse,
    type_from_ast,
)

from portal import clock
from portal.database.addresses import Addresses
from portal.database.engines import NOBODY, Database
from portal.language import global_id
from portal.viewer import STAFF, Grant, MemberRole, Role, Scope, Viewer
from resolvers.context import Context
from resolvers.reading.fallback import NotCompiled, Refused
from resolvers.reading.plan import Answered
from resolvers.reading.run import Query, Reading, switches_of
from resolvers.reading.variables import NONE
from resolvers.reading.writer import ANSWERED_ID
from schema.root import schema

_SCHEMA: Final = schema._schema  # noqa: SLF001 -- no public name
# Those who may do the most: what is refused to others is less to compile.
_EVERYTHING: Final = Grant(frozenset(Scope), MemberRole.OWNER)
_VIEWERS: Final = {
    role: Viewer(role, everywhere=_EVERYTHING)
    if role in STAFF
    else Viewer(role, grants={} if role is Role.ANONYMOUS else {NOBODY: _EVERYTHING})
    for role in Role
}


def uncompiled(addresses: Addresses) -> Iterator[str]:
    """Give a sentence for each of the examples that has no statement, for some role."""
    reading = Reading(_SCHEMA, Database(addresses))
    for place in sorted(files("portal.web.graphiql").joinpath("examples").iterdir(), key=str):
        yield from uncompiled_in(place.read_text(encoding="utf-8"), reading)


def uncompiled_in(text: str, reading: Reading) -> Iterator[str]:
    """Give a sentence for each operation of a document that has no statement, for some role."""
    document = parse(text)
    switches = switches_of(document)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            name = definition.name.value if definition.name else "An operation"
            query = Query(document, definition, {}, switches)
            for role in Role:
                # The same for each id that it could be sent with.
                for reason in dict.fromkeys(_reasons(reading, query, role)):
                    yield f"{name} is not compiled for {role}: {reason}."


def _reasons(reading: Reading, query: Query, role: Role) -> Iterator[str]:
    viewer = _VIEWERS[role]
    is_query = query.definition.operation is OperationType.QUERY
    for asked in _asked(query) if is_query else _answered(query):
        try:
            if isinstance(asked, Answered):
                operation, now = query.operation(NONE, asked), clock.now()
                reading.filled(operation, viewer, now, {ANSWERED_ID: NOBODY})
            else:
                reading.prepared(query._replace(variables=asked), viewer, clock.now())
        except NotCompiled as reason:
            yield str(reason)
        except Refused:
            # The role may not send what it would have to.
            continue


def _asked(query: Query) -> Iterator[dict[str, Any]]:
    """Give the variables that a query needs, as ids of each type that there is."""
    ids = [global_id.encode(name, NOBODY) for name in Context.nodes]
    needed = [
        node.variable.name.value
        for node in query.definition.variable_definitions or ()
        if isinstance(type_from_ast(_SCHEMA, node.type), GraphQLNonNull) and not node.default_value
    ]
    for values in product(ids, repeat=len(needed)):
        yield dict(zip(needed, values, strict=True))


def _answered(query: Query) -> Iterator[Answered]:
    """Give the rows that a mutation can answer, for each of its fields."""
    mutations: Any = _SCHEMA.mutation_type
    for node in query.definition.selection_set.selections:
        if isinstance(node, FieldNode):
            target: Any = get_named_type(mutations.fields[node.name.value].type)
            kinds = _SCHEMA.get_possible_types(target) if is_abstract_type(target) else [target]
            key = (node.alias or node.name).value
            yield from (Answered(key, kind, [node]) for kind in kinds if kind.name in Context.nodes)
