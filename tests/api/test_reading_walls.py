"""Both walls in the compiled lane: the shape of its statements, and strangers on a connection."""

import asyncio
import re
from contextlib import suppress
from random import Random

import asyncpg
import orjson
import pytest
from uuid_utils.compat import uuid7

from permissions.scopes import SCOPES_OF_MEMBERS
from portal.clock import now
from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.installation import Installation
from portal.language.global_id import encode
from portal.login.seal import Seal
from portal.settings.limits import Limits
from portal.viewer import ANONYMOUS, Grant, MemberRole, Role, Scope, Viewer
from portal.web.graphql.execution import Execution
from portal.web.graphql.request import GraphQLRequest
from resolvers.context import Arrival, Context
from resolvers.reading.fallback import Refused
from resolvers.reading.run import Reading
from schema.root import schema
from tests import factories
from tests.api.conftest import Write
from tests.operations import Drawn, Writer

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
)
HEAD = re.compile(
    r"WITH viewer AS MATERIALIZED \(SELECT set_config\('portal.accounts', \$1, true\),"
    r" set_config\('portal.viewer', \$2, true\)\) SELECT "
)
FOOT = " FROM viewer"
TEXTS = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
OWNER = Grant(SCOPES_OF_MEMBERS[MemberRole.OWNER], MemberRole.OWNER)
VIEWERS = [
    ANONYMOUS,
    Viewer(Role.CUSTOMER, uuid7(), "A", grants={uuid7(): OWNER}),
    Viewer(Role.PARTNER, uuid7(), "B", grants={uuid7(): Grant(frozenset(Scope))}),
    Viewer(Role.EMPLOYEE, uuid7(), "C"),
    Viewer(Role.MANAGER, uuid7(), "D", everywhere=Grant(frozenset(Scope))),
]
REQUESTS = 10_000
STRANGERS = 200
AT_ONCE = 50


def is_one_expression(text: str) -> bool:
    """Say whether a text is one pair of parentheses with everything in it."""
    depth = 0
    bare = TEXTS.sub("", text)
    if not bare.startswith("("):
        return False
    for place, sign in enumerate(bare):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return place == len(bare) - 1
    return False


def test_every_statement_has_the_one_safe_shape(database: Database):
    """Beside the viewer nothing stands at the top: PostgreSQL sets it before it asks a policy."""
    ids = {name: [encode(name, uuid7())] for name in Context.nodes}
    execution, reading = (
        Execution(CORE, Installation(database, Seal("s" * 32)), WIDE),
        Reading(CORE, database),
    )
    seen = 0
    for seed in range(400):
        random = Random(seed)  # noqa: S311 -- it draws examples
        made = Writer(CORE, random, Drawn(ids, ["text"])).operation()
        asked = execution.prepare(GraphQLRequest(made.document, made.variables))
        with suppress(Refused):
            statement = reading.prepared(asked.query, random.choice(VIEWERS), now()).statement
            head = HEAD.match(statement.text)
            assert head, statement.text
            assert statement.text.endswith(FOOT)
            assert is_one_expression(statement.text[head.end() : -len(FOOT)])
            assert statement.parameters[:2] == ("accounts", "viewer")
            seen += 1
    assert seen > 300


@pytest.mark.parametrize("text", ["(a) WHERE (b)", "(a), (b)", "a", "(a"])
def test_what_is_more_than_one_expression_is_told_apart(text: str):
    assert not is_one_expression(text)


async def test_one_connection_never_gives_a_foreign_row(addresses: Addresses, write: Write):
    random = Random(1)  # noqa: S311 -- it draws examples
    rows, viewers = [], []
    for _ in range(STRANGERS):
        person = factories.person()
        account, owning = factories.account(person)
        rows += [person, account, owning]
        viewers.append(Viewer(Role.CUSTOMER, person.id, person.name, grants={account.id: OWNER}))
    await write(*rows)
    database = Database(addresses, size=1)
    execution = Execution(CORE, Installation(database, Seal("s" * 32)), WIDE)
    everything = execution.prepare(
        GraphQLRequest(
            "query ($ids: [ID!]!) { viewer { accounts { edges { node { id members { edges { node"
            " { name } } } } } } } nodes(ids: $ids) { id } }"
        )
    )
    pool = database.reading_for(ANONYMOUS)
    outcomes = {"answered": 0, "cancelled": 0, "failed": 0}

    async def ask(viewer: Viewer) -> None:
        (own,) = viewer.grants
        foreign = random.choice(viewers)
        ids = [encode("Account", id) for id in (own, *foreign.grants)]
        query = everything.query._replace(variables={"ids": ids})
        operation = everything._replace(query=query)
        answer = orjson.loads(
            orjson.dumps(await execution.perform(operation, viewer, Arrival(now())))
        )
        assert "errors" not in answer
        found = answer["data"]
        (edge,) = found["viewer"]["accounts"]["edges"]
        assert edge["node"]["id"] == ids[0]
        (member,) = edge["node"]["members"]["edges"]
        assert member["node"]["name"] == viewer.name
        assert found["nodes"][0] == {"id": ids[0]}
        assert found["nodes"][1] == (None if foreign is not viewer else {"id": ids[0]})
        outcomes["answered"] += 1

    async def fail(viewer: Viewer) -> None:
        (own,) = viewer.grants
        text = (
            "WITH viewer AS MATERIALIZED (SELECT set_config('portal.accounts', $1, true),"
            " set_config('portal.viewer', $2, true)) SELECT to_json(1 / $3::int) FROM viewer"
        )
        with pytest.raises(asyncpg.DivisionByZeroError):
            await pool.fetch(text, [f"{{{own}}}", str(viewer.id), 0])
        outcomes["failed"] += 1

    for _ in range(REQUESTS // AT_ONCE):
        tasks = []
        for _ in range(AT_ONCE):
            verb = fail if random.random() < 0.02 else ask
            tasks.append(asyncio.create_task(verb(random.choice(viewers))))
        if random.random() < 0.3:
            for _ in range(random.randint(1, 40)):
                await asyncio.sleep(0)
            outcomes["cancelled"] += random.choice(tasks).cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            assert result is None or isinstance(result, asyncio.CancelledError), result
    await database.close()
    assert outcomes["answered"] > REQUESTS * 0.9
    assert outcomes["failed"] > REQUESTS * 0.01
    assert outcomes["cancelled"] > 10
