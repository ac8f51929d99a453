"""The embedded PostgreSQL: who may enter, who counts as its user, and what a kill leaves behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, pool, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from portal.database.addresses import ROLES
from portal.embedded import EmbeddedFault, EmbeddedPostgres
from portal.embedded.binaries import Binaries, SystemAccount, found, readable_by
from portal.embedded.folder import ServerFolder

USER = """
import sys
from pathlib import Path
from portal.embedded import EmbeddedPostgres
EmbeddedPostgres(Path(sys.argv[1]), durable=False).start()
print("started", flush=True)
sys.stdin.read()
"""


async def ask(address: URL, *statements: str) -> list[object]:
    """Run statements that commit, and give the first column of the last one's rows."""
    engine = create_async_engine(address, poolclass=pool.NullPool)
    try:
        async with engine.begin() as connection:
            for statement in statements:
                result = await connection.execute(text(statement))
            return list(result.scalars()) if result.returns_rows else []
    finally:
        await engine.dispose()


def mode(path: Path) -> int:
    """Give the permission bits of a path."""
    return path.lstat().st_mode & 0o777


def postmaster(folder: Path) -> int:
    """Give the number of the server's process."""
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def works_in(folder: Path) -> bool:
    """Tell whether any process works in the data folder."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").samefile(folder / "data"):
                return True
        except OSError:
            continue
    return False


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a place for a server of this test alone, and see that none is left running."""
    yield tmp_path / "postgresql"
    if works_in(tmp_path / "postgresql"):
        os.kill(postmaster(tmp_path / "postgresql"), signal.SIGQUIT)


@pytest.fixture
def embedded(folder: Path) -> Iterator[EmbeddedPostgres]:
    """Start a server of this test alone."""
    embedded = EmbeddedPostgres(folder, durable=False)
    embedded.start()
    yield embedded
    embedded.stop()


async def test_every_role_is_asked_for_its_password(cluster: EmbeddedPostgres) -> None:
    addresses = cluster.addresses("postgres")
    for address in (addresses.owner, addresses.app, cluster.superuser()):
        for wrong in ("", "wrong"):
            with pytest.raises(DBAPIError, match="password authentication failed"):
                await ask(address.set(password=wrong), "SELECT 1")
    methods = "SELECT DISTINCT auth_method FROM pg_hba_file_rules"
    assert await ask(cluster.superuser(), methods) == ["scram-sha-256"]
    stored = "SELECT DISTINCT split_part(rolpassword, '$', 1) FROM pg_authid WHERE rolcanlogin"
    assert await ask(cluster.superuser(), stored) == ["SCRAM-SHA-256"]


