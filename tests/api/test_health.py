"""``/health``, which a load balancer asks, and ``/live``, which a supervisor asks."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from httpx import AsyncClient, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.database.read_pool import ReadPool
from portal.settings.settings import Settings
from portal.web.door.server import _Server
from tests.api.asking import application, client_of

OK = {"status": "ok"}


@asynccontextmanager
async def asked(
    addresses: Addresses, folder: Path, **settings: Any
) -> AsyncIterator[tuple[Starlette, AsyncClient]]:
    """Give an application that nobody asked anything yet, and a client of it."""
    async with (
        application(Settings(data=folder, **settings), addresses) as app,
        client_of(app, base_url="http://127.0.0.1") as client,
    ):
        yield app, client


def said(answer: Response) -> tuple[int, str, str]:
    (error,) = answer.json()["errors"]
    return answer.status_code, error["extensions"]["code"], error["message"]


async def test_however_many_ask_the_database_is_asked_once_a_second(
    addresses: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = 100.0
    sent = []
    fetch = ReadPool.fetch

    async def noted(pool: ReadPool, statement: str, arguments: list[Any]) -> bytes:
        sent.append(statement)
        return await fetch(pool, statement, arguments)

    monkeypatch.setattr(ReadPool, "fetch", noted)
    monkeypatch.setattr("portal.web.health.monotonic", lambda: times)
    async with asked(addresses, tmp_path) as (_, client):
        answers = await asyncio.gather(*(client.get("/health") for _ in range(30)))
        assert [(answer.status_code, answer.json()) for answer in answers] == 30 * [(200, OK)]
        times = 100.9
        await client.get("/health")
        assert len(sent) == 1
        times = 101.0
        await client.get("/health")
        assert len(sent) == 2


async def test_a_portal_whose_connections_are_all_in_use_is_well(
    addresses: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Database] = []

    def noted(*arguments: Any, **options: Any) -> Database:
        made.append(Database(*arguments, **options))
        return made[-1]

    monkeypatch.setattr("portal.app.Database", noted)
    async with asked(addresses, tmp_path, concurrency=1) as (_, client):
        pool = made[0].app
        taken = [await pool.connect() for _ in range(pool.pool.size())]
        answer = await client.get("/health")
        assert (answer.status_code, answer.json()) == (200, OK)
        for connection in taken:
            await connection.close()


async def test_it_asks_which_migration_the_database_is_at(
    addresses: Addresses, tmp_path: Path, superuser: AsyncEngine
) -> None:
    change = text("UPDATE alembic_version SET version_num = :number RETURNING version_num")
    async with superuser.begin() as connection:
        head = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    try:
        for number, expected in (("0001", 503), ("a_later_one", 200)):
            async with superuser.begin() as connection:
                await connection.execute(change, {"number": number})
            async with asked(addresses, tmp_path) as (_, client):
                answer = await client.get("/health")
                assert answer.status_code == expected, number
                if expected == 503:
                    sentence = "Migrations of the database are pending."
                    assert said(answer) == (503, "UNAVAILABLE", sentence)
    finally:
        async with superuser.begin() as connection:
            await connection.execute(change, {"number": head})


async def test_it_refuses_while_the_server_stops(addresses: Addresses, tmp_path: Path) -> None:
    async with asked(addresses, tmp_path) as (app, client):
        assert (await client.get("/health")).status_code == 200
        server = _Server(uvicorn.Config(app), lambda: None, app.state.health.stop)
        server.handle_exit(signal.SIGTERM, None)
        assert server.should_exit
        assert said(await client.get("/health")) == (
            503,
            "UNAVAILABLE",
            "The server is stopping.",
        )
        live = await client.get("/live")
        assert (live.status_code, live.json()) == (200, OK)


async def test_the_process_lives_without_its_database(addresses: Addresses, tmp_path: Path) -> None:
    gone = Addresses(
        *(address.set(query={"host": "127.0.0.1", "port": "1"}) for address in addresses.each)
    )
    async with asked(gone, tmp_path) as (_, client):
        live = await client.get("/live")
        assert (live.status_code, live.json()) == (200, OK)
        assert said(await client.get("/health")) == (
            503,
            "UNAVAILABLE",
            "The database is out of reach.",
        )
