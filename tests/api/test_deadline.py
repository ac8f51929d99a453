"""An operation ends in time, and so does what PostgreSQL does for it."""

import asyncio
import time

import sqlalchemy as sa

from portal.settings.settings import Settings
from tests.api.asking import own_client
from tests.api.test_lost_connection import LOCK_ACCOUNT, held, waiting
from tests.world import Kind
from tests.writing import document

WORKING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY (:pids) AND state <> 'idle'"
)


async def test_a_late_operation_is_cancelled_in_postgresql_too(writer, addresses, tmp_path):
    world = writer.world
    given = {"id": world.own.contract_id, "purchaseOrderNumber": "PO late"}
    request = {"query": document("updateContract"), "variables": {"input": given}}
    before = await writer.fingerprint()
    async with (
        own_client(Settings(data=tmp_path, limit_seconds=0.5), addresses) as client,
        held(writer, LOCK_ACCOUNT),
    ):
        begun = time.monotonic()
        asked = asyncio.create_task(
            client.post(
                "/graphql",
                json=request,
                headers={"authorization": f"Bearer {world.tokens[Kind.OWNER]}"},
            )
        )
        pids = await waiting(writer)
        answer = (await asked).json()
        assert time.monotonic() - begun >= 0.5
        assert [error["extensions"] for error in answer["errors"]] == [
            {"code": "TIMEOUT", "seconds": 0}
        ]
        async with writer.superuser.connect() as connection:
            while await connection.scalar(WORKING, {"pids": pids}):
                await connection.rollback()
    assert await writer.fingerprint() == before


async def test_postgresql_ends_a_statement_that_nobody_asks_it_to_end(database):
    async with database.app.connect() as connection:
        assert await connection.scalar(sa.text("SHOW statement_timeout")) == "12s"