async def test_nothing_listens_on_the_network(cluster: EmbeddedPostgres) -> None:
    assert await ask(cluster.superuser(), "SHOW listen_addresses") == [""]
    handles = Path(f"/proc/{postmaster(cluster.folder)}/fd").iterdir()
    sockets = {name for name in map(str, map(Path.readlink, handles)) if "socket:" in name}
    network = [
        f"socket:[{line.split()[9]}]"
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    assert sockets
    assert sockets.isdisjoint(network)


async def test_only_its_own_account_may_enter(cluster: EmbeddedPostgres) -> None:
    assert mode(cluster.folder) == 0o700
    assert mode(cluster.folder / "data") == 0o700
    assert mode(cluster.folder / "passwords.json") == 0o600
    assert mode(cluster.folder / ".s.PGSQL.5432") == 0o700


async def test_pages_have_checksums(cluster: EmbeddedPostgres) -> None:
    assert await ask(cluster.superuser(), "SHOW data_checksums") == ["on"]


async def test_the_roles_have_no_power(cluster: EmbeddedPostgres) -> None:
    powers = """
        SELECT rolname FROM pg_roles WHERE rolname LIKE 'portal%' AND rolcanlogin
        AND NOT (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolinherit
          OR rolreplication) ORDER BY 1
    """
    assert await ask(cluster.superuser(), powers) == sorted(ROLES)
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'portal'"
    assert await ask(cluster.superuser(), owner) == ["portal_owner"]
    creators = """
        SELECT rolname FROM pg_roles WHERE rolname LIKE 'portal%'
        AND has_schema_privilege(oid, 'public', 'CREATE') ORDER BY 1
    """
    assert await ask(cluster.superuser("portal"), creators) == ["portal_owner"]
    public = """
        SELECT privilege_type FROM pg_database, aclexplode(datacl)
        WHERE datname = 'portal' AND grantee = 0
    """
    assert await ask(cluster.superuser(), public) == []


async def test_the_last_user_stops_the_server(folder: Path) -> None:
    first, second = (EmbeddedPostgres(folder, durable=False) for _ in range(2))
    first.start()
    second.start()
    assert not first.stop()
    assert await ask(second.addresses().app, "SELECT 1") == [1]
    assert second.stop()
    assert not works_in(folder)
    assert not second.stop()


async def test_a_killed_user_does_not_count(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as user:
        assert user.stdout
        assert user.stdout.readline() == b"started\n"
        number = postmaster(folder)
        user.send_signal(signal.SIGKILL)
    assert works_in(folder)
    embedded = EmbeddedPostgres(folder, durable=False)
    embedded.start()
    assert postmaster(folder) == number
    assert embedded.stop()
    assert not works_in(folder)


async def test_a_killed_server_comes_back_with_its_rows(embedded: EmbeddedPostgres) -> None:
    owner = embedded.addresses().owner
    await ask(owner, "CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)")
    os.kill(postmaster(embedded.folder), signal.SIGKILL)
    second = EmbeddedPostgres(embedded.folder, durable=False)
    second.start()
    assert await ask(owner, "SELECT id FROM kept") == [7]
    assert not second.stop()


async def test_a_file_of_a_dead_server_with_a_living_number_is_no_server(folder: Path) -> None:
    embedded = EmbeddedPostgres(folder, durable=False)
    embedded.start()
    lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
    assert embedded.stop()
    # After a restart of the machine the number may belong to anybody: here to this test.
    stale = "\n".join([str(os.getpid()), *lines[1:]]) + "\n"
    (folder / "data" / "postmaster.pid").write_text(stale)
    embedded.start()
    assert await ask(embedded.addresses().app, "SELECT 1") == [1]
    assert embedded.stop()


async def test_a_half_made_cluster_is_thrown_away(folder: Path) -> None:
    (folder / "data.new" / "base").mkdir(parents=True)
    (folder / "data.new" / "PG_VERSION").write_text("18\n")
    (folder / "passwords.json").write_text("{")
    embedded = EmbeddedPostgres(folder, durable=False)
    embedded.start()
    assert await ask(embedded.addresses().app, "SELECT 1") == [1]
    assert not (folder / "data.new").exists()
    assert embedded.stop()


async def test_a_folder_with_something_else_in_it_is_left_alone(folder: Path) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "letter.txt").write_text("mine")
    with pytest.raises(EmbeddedFault) as fault:
        EmbeddedPostgres(folder).start()
    data = folder / "data"
    assert str(fault.value) == (
        f"{data} is no PostgreSQL database: move it away, or set PORTAL_DATA."
    )
    assert (data / "letter.txt").read_text() == "mine"


async def test_a_cluster_of_another_version_is_left_alone(folder: Path) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedFault) as fault:
        EmbeddedPostgres(folder).start()
    sentence = str(fault.value)
    assert sentence.startswith(f"{folder / 'data'} was made by PostgreSQL 9, and the programs in ")
    assert sentence.endswith(f" are version {found().major}.")


async def test_a_long_path_has_its_socket_elsewhere(folder: Path) -> None:
    embedded = EmbeddedPostgres(folder / ("x" * 100), durable=False)
    embedded.start()
    address = embedded.addresses().app
    socket_folder = Path(str(address.query["host"]))
    assert socket_folder.parent == Path("/tmp")  # noqa: S108 - where it must be
    assert mode(socket_folder) == 0o700
    assert await ask(address, "SELECT 1") == [1]
    assert embedded.stop()
    socket_folder.rmdir()


