"""An application of a test's own ends with it, also where the test fails."""

import asyncio

import pytest

from portal.settings.settings import Settings
from tests.api.asking import api_of, own_client
from tests.world import Kind


async def test_what_fails_beside_an_application_leaves_nothing_of_it(addresses, seen_world):
    before = asyncio.all_tasks()

    async def fail() -> None:
        async with own_client(Settings(), addresses) as client:
            answer = await api_of(client)("{ viewer { role } }", seen_world.tokens[Kind.OWNER])
            assert answer == {"data": {"viewer": {"role": "CUSTOMER"}}}
            assert asyncio.all_tasks() != before
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert asyncio.all_tasks() == before
