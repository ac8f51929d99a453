"""An index serves the page of a list that may be long: its order, and its cursor."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_named_type, parse

import schema.root
from portal.clock import now
from portal.database.connection import connect
from portal.viewer import Grant, Role, Scope, Viewer
from resolvers.reading.run import Query, Reading
from tests.world import Kind

SCHEMA = schema.root.schema._schema  # noqa: SLF001 -- no public name
MANAGER = Viewer(Role.MANAGER, everywhere=Grant(frozenset(Scope)))
# The tables of the lists at the root that grow with the customers; of others there are few rows.
LONG = {
    "accounts": "account",
    "billingProblems": "billing_problem",
    "billingRuns": "billing_run",
    "documents": "document",
    "operatorHistory": "operator_history",
    "requests": "request",
    "staffHistory": "operator_history",
}
FEW = {
    *("apps", "booksClosings", "generalPaymentTerms", "modules", "operatorProfiles"),
    *("permissionProfiles", "staff"),
}
# Where an index can serve, it does, however few rows a test has.
INDEXES_ALONE = (
    "SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"
)


def orders(name: str) -> list[str]:
    """Name the orders of a list."""
    assert SCHEMA.query_type
    order: Any = get_named_type(SCHEMA.query_type.fields[name].args["orderBy"].type)
    return list(get_named_type(order.fields["field"].type).values)


def below(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give a node of a plan and all below it."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from below(part)


def test_every_list_is_long_or_short():
    assert SCHEMA.query_type
    found = {name for name, field in SCHEMA.query_type.fields.items() if "orderBy" in field.args}
    assert found == LONG.keys() | FEW


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("name", "order"), [(name, by) for name in LONG for by in orders(name)])
async def test_an_index_serves_order_and_cursor(
    compiled_api, database, addresses, world, name, order, descending
):
    listed = f"orderBy: {{ field: {order}, descending: {json.dumps(descending)} }}"
    first = await compiled_api(
        f"{{ {name}(first: 1, {listed}) {{ edges {{ cursor }} }} }}", world.tokens[Kind.MANAGER]
    )
    (edge,) = first["data"][name]["edges"]
    reading = Reading(SCHEMA, database)
    driver = await connect(addresses.staff)
    try:
        for window in ("", f'after: "{edge["cursor"]}"', f'before: "{edge["cursor"]}"'):
            document = parse(f"{{ {name}({listed}, {window}) {{ edges {{ node {{ id }} }} }} }}")
            (operation,) = document.definitions
            assert isinstance(operation, OperationDefinitionNode)
            asked = reading.prepared(Query(document, operation, {}, ()), MANAGER, now())
            async with driver.transaction():
                await driver.execute(INDEXES_ALONE)
                explained = await driver.fetchval(
                    f"EXPLAIN (FORMAT JSON) {asked.statement.text}", *asked.arguments
                )
            (page,) = [
                node
                for node in below(json.loads(explained)[0]["Plan"])
                if node["Node Type"] == "Limit"
            ]
            assert "Sort" not in {node["Node Type"] for node in below(page)}
            (scan,) = [node for node in below(page) if node.get("Relation Name") == LONG[name]]
            assert scan["Node Type"] in {"Index Scan", "Index Only Scan"}
            assert scan.get("Index Cond", "").startswith("(ROW(") == bool(window)
    finally:
        await driver.close()