async def test_a_folder_with_odd_letters_is_served(folder: Path) -> None:
    embedded = EmbeddedPostgres(folder / 'it\'s a "folder" $HOME', durable=False)
    embedded.start()
    assert await ask(embedded.addresses().app, "SELECT 1") == [1]
    assert embedded.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
async def test_programs_in_a_closed_folder_are_copied(tmp_path: Path) -> None:
    programs = found()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = programs.folder.parent.parent
    for name in (package.name, f"{package.name}.libs"):
        (closed / name).symlink_to(package.with_name(name))
    hidden = closed / package.name / "pginstall" / "bin"
    nobody = SystemAccount("nobody", 65534, 65534)
    copy = readable_by(nobody, Binaries(hidden, programs.major, programs.source))
    assert copy.folder != hidden
    assert readable_by(nobody, copy) == copy
    for parent in (copy.folder, *copy.folder.parents):
        assert parent.stat().st_uid == 0


async def test_a_template_is_copied_and_a_database_dropped(embedded: EmbeddedPostgres) -> None:
    embedded.create_database("first")
    await ask(embedded.addresses("first").owner, "CREATE TABLE kept AS SELECT 1 AS id")
    embedded.create_database("second", "first")
    assert await ask(embedded.addresses("second").owner, "SELECT id FROM kept") == [1]
    embedded.drop_database("second")
    embedded.drop_database("second")
    names = "SELECT datname FROM pg_database WHERE datname IN ('first', 'second')"
    assert await ask(embedded.superuser(), names) == ["first"]


@pytest.mark.skipif(
    not (found().folder / "pg_basebackup").exists(), reason="these programs make no base backup"
)
async def test_a_base_backup_starts_beside_the_cluster_that_it_was_made_of(
    tmp_path: Path, folder: Path
) -> None:
    embedded = EmbeddedPostgres(folder)
    embedded.start()
    await ask(embedded.addresses().owner, "CREATE TABLE kept AS SELECT 7 AS id")
    copy = tmp_path / "copy"
    place = ServerFolder(copy, found())
    superuser = embedded.superuser()
    # As an operator does it: PostgreSQL's own program, into an empty folder.
    subprocess.run(
        [found().folder / "pg_basebackup", f"--pgdata={tmp_path / 'backup'}", "--checkpoint=fast"],
        check=True,
        capture_output=True,
        env={
            "PGHOST": str(superuser.query["host"]),
            "PGUSER": str(superuser.username),
            "PGPASSWORD": str(superuser.password),
        },
    )
    (tmp_path / "backup").rename(place.data)
    if place.account:
        for path in (place.data, *place.data.rglob("*")):
            os.chown(path, place.account.uid, place.account.gid)
    settings = place.run("postgres", "-C", "max_connections", "-D", f"{place.seen}/data")
    assert (settings, place.last_words("tools.log")) == (0, "300")
    place.close()
    restored = EmbeddedPostgres(copy)
    restored.start()
    assert await ask(restored.addresses().owner, "SELECT id FROM kept") == [7]
    await ask(restored.addresses().owner, "INSERT INTO kept VALUES (8)")
    assert await ask(embedded.addresses().owner, "SELECT id FROM kept") == [7]
    assert restored.stop()
    assert embedded.stop()


async def test_a_cluster_made_before_takes_its_settings_among_its_data(folder: Path) -> None:
    embedded = EmbeddedPostgres(folder, durable=False)
    embedded.start()
    assert embedded.stop()
    data = folder / "data"
    (data / "portal.conf").rename(folder / "portal.conf")
    written = (data / "postgresql.conf").read_text()
    (data / "postgresql.conf").write_text(
        written.replace("include = 'portal.conf'", "include = '../portal.conf'")
    )
    embedded.start()
    assert await ask(embedded.superuser(), "SHOW password_encryption") == ["scram-sha-256"]
    assert (data / "postgresql.conf").read_text() == written
    assert embedded.stop()
