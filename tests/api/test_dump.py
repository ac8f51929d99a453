"""A dump by portal_owner carries every row, through row level security, and restores whole."""

import subprocess
from pathlib import Path

from sqlalchemy import URL, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from portal import clock, migration, walls
from portal.database import Database
from portal.demo import write_demo
from portal.embedded import EmbeddedPostgres, found

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
ROWS = "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM "


async def contents(superuser: URL) -> dict[str, str]:
    """Give the number of rows and their digest for each table."""
    engine = create_async_engine(superuser, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        tables = (await connection.scalars(text(TABLES))).all()
        found = {name: await connection.scalar(text(f'{ROWS} "{name}" t')) for name in tables}
    await engine.dispose()
    return found


def run(program: str, owner: URL, *arguments: str | Path) -> str:
    """Run one of PostgreSQL's programs as portal_owner, and give its complaints."""
    environment = {
        "PGHOST": str(owner.query["host"]),
        "PGUSER": str(owner.username),
        "PGPASSWORD": str(owner.password),
        "PGDATABASE": str(owner.database),
    }
    return subprocess.run(
        [found().folder / program, *arguments],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    ).stderr


async def test_a_dump_restores_every_row_and_every_wall(
    cluster: EmbeddedPostgres, tmp_path: Path, worker_id: str
) -> None:
    names = [f"dump_{worker_id}", f"restore_{worker_id}"]
    for name in names:
        cluster.drop_database(name)
        cluster.create_database(name)
    source, target = (cluster.addresses(name) for name in names)
    await migration.upgrade(source.owner)
    await write_demo(source.owner, clock.now())

    archive = tmp_path / "portal.dump"
    arguments = ("--format=custom", "--enable-row-security", f"--file={archive}")
    assert run("pg_dump", source.owner, *arguments) == ""
    restore = ("--dbname", names[1], "--exit-on-error", archive)
    assert run("pg_restore", target.owner, *restore) == ""

    before, after = [await contents(cluster.superuser(name)) for name in names]
    assert after == before
    assert not before["account"].startswith("0 ")
    assert await migration.pending(target.owner) == []
    restored = Database(target, size=1)
    async with restored.app.connect() as connection:
        assert await walls.faults(connection) == []
    await restored.close()
    for name in names:
        cluster.drop_database(name)
