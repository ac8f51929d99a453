"""Plans are kept while they are in use, and no more of them than there is room for."""

import gc
from uuid import uuid4

import pytest
from graphql import OperationDefinitionNode, parse
from sqlalchemy import make_url

from portal.clock import now
from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.language.global_id import encode
from portal.viewer import ANONYMOUS, Grant, Role, Scope, Viewer
from resolvers.reading import plan
from resolvers.reading.run import Query, Reading
from schema.root import schema

NOWHERE = make_url("postgresql+asyncpg://nobody@localhost/nowhere")
MANAGER = Viewer(Role.MANAGER, everywhere=Grant(frozenset(Scope)))


def reading() -> Reading:
    database = Database(Addresses(*[NOWHERE] * 5))
    return Reading(schema._schema, database)  # noqa: SLF001 -- no public name


def query(text: str, **variables: object) -> Query:
    document = parse(text)
    (definition,) = document.definitions
    assert isinstance(definition, OperationDefinitionNode)
    return Query(document, definition, variables, ())


def test_the_same_operation_is_planned_once_for_each_kind_of_viewer():
    compiled = reading()
    asked = query("{ viewer { role name } }")
    for viewer in (ANONYMOUS, MANAGER, ANONYMOUS, Viewer(Role.ANONYMOUS)):
        compiled.prepared(asked, viewer, now())
    assert (compiled.plans.misses, compiled.plans.hits) == (2, 2)


def test_values_share_a_statement_and_shapes_do_not():
    compiled = reading()
    asked = query("query ($a: String) { modules(first: 3, after: $a) { edges { cursor } } }")
    cursor = "MR8wMTk5NGUwOC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA="
    other = "Mh8wMTk5NGUwOC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA="
    texts = []
    for after in (None, cursor, other):
        given = Query(asked.document, asked.definition, {"a": after}, ())
        texts.append(compiled.prepared(given, MANAGER, now()).statement.text)
    assert texts[0] != texts[1]
    assert texts[1] is texts[2]


FILTERED = (
    "query ($id: ID!, $filter: ModuleSubscriptionFilter, $by: ModuleSubscriptionOrder)"
    " { account(id: $id) { modules(filter: $filter, orderBy: $by) { edges { cursor } } } }"
)


def test_the_members_of_a_filter_and_an_order_are_part_of_the_shape_and_their_values_are_not():
    compiled = reading()
    asked = query(FILTERED)
    texts = []
    for filter, by in (
        (None, None),
        ({}, None),
        ({"status": None}, None),
        ({"status": "ACTIVE"}, None),
        ({"status": "ENDED"}, None),
        ({"statusIn": ["ENDED"]}, None),
        ({"statusIn": ["ENDED", "ACTIVE"]}, None),
        ({"status": "ENDED", "startsOnFrom": "2026-01-01"}, None),
        ({}, {"field": "ENDS_ON"}),
        ({}, {"field": "ENDS_ON", "descending": True}),
    ):
        variables = {"id": encode("Account", uuid4()), "filter": filter, "by": by}
        given = Query(asked.document, asked.definition, variables, ())
        texts.append(compiled.prepared(given, MANAGER, now()).statement.text)
    assert [texts.index(text) for text in texts] == [0, 0, 0, 3, 3, 5, 5, 7, 8, 9]
    assert "IS NULL OR" not in "".join(texts)
    assert all("ENDED'::VARCHAR END) = $" not in text for text in texts[:3])


def test_five_thousand_operations_leave_a_bounded_number_of_plans():
    compiled = reading()
    for number in range(5_000):
        asked = query(f"{{ viewer {{ a{number}: role }} }}")
        compiled.prepared(asked, ANONYMOUS, now())
    assert len(compiled.plans) == plan.MOST_PLANS
    latest = compiled.plans.misses
    compiled.prepared(asked, ANONYMOUS, now())
    assert compiled.plans.misses == latest


def test_nothing_is_left_of_operations_whose_plans_are_gone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plan, "MOST_PLANS", 10)
    compiled = reading()
    for number in range(100):
        asked = query(
            f"query Gone($n: Int) {{ a{number}: modules(first: $n) {{ totalCount }} }}", n=1
        )
        compiled.prepared(asked, MANAGER, now())
    gc.collect()
    left = [one for one in gc.get_objects() if isinstance(one, OperationDefinitionNode)]
    assert sum(one.name is not None and one.name.value == "Gone" for one in left) == 10


def test_long_statements_leave_fewer_plans(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plan, "MOST_TEXT", plan.MOST_TEXT // 10)
    compiled = reading()
    wide = " ".join(f"a{number}: modules {{ totalCount }}" for number in range(300))
    longest = 0
    for number in range(10):
        prepared = compiled.prepared(query(f"{{ b{number}: __typename {wide} }}"), MANAGER, now())
        longest = max(longest, len(prepared.statement.text))
    assert longest * 10 > plan.MOST_TEXT
    assert len(compiled.plans) <= plan.MOST_TEXT // longest + 1


def test_what_is_not_compiled_is_counted_by_name_and_reason():
    compiled = reading()
    asked = query("query Inside { __schema { types { name } } }")
    compiled.plans.note_standard(asked.definition, "introspection")
    compiled.plans.note_standard(asked.definition, "Item.name")
    compiled.plans.note_standard(asked.definition, "Item.name")
    assert compiled.plans.standard == {("Inside", "Item.name"): 2}


def test_names_from_callers_are_bounded():
    compiled = reading()
    for number in range(200):
        asked = query(f"query Q{number}{'x' * 80} {{ __typename }}")
        compiled.plans.note_standard(asked.definition, "Item.name")
    assert len(compiled.plans.standard) == 101
    assert compiled.plans.standard["others", "others"] == 100
    assert max(len(name) for name, _ in compiled.plans.standard) == 60
