"""Which of the project's own example operations the compiled lane cannot answer."""

from collections.abc import Iterator
from importlib.resources import files

from graphql import OperationDefinitionNode, OperationType, parse

from portal import clock
from portal.addresses import Addresses
from portal.database import Database
from portal.viewer import STAFF, Grant, Role, Scope, Viewer
from resolvers.reading.leaving import NotCompiled, Refused
from resolvers.reading.run import Query, Reading, switches_of
from schema.root import schema


def uncompiled(addresses: Addresses) -> Iterator[str]:
    """Give a sentence for each query of the examples that has no statement, for some role."""
    reading = Reading(schema._schema, Database(addresses))  # noqa: SLF001 -- no public name
    for place in sorted(files("portal.web").joinpath("examples").iterdir(), key=str):
        document = parse(place.read_text(encoding="utf-8"))
        switches = switches_of(document)
        for definition in document.definitions:
            if (
                isinstance(definition, OperationDefinitionNode)
                and definition.operation is OperationType.QUERY
            ):
                query = Query(document, definition, {}, switches)
                yield from _faults(reading, query)


def _faults(reading: Reading, query: Query) -> Iterator[str]:
    everything = Grant(frozenset(Scope))
    for role in Role:
        viewer = Viewer(role, everywhere=everything if role in STAFF else Grant())
        try:
            reading.prepared(query, viewer, clock.now())
        except NotCompiled as reason:
            name = query.definition.name
            yield f"{name.value if name else 'A query'} is not compiled for {role}: {reason}."
        except Refused:
            # Without its variables a query can be planned as little as it can be run.
            continue
