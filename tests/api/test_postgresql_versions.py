"""Every version of PostgreSQL that the portal names: from nothing to the newest migration."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from portal import clock
from portal.database import archive, migration, walls
from portal.database.engines import Database
from portal.demo import write_demo
from portal.embedded import EmbeddedPostgres
from tests.contents import contents
from tests.older_postgresql import MAJORS, programs

ENUMS = """
    SELECT typname || ': ' || string_agg(enumlabel, ' ' ORDER BY enumsortorder)
    FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY typname ORDER BY typname
"""
VALUES = [
    (
        "procrastinate_job_event_type: deferred started deferred_for_retry failed succeeded"
        " cancelled abort_requested aborted scheduled retried"
    ),
    "procrastinate_job_status: todo doing succeeded failed cancelled aborting aborted",
]


@pytest.fixture(params=MAJORS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """Start an empty PostgreSQL of one version."""
    server = EmbeddedPostgres(
        tmp_path / "postgresql", durable=False, binaries=programs(request.param)
    )
    server.start()
    yield server
    server.stop()


async def test_the_portal_is_made_from_nothing(server: EmbeddedPostgres, tmp_path: Path) -> None:
    addresses = server.addresses()
    await migration.upgrade(addresses.owner)
    assert await migration.pending(addresses.owner) == []
    server.create_database("declared")
    declared = server.addresses("declared").owner
    await migration.declare(declared)
    assert await migration.differences(addresses.owner, declared) == []
    database = Database(addresses, size=1)
    async with database.app.connect() as connection:
        assert await walls.faults(connection) == []
    await database.close()

    # A backup comes back on the same version, whatever version PostgreSQL's programs have.
    await write_demo(addresses.owner, clock.now())
    before = await contents(server.superuser("portal"))
    major, number = await archive.tables(addresses.owner)
    file = tmp_path / "portal.backup"
    assert len(list(archive.write(addresses.owner, major, file))) == number
    server.create_database("restored")
    again = server.addresses("restored").owner
    assert len(list(archive.read(again, major, file))) == number
    assert await contents(server.superuser("restored")) == before

    engine = create_async_engine(server.superuser("portal"), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        assert (await connection.scalars(text(ENUMS))).all() == VALUES
        answer = str(await connection.scalar(text("SHOW server_version")))
    await engine.dispose()
    assert int(answer.split(".", maxsplit=1)[0]) == server.binaries.major
