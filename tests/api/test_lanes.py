"""Both lanes give the same answer to the same operation, for every kind of viewer."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import orjson
import pytest

from portal.clock import now
from portal.credentials import look_up
from portal.database import Database
from portal.viewer import ANONYMOUS, Viewer
from portal.web.execution import Execution
from portal.web.limits import Limits
from portal.web.request import GraphQLRequest
from permissions.scopes import viewer_of
from schema.root import schema
from tests.api.conftest import Write
from tests.operations import Drawn, Operation, Writer
from tests.world import Kind, World, make_world

CORE = schema._schema  # noqa: SLF001 -- no public name
WIDE = Limits(depth=50, aliases=1000, cost=10**9, tokens=20_000, source=10**6)
NASTY = """O'Brien "quoted" \\back\\ 100%_ \U0001f600 𝒳 é \u2028 <&> \t"""


@pytest.fixture(scope="session")
def examples(pytestconfig: pytest.Config) -> int:
    return int(pytestconfig.getoption("--lane-examples"))


def spoil(world: World) -> None:
    """Put into the data what is easily printed wrong."""
    own = world.own
    own.account.name = NASTY
    own.account.customer_number = None
    own.contract.purchase_order_number = "\\\"'"
    own.contract.document_delivery = replace(own.contract.document_delivery, recipients=[])
    for row in own.rows:
        if type(row).__name__ == "ModuleSubscription":
            row.data = {
                "z": [1, 2.5, -0.25, 10**15, {"deep": [[[{"a": None}]]]}, NASTY],
                "a": True,
                "empty": {"list": [], "map": {}, "text": ""},
                "": 0,
            }


def read(answer: Any) -> Any:
    """Read JSON, the text of numbers and the order of keys kept."""
    return json.loads(answer, parse_float=str, parse_int=str, object_pairs_hook=list)


def sorted_errors(answer: Any) -> list[str]:
    return sorted(json.dumps(error) for error in dict(answer).get("errors", ()))


def cursors_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            if key in {"cursor", "endCursor"} and below:
                yield below
            else:
                yield from cursors_in(below)
    elif isinstance(value, list):
        for below in value:
            yield from cursors_in(below)


def has_row(value: Any) -> bool:
    """Say whether an answer holds anything but emptiness."""
    if isinstance(value, dict):
        return any(has_row(below) for below in value.values())
    if isinstance(value, list):
        return any(map(has_row, value))
    return value is not None


async def test_the_lanes_agree(
    database: Database, write: Write, examples: int, caplog: pytest.LogCaptureFixture
):
    world = make_world()
    spoil(world)
    await write(*world.own.rows, *world.foreign.rows)
    instant = now()
    viewers: list[Viewer] = []
    for kind, token in world.tokens.items():
        credential = await look_up(database, token, instant) if token else None
        viewers.append(viewer_of(credential) if credential else ANONYMOUS)
    ids = {
        name: [*found, *world.foreign.ids.get(name, ())] for name, found in world.own.ids.items()
    }
    drawn = Drawn(ids, [NASTY, "account", "\\", "%", "'", world.own.owner.email])
    compiled = Execution(CORE, database, WIDE)
    standard = Execution(CORE, database, WIDE, compiled=False)
    found, answered, wrong = 0, 0, []
    for seed in range(examples):
        random = Random(seed)
        viewer = random.choice(viewers)
        operation = Writer(CORE, random, drawn).operation()
        asked = GraphQLRequest(operation.document, operation.variables)
        caplog.clear()
        fast = orjson.dumps(await compiled.perform(compiled.prepare(asked), viewer, instant))
        slow = orjson.dumps(await standard.perform(standard.prepare(asked), viewer, instant))
        left, right = read(fast), read(slow)
        same = dict(left).get("data") == dict(right).get("data")
        same = same and sorted_errors(left) == sorted_errors(right)
        answer = orjson.loads(slow)
        found += has_row(answer.get("data"))
        drawn.cursors = [*set(drawn.cursors[-50:]), *cursors_in(answer)]
        notes = [
            record.getMessage() for record in caplog.records if "compiled" in record.getMessage()
        ]
        if not same or notes:
            wrong.append((seed, viewer.role, operation, fast, slow, notes))
    for seed, role, operation, fast, slow, notes in wrong[:4]:
        print(seed, role, operation, fast.decode()[:1500], slow.decode()[:1500], notes, sep="\n  ")
    print(len(wrong), found)
    assert not wrong
    assert found * 2 >= examples
