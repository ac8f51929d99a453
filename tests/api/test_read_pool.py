"""Connections for reading keep what is prepared on them."""

from collections.abc import AsyncIterator

import orjson
import pytest

from portal.addresses import Addresses
from portal.read_pool import ReadPool


@pytest.fixture
async def pool(addresses: Addresses) -> AsyncIterator[ReadPool]:
    """One connection, so that what is said of it is said of all that went before."""
    pool = ReadPool(addresses.app, 1, 5)
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
