"""Backups: a whole database in one file, made and read by PostgreSQL's own programs.

``portal_owner`` owns all and is bound by row level security too; its policies show it every row.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from sqlalchemy import URL, pool, text

from portal.database.connection import engine_at, libpq_options
from portal.embedded import clients_of
from portal.errors import OperatorFault

_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
_TABLES = """
    SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
"""
_DUMPED = re.compile(r'dumping contents of table "(.+)"')
_COPIED = re.compile(rb"COPY (\S+) .*FROM stdin;")
# Written by the programs of PostgreSQL 17 and later, and unknown to older servers.
_TOO_NEW = b"SET transaction_timeout = 0;"


class ArchiveFault(OperatorFault):
    """A backup was not made or not restored; the message is a sentence for the operator."""


async def tables(owner: URL) -> tuple[int, int]:
    """Give the major version of the server, and the number of tables of the database."""
    engine = engine_at(owner, poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            version = await connection.scalar(text("SHOW server_version_num"))
            number = await connection.scalar(text(_TABLES))
    finally:
        await engine.dispose()
    return int(str(version)) // 10_000, int(number or 0)


def write(owner: URL, major: int, file: Path) -> Iterator[str]:
    """Write the database into a new file, whole or not at all; yields each table's name."""
    partial = file.with_name(f"{file.name}.part")
    command = (
        clients_of(major) / "pg_dump",
        *("--format=custom", "--enable-row-security", "--verbose", "--no-password"),
        f"--file={partial}",
    )
    try:
        partial.unlink(missing_ok=True)
        # Made here for its mode, whatever the umask is: there are people's data in it.
        partial.touch(mode=0o600)
        with subprocess.Popen(
            command, env=_environment(owner), stderr=subprocess.PIPE, text=True
        ) as dump:
            words = ""
            for line in dump.stderr or ():
                words = line.strip()
                if table := _DUMPED.search(words):
                    yield table[1]
        if dump.returncode:
            raise ArchiveFault(f"The backup was not made: {words}")
        with partial.open("rb") as archive:
            os.fsync(archive.fileno())
        partial.rename(file)
    except OSError as fault:
        raise ArchiveFault(f"{file} cannot be written: {fault.strerror}.") from None
    finally:
        partial.unlink(missing_ok=True)


def contents(major: int, file: Path) -> int:
    """Give the number of tables in a backup."""
    listed = subprocess.run(
        (clients_of(major) / "pg_restore", "--list", file),
        check=False,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        raise ArchiveFault(f"{file} is no backup that can be read: {listed.stderr.strip()}")
    return listed.stdout.count(" TABLE DATA ")


def read(owner: URL, major: int, file: Path) -> Iterator[str]:
    """Fill the empty database from a file, whole or not at all; yields each table's name."""
    programs = clients_of(major)
    script = (programs / "pg_restore", "--file=-", file)
    quiet = ("--no-psqlrc", "--quiet", "--no-password", "--output=/dev/null")
    psql = (programs / "psql", *quiet, "--set=ON_ERROR_STOP=on")
    with (
        TemporaryFile() as complaints,
        subprocess.Popen(script, stdout=subprocess.PIPE, stderr=complaints) as source,
        subprocess.Popen(
            psql, env=_environment(owner), stdin=subprocess.PIPE, stderr=complaints
        ) as target,
    ):
        yield from _passed_on(source, target)
        if source.wait() | target.wait():
            complaints.seek(0)
            said = complaints.read().decode(errors="replace").splitlines() or [""]
            words = next((line for line in said if "error:" in line or "ERROR:" in line), said[-1])
            raise ArchiveFault(f"Nothing was restored: {words}")


def _passed_on(
    source: "subprocess.Popen[bytes]", target: "subprocess.Popen[bytes]"
) -> Iterator[str]:
    """Hand the script on line by line, without what an older server does not know.

    psql takes the end of its input for the end of the work, also where we were killed: so it is the
    last word that commits.
    """
    script, session = cast("IO[bytes]", source.stdout), cast("IO[bytes]", target.stdin)
    in_rows = False
    try:
        session.write(b"BEGIN;\n")
        for line in script:
            if in_rows:
                in_rows = line != b"\\.\n"
            elif copied := _COPIED.match(line):
                in_rows = True
                yield copied[1].decode()
            elif line.startswith(_TOO_NEW):
                continue
            session.write(line)
        if source.wait() == 0:
            session.write(b"COMMIT;\n")
        session.close()
    except BrokenPipeError:
        source.kill()
        # What it did not take any more is still kept for it.
        with suppress(BrokenPipeError):
            session.close()


def _environment(owner: URL) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    given = libpq_options(owner)
    return kept | {"LC_ALL": "C"} | {_VARIABLES[name]: given[name] for name in given}
