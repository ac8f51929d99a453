"""The database goes away in the middle of a mutation, or has no connection left to give."""

import asyncio
from contextlib import asynccontextmanager

import orjson
import pytest
import sqlalchemy as sa

from permissions.scopes import viewer_of
from portal.clock import now
from portal.database.engines import Database
from portal.installation import Installation
from portal.login.credentials import look_up
from portal.login.seal import Seal
from portal.settings.limits import Limits
from portal.web.graphql.execution import Execution
from portal.web.graphql.request import GraphQLRequest
from resolvers.context import Arrival
from schema.root import schema
from tests.world import Kind
from tests.writing import document

UNAVAILABLE = "The portal cannot answer at the moment. Try again later."
WAITING = sa.text(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND usename = ANY (:roles) AND wait_event_type = 'Lock'"
)
ROLES = ["portal_app", "portal_staff"]
LOCK_ACCOUNT = "SELECT id FROM account WHERE id = :account FOR UPDATE"
LOCK_CONTRACT = "SELECT id FROM contract WHERE account_id = :account FOR UPDATE"
# Whoever takes the same number waits for this transaction, its history already written.
TAKE_NUMBER = (
    "UPDATE account SET customer_number = :number,"
    " unique_customer_number = lower(CAST(:number AS varchar)) WHERE id = :foreign"
)


@asynccontextmanager
async def held(writer, statement):
    """Hold a lock that a mutation waits for."""
    world = writer.world
    values = {
        "account": world.own.account_id,
        "foreign": world.foreign.account_id,
        "number": f"N-{world.own.account_id}"[:40],
    }
    async with writer.superuser.connect() as connection:
        named = sa.text(statement)
        await connection.execute(
            named,
            {name: values[name] for name in named._bindparams},  # noqa: SLF001
        )
        try:
            yield
        finally:
            await connection.rollback()


async def waiting(writer, count=1):
    """Give the back ends that wait for a lock, as soon as there are so many."""
    async with asyncio.timeout(5), writer.superuser.connect() as connection:
        while True:
            pids = (await connection.scalars(WAITING, {"roles": ROLES})).all()
            await connection.rollback()
            if len(pids) >= count:
                return list(pids)


async def terminate(writer, pids):
    """End back ends, as an administrator or a crash would."""
    async with writer.superuser.connect() as connection:
        for pid in pids:
            assert await connection.scalar(
                sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid}
            )


@pytest.mark.parametrize(
    ("lock", "mutation", "kind", "given"),
    [
        (LOCK_ACCOUNT, "updateContract", Kind.OWNER, {"purchaseOrderNumber": "PO 7"}),
        (LOCK_CONTRACT, "updateContract", Kind.OWNER, {"purchaseOrderNumber": "PO 7"}),
        (LOCK_ACCOUNT, "updateContract", Kind.MANAGER, {"purchaseOrderNumber": "PO 7"}),
        (TAKE_NUMBER, "updateAccount", Kind.MANAGER, {"customerNumber": "NUMBER"}),
    ],
)
async def test_a_connection_lost_in_a_mutation_writes_nothing(writer, lock, mutation, kind, given):
    number = f"N-{writer.world.own.account_id}"[:40]
    given = {name: number if value == "NUMBER" else value for name, value in given.items()}
    given["idempotencyKey"] = "k-1"
    before = await writer.fingerprint()
    async with held(writer, lock):
        asking = asyncio.create_task(writer.send(mutation, kind, given))
        await terminate(writer, await waiting(writer))
        answer = await asking
    assert answer == {
        "data": None,
        "errors": [
            {
                "message": UNAVAILABLE,
                "locations": answer["errors"][0]["locations"],
                "path": [mutation],
                "extensions": {"code": "UNAVAILABLE"},
            }
        ],
    }
    assert await writer.fingerprint() == before
    assert (await writer.change(mutation, kind, given))["version"] == 2
    (entry,) = await writer.entries()
    assert entry["number"] == 3


def version_in(answer):
    """Give the version of the contract that was changed."""
    data = orjson.loads(orjson.dumps(answer["data"]))
    return data["updateContract"]["version"]


async def test_a_request_that_finds_no_connection_is_told_so_and_the_next_is_served(
    writer, addresses
):
    world = writer.world
    database = Database(addresses, size=1)
    execution = Execution(schema._schema, Installation(database, Seal("s" * 32)), Limits())  # noqa: SLF001 -- no public name

    async def change(number):
        (credential,) = await look_up(database, [world.tokens[Kind.OWNER]], now())
        viewer = viewer_of(credential)
        return await execution.perform(operations[number], viewer, Arrival(now()))

    operations = [
        execution.prepare(
            GraphQLRequest(
                document("updateContract"),
                {
                    "input": {
                        "id": world.own.contract_id,
                        "purchaseOrderNumber": f"PO {number}",
                    }
                },
            )
        )
        for number in range(4)
    ]
    (credential,) = await look_up(database, [world.tokens[Kind.OWNER]], now())
    viewer = viewer_of(credential)
    try:
        async with held(writer, LOCK_ACCOUNT):
            served = [
                asyncio.create_task(execution.perform(operations[number], viewer, Arrival(now())))
                for number in range(2)
            ]
            await waiting(writer, count=2)
            answer = await execution.perform(operations[2], viewer, Arrival(now()))
        assert answer["data"] is None
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAVAILABLE"]
        assert sorted([version_in(one) for one in await asyncio.gather(*served)]) == [2, 3]
        assert version_in(await change(3)) == 4
    finally:
        await database.close()
    told = [entry["values"][0][2] for entry in await writer.entries()]
    assert (len(told), told[2], "PO 2" in told) == (3, "PO 3", False)
