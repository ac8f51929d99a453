"""Both lanes give the same answer to the same operation, for every kind of viewer."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import orjson
import pytest

from permissions.scopes import viewer_of
from portal.clock import now
from portal.database.engines import Database
from portal.installation import Installation
from portal.login.credentials import look_up
from portal.login.seal import Seal
from portal.models import HistoryEntry, HistoryValue, Message, ModuleSubscription
from portal.settings.limits import Limits
from portal.viewer import ANONYMOUS, Viewer
from portal.web.graphql.execution import Execution
from portal.web.graphql.request import GraphQLRequest
from resolvers.context import Arrival, Context
from schema.root import schema
from tests.api.conftest import Write
from tests.operations import ROW, Drawn, Writer
from tests.world import World, make_world

CORE = schema._schema  # noqa: SLF001 -- no public name
WIDE = Limits(
    depth=50,
    aliases=1000,
    fields=10**6,
    equal_names=1000,
    root_fields=1000,
    directives=1000,
    page=10**9,
    cost=10**9,
    tokens=20_000,
    source=10**6,
    seconds=600,
)
NASTY = 'O\'Brien "quoted" \\back\\ 100%_ \U0001f600 \U0001d4b3 \u00e9 \u2028 <&> \t'
PARTS = 4
_KEY_OF_LINK = re.compile(rb"\?key=[\w=-]+")


def spoil(world: World) -> None:
    """Put into the data what is easily printed wrong."""
    own = world.own
    own.account.name = NASTY
    own.account.customer_number = None
    own.contract.purchase_order_number = "\\\"'"
    own.contract.document_delivery = replace(own.contract.document_delivery, recipients=[])
    for row in own.rows:
        if isinstance(row, ModuleSubscription):
            row.data = {
                "z": [1, 2.5, -0.25, 10**15, {"deep": [[[{"a": None}]]]}, NASTY],
                "a": True,
                "empty": {"list": [], "map": {}, "text": ""},
                "": 0,
            }


def named_in(world: World) -> dict[str, list[str]]:
    """Give texts that rows have, and some that none has, for the filters that take them."""
    own = world.own
    entries = [row for row in own.rows if isinstance(row, HistoryEntry)]
    fields = {row.field for row in own.rows if isinstance(row, HistoryValue)}
    recipients = {row.recipient for row in own.rows if isinstance(row, Message)}
    return {
        "action": ["none", *sorted({entry.action for entry in entries})],
        "actorName": ["Nobody", *sorted({str(entry.actor_name) for entry in entries})],
        "field": ["None.fax", *sorted(fields)],
        "recipient": ["nobody@a.example", *sorted(recipients)],
        "search": [NASTY, "a", "e", "%", own.owner.name, own.owner.email[:5]],
        "name": [NASTY, "a", "zz"],
    }


async def viewers_of(world: World, database: Database) -> list[Viewer]:
    """Give everybody who may look at the account, and nobody."""
    viewers = [ANONYMOUS]
    for token in world.tokens.values():
        (credential,) = await look_up(database, [token], now()) if token else (None,)
        if credential:
            viewers += [viewer_of(credential)] * 2
    return viewers


def read(answer: bytes) -> Any:
    """Read JSON, the text of numbers and the order of keys kept; no two links have the same key."""
    answer = _KEY_OF_LINK.sub(b"?key=", answer)
    read: Any = json.loads(answer, parse_float=str, parse_int=str, object_pairs_hook=list)
    return dict(read)


def errors_in(answer: Any) -> list[str]:
    """Give the errors, which have no order; of those beyond the limit, how many there are."""
    errors = sorted(map(json.dumps, answer.get("errors", ())))
    return [str(len(errors))] if "extensions" in answer else errors


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


@pytest.mark.parametrize("part", range(PARTS))
async def test_the_lanes_agree(
    part: int,
    database: Database,
    write: Write,
    pytestconfig: pytest.Config,
    caplog: pytest.LogCaptureFixture,
):
    """Compare them on random operations, 400 in all; --lane-examples asks for more.

    What goes wrong in the compiled lane alone would be right in the end, so its log is looked at.
    """
    examples = int(pytestconfig.getoption("--lane-examples")) // PARTS
    world = make_world()
    spoil(world)
    await write(*world.own.rows, *world.foreign.rows)
    viewers = await viewers_of(world, database)
    ids = {
        name: [*own * 3, *world.foreign.ids.get(name, ())]
        for name, own in world.own.ids.items()
        if name in Context.nodes
    }
    drawn = Drawn(ids, [NASTY, "account", "\\", "%", "'", world.own.owner.email], named_in(world))
    compiled = Execution(CORE, Installation(database, Seal("s" * 32)), WIDE)
    standard = Execution(CORE, Installation(database, Seal("s" * 32)), WIDE, compiled=False)
    caplog.set_level("INFO")
    instant, with_row = now(), 0
    for number in range(examples):
        random = Random(number * PARTS + part)  # noqa: S311 -- it draws examples
        viewer = random.choice(viewers)
        made = Writer(CORE, random, drawn).operation()
        asked = GraphQLRequest(made.document, made.variables)
        caplog.clear()
        operation = compiled.prepare(asked)
        fast = orjson.dumps(await compiled.perform(operation, viewer, Arrival(instant)))
        slow = orjson.dumps(await standard.perform(operation, viewer, Arrival(instant)))
        left, right = read(fast), read(slow)
        assert left.get("data") == right.get("data"), (viewer.role, made)
        assert errors_in(left) == errors_in(right), (viewer.role, made)
        assert left.get("extensions") == right.get("extensions"), (viewer.role, made)
        told = [record for record in caplog.records if record.name.startswith("resolvers.")]
        assert not told, (viewer.role, made)
        with_row += f'"{ROW}":"'.encode() in slow
        drawn.cursors = [*drawn.cursors[-50:], *cursors_in(orjson.loads(slow))]
    assert with_row * 3 >= examples
