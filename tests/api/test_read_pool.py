"""Connections for reading keep what is prepared on them."""

from collections.abc import AsyncIterator

import asyncpg
import orjson
import pytest
import sqlalchemy as sa

from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.database.read_pool import ReadPool


@pytest.fixture
async def pool(addresses: Addresses) -> AsyncIterator[ReadPool]:
    """One connection, so that what is said of it is said of all that went before."""
    pool = ReadPool(addresses.app, 1)
    yield pool
    await pool.close()


async def test_a_statement_is_planned_once_and_for_all_values(pool: ReadPool):
    for value in (1, 2, 3):
        assert await pool.fetch("SELECT to_json($1::int)", [value]) == str(value).encode()
    told = await pool.fetch(
        "SELECT json_agg(json_build_array(generic_plans, custom_plans))"
        " FROM pg_prepared_statements WHERE statement LIKE 'SELECT to_json%'",
        [],
    )
    assert orjson.loads(told) == [[3, 0]]


@pytest.mark.parametrize("role", ["app", "staff", "login"])
async def test_a_session_needs_no_settings_of_its_own_when_it_starts(database, addresses, role):
    """A pooler would refuse or lose them: they come with the role."""
    sent = []
    connect = asyncpg.connect

    async def noted(*arguments, **options):
        sent.append(options.get("server_settings") or {})
        return await connect(*arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncpg, "connect", noted)
        made = Database(addresses)
        engine, reading = getattr(made, role), getattr(made, f"{role}_reading")
        asked = "SELECT json_build_array(current_setting('jit'), current_setting('TimeZone'),"
        asked += " current_setting('plan_cache_mode'), current_setting('statement_timeout'))"
        async with engine.connect() as connection:
            begun = await connection.scalar(sa.text(asked))
        assert begun == orjson.loads(await reading.fetch(asked, []))
        await made.close()
    assert begun == ["off", "UTC", "force_generic_plan", "12s"]
    assert {name for settings in sent for name in settings} <= {"application_name"}
