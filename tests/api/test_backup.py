"""A backup carries every row through row level security, and restores whole or not at all."""

from pathlib import Path

import pytest
from sqlalchemy import pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from portal import clock
from portal.database import archive, migration, walls
from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.demo import write_demo
from portal.embedded import EmbeddedPostgres
from tests.command_line import environment, migrated, portal
from tests.contents import contents

__all__ = ["environment", "migrated"]

HIDDEN = """
    SELECT relname FROM pg_class WHERE relforcerowsecurity AND NOT EXISTS (
        SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polcmd = '*' AND polpermissive
        AND pg_get_expr(polqual, polrelid) = 'true' AND 'portal_owner'::regrole = ANY (polroles)
    )
"""


@pytest.fixture
async def source(cluster: EmbeddedPostgres, migrated: dict[str, str], worker_id: str) -> Addresses:
    """Give a database with the demo in it."""
    addresses = cluster.addresses(f"own_{worker_id}")
    await write_demo(addresses.owner, clock.now())
    return addresses


@pytest.fixture
async def target(cluster: EmbeddedPostgres, worker_id: str) -> Addresses:
    """Give an empty database."""
    name = f"restored_{worker_id}"
    cluster.drop_database(name)
    cluster.create_database(name)
    yield cluster.addresses(name)
    cluster.drop_database(name)


async def test_a_backup_restores_every_row_and_every_wall_into_an_empty_cluster(
    cluster: EmbeddedPostgres, source: Addresses, migrated: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "portal.backup"
    superuser = cluster.superuser(source.owner.database)
    before = await contents(superuser)
    number = sum(1 for name in before if not name.endswith("_seq"))
    status, output, complaint = portal(migrated, "backup", str(file))
    assert (status, complaint) == (0, "")
    assert output.startswith(f"Backing up {number} tables\nWrote {file}: {number} tables, 0.")
    assert file.stat().st_mode & 0o777 == 0o600

    # Another cluster, which the command makes: its roles come before the rows.
    new = {name: migrated[name] for name in migrated if not name.startswith("PORTAL_")}
    new["PORTAL_DATA"] = str(tmp_path / "new")
    restored = f"Restoring {number} tables\nRestored {number} tables.\n"
    assert portal(new, "restore", str(file)) == (0, restored, "")
    status, _, complaint = portal(new, "restore", str(file))
    assert status == 1
    assert portal(new, "backup", str(file)) == (
        1,
        "",
        f"portal: {file} is there already: choose another name.\n",
    )
    assert complaint.startswith(f"portal: There are {number} tables in portal already: ")

    embedded = EmbeddedPostgres(tmp_path / "new" / "postgresql")
    embedded.start()
    assert await contents(embedded.superuser("portal")) == before
    assert not before["public.account"].startswith("0 ")
    assert await migration.pending(embedded.addresses().owner) == []
    database = Database(embedded.addresses(), size=1)
    async with database.app.connect() as connection:
        assert await walls.faults(connection) == []
    await database.close()
    embedded.stop()


async def test_row_level_security_hides_no_row_from_the_backup(
    cluster: EmbeddedPostgres, source: Addresses
) -> None:
    superuser = cluster.superuser(source.owner.database)
    engine = create_async_engine(superuser, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        assert (await connection.scalars(text(HIDDEN))).all() == []
    await engine.dispose()


async def test_what_breaks_off_restores_nothing(
    source: Addresses, target: Addresses, tmp_path: Path
) -> None:
    file, cut = tmp_path / "portal.backup", tmp_path / "cut.backup"
    major, number = await archive.tables(source.owner)
    assert len(list(archive.write(source.owner, major, file))) == number
    assert (await archive.tables(target.owner))[1] == 0

    cut.write_bytes(file.read_bytes()[:-3_000])
    with pytest.raises(archive.ArchiveFault, match=r"^Nothing was restored: pg_restore: error: "):
        list(archive.read(target.owner, major, cut))
    assert (await archive.tables(target.owner))[1] == 0

    stopped = archive.read(target.owner, major, file)
    next(stopped)
    stopped.close()
    assert (await archive.tables(target.owner))[1] == 0

    assert len(list(archive.read(target.owner, major, file))) == number
    with pytest.raises(archive.ArchiveFault, match=r"^Nothing was restored: .* already exists"):
        list(archive.read(target.owner, major, file))
    assert (await archive.tables(target.owner))[1] == number


async def test_a_backup_leaves_no_half_file(source: Addresses, tmp_path: Path) -> None:
    with pytest.raises(archive.ArchiveFault, match="cannot be written: No such file"):
        list(archive.write(source.owner, 18, tmp_path / "nowhere" / "portal.backup"))
    stopped = archive.write(source.owner, 18, tmp_path / "stopped")
    next(stopped)
    stopped.close()
    wrong = source.owner.set(password=source.app.password)
    with pytest.raises(archive.ArchiveFault, match=r"^The backup was not made: .* password "):
        list(archive.write(wrong, 18, tmp_path / "wrong"))
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("mine")
    with pytest.raises(archive.ArchiveFault) as fault:
        archive.contents(18, file)
    assert str(fault.value).startswith(f"{file} is no backup that can be read: pg_restore: error:")
