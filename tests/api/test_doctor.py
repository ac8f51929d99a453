"""What ``portal doctor`` looks at, one check at a time."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from portal import clock
from portal.app import connections_of
from portal.commands.checks.connections import connections
from portal.commands.checks.disk import disk
from portal.commands.checks.finding import Examined, unseen, well, wrong
from portal.commands.checks.mailing import smtp, waiting
from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.settings.settings import Settings


def examined(
    addresses: Addresses, folder: Path, processes: int = 1, **settings: object
) -> Examined:
    return Examined(Settings(data=folder, **settings), addresses, processes)


async def test_connections_are_added_up(addresses: Addresses, tmp_path: Path) -> None:
    one = examined(addresses, tmp_path, concurrency=6)
    (found,) = await connections(one)
    assert found == well(
        "1 serving process (30 each) and a worker (7) take up to 37 connections;"
        " PostgreSQL gives 297"
    )
    (found,) = await connections(examined(addresses, tmp_path, 10, concurrency=6))
    assert found == wrong(
        "10 serving processes (30 each) and a worker (7) take up to 307 connections; PostgreSQL"
        " gives 297: raise max_connections, or lower PORTAL_CONCURRENCY or --workers"
    )


async def test_a_process_takes_no_more_than_is_said(addresses: Addresses, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, concurrency=1)
    database = Database(addresses, size=4)
    engines = [one for one in vars(database).values() if isinstance(one, AsyncEngine)]
    opened = 0
    for engine in engines:
        size = engine.pool.size()
        taken = [await engine.connect() for _ in range(size)]
        with pytest.raises(sa.exc.TimeoutError):
            await engine.connect()
        opened += size
        for connection in taken:
            await connection.close()
    await database.close()
    reading = database.app_reading.size + database.staff_reading.size + database.login_reading.size
    assert connections_of(settings, addresses) == opened + reading + 2


async def test_the_smtp_server_is_tried(addresses: Addresses, tmp_path: Path) -> None:
    assert await smtp(examined(addresses, tmp_path)) == [
        unseen(
            f"an SMTP server: PORTAL_SMTP_URL is not set; mails are files in {tmp_path / 'mail'}"
        )
    ]
    given = {
        "smtp_url": "smtp://127.0.0.1:1?encryption=none",
        "mail_from": "Portal <portal@operator.example>",
    }
    (found,) = await smtp(examined(addresses, tmp_path, **given))
    assert found.verdict == "WRONG"
    assert found.text.startswith("the SMTP server 127.0.0.1:1 cannot be used: ")
    assert found.text.endswith("; see PORTAL_SMTP_URL")


async def test_what_waits_for_a_worker_is_counted(
    addresses: Addresses, tmp_path: Path, superuser: AsyncEngine
) -> None:
    query = sa.text(
        "INSERT INTO outbox (id, recipient, language, subject, text, html, state, attempts,"
        " next_attempt_at, created_at) VALUES (gen_random_uuid(), 'a@b.example', 'NL', 's', 't',"
        " 'h', 'QUEUED', 0, :at, :at) RETURNING id"
    )
    async with superuser.begin() as connection:
        mail = await connection.scalar(query, {"at": clock.now() - timedelta(days=1)})
    own = {f"{role}_password": 12 * "x" for role in ("owner", "app", "staff", "login", "worker")}
    try:
        found = await waiting(
            examined(addresses, tmp_path, database_url="postgresql:///portal", **own)
        )
    finally:
        async with superuser.begin() as connection:
            await connection.execute(sa.text("DELETE FROM outbox WHERE id = :id"), {"id": mail})
    assert [one.verdict for one in found][1:] == ["WRONG"]
    assert "the oldest since" in found[1].text


async def test_the_disk_is_looked_at(
    addresses: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil._ntuple_diskusage(10**12, 10**12 - 10**8, 10**8)  # noqa: SLF001
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    (found,) = await disk(examined(addresses, tmp_path / "not" / "there"))
    assert found == wrong(f"0.1 GB are free in {tmp_path}: make room")
