"""Several hosts: the ones that cannot be used keep nobody from the one that can."""

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import URL

from portal.database import connection
from portal.database.addresses import Addresses
from portal.database.connection import connect
from portal.database.outage import is_outage, is_read_only

Handled = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take what comes and say nothing, as a machine does that hangs."""
    await reader.read()
    writer.close()


async def starting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say what PostgreSQL says while it recovers."""
    await reader.read(1)
    fields = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"
    writer.write(b"E" + struct.pack("!i", len(fields) + 4) + fields)
    await writer.drain()
    writer.close()


@asynccontextmanager
async def before(addresses: Addresses, handled: Handled) -> AsyncIterator[URL]:
    """Give an address whose first host does this, and whose second one is well."""
    server = await asyncio.start_server(handled, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    app = addresses.app
    hosts = (f"127.0.0.1:{port}", f"{app.query['host']}:{app.query['port']}")
    try:
        yield app.set(query={"host": hosts, "target_session_attrs": "read-write", "ssl": "disable"})
    finally:
        server.close()


@pytest.mark.parametrize("handled", [swallow, starting])
async def test_the_next_host_is_tried(addresses: Addresses, handled: Handled) -> None:
    async with before(addresses, handled) as address:
        connection = await connect(address)
        assert await connection.fetchval("SELECT current_user") == "portal_app"
        await connection.close()


async def test_whoever_comes_next_begins_with_the_host_that_was_taken(
    addresses: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def noted(**options: object) -> object:
        asked.append(options["port"])
        return await original(**options)

    async with before(addresses, starting) as address:
        original = asyncpg.connect
        monkeypatch.setattr(connection.asyncpg, "connect", noted)
        for _ in range(2):
            await (await connect(address)).close()
    assert asked[1:] == [5432, 5432]


async def test_a_wrong_password_is_not_tried_elsewhere(addresses: Addresses) -> None:
    app = addresses.app
    place = f"{app.query['host']}:{app.query['port']}"
    address = app.set(password="wrong", query={"host": (place, "127.0.0.1:1")})  # noqa: S106
    with pytest.raises(asyncpg.InvalidPasswordError):
        await connect(address)


async def test_hosts_that_are_gone_are_an_outage(addresses: Addresses) -> None:
    address = addresses.app.set(query={"host": ("127.0.0.1:1", "127.0.0.1:2")})
    with pytest.raises(OSError) as fault:  # noqa: PT011  (which one depends on the machine)
        await connect(address)
    assert is_outage(fault.value)
    assert not is_read_only(fault.value)
