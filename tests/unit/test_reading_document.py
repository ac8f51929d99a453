"""The page about reading shows the statement that the compiler writes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, parse
from sqlalchemy import make_url

from portal.clock import now
from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.viewer import Grant, Role, Scope, Viewer
from resolvers.reading.run import Query, Reading
from schema.root import schema

PAGE = Path(__file__).parent.parent.parent / "docs" / "reading.md"
OPERATION = re.compile(r"```graphql\n(.*?)```", re.DOTALL)
STATEMENT = re.compile(r"(?<=```sql\n).*?(?=```)", re.DOTALL)
# Where a line of the page begins.
BREAKS = re.compile(r" (?=SELECT set_config|SELECT \(SELECT|FROM|WHERE|ORDER BY|AS \"|WHEN)")


@pytest.mark.check
def test_the_statement_is_as_the_page_shows(compare: Callable[[Path, str], None]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = OPERATION.search(text)
    assert found
    document = parse(found[1])
    (definition,) = document.definitions
    assert isinstance(definition, OperationDefinitionNode)
    nowhere = make_url("postgresql+asyncpg://nobody@localhost/nowhere")
    database = Database(Addresses(*[nowhere] * 5))
    reading = Reading(schema._schema, database)  # noqa: SLF001 -- no public name
    query = Query(document, definition, {"id": "bm9ib2R5"}, ())
    viewer = Viewer(Role.MANAGER, everywhere=Grant(frozenset(Scope)))
    query = Query(document, definition, {"id": ID}, ())
    statement = reading.prepared(query, viewer, now()).statement
    compare(PAGE, STATEMENT.sub(lambda _: BREAKS.sub("\n", statement.text) + "\n", text))


ID = "QWNjb3VudDowMTk5NGUwOC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA="
