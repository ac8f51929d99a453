"""The PostgreSQL of a command: one's own, or the embedded one for as long as the command runs."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import asyncpg
from sqlalchemy import URL

from portal.database.addresses import Addresses
from portal.database.connection import connect
from portal.database.migration import pending
from portal.database.outage import is_read_only
from portal.embedded import OLDEST, EmbeddedPostgres
from portal.errors import OperatorFault
from portal.settings.settings import Settings

_ASKED = """
    SELECT current_setting('server_version'),
      NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'
"""
NOT_WRITABLE = (
    "it cannot be written to, as a standby. Name the primary in PORTAL_DATABASE_URL, or all hosts:"
    " postgresql://one:5432,two:5432/portal."
)

_NOT_LET_IN = "28"
"""The class of PostgreSQL's errors for a role that is not there, or has another password."""


class Unreachable(OperatorFault):
    """A PostgreSQL cannot be used."""


def embedded_in(settings: Settings) -> EmbeddedPostgres:
    """Give the embedded PostgreSQL of the data folder, not started."""
    return EmbeddedPostgres(settings.data / "postgresql", seconds=settings.limits.seconds)


@contextmanager
def reachable(settings: Settings, *, writable: bool = True) -> Iterator[Addresses]:
    """Give the addresses of a PostgreSQL that answers to every role, and can be written to."""
    if settings.addresses is not None:
        asyncio.run(_greet(settings.addresses, writable=writable))
        yield settings.addresses
        return
    embedded = embedded_in(settings)
    embedded.start()
    try:
        yield embedded.addresses()
    finally:
        embedded.stop()


@contextmanager
def migrated(settings: Settings) -> Iterator[Addresses]:
    """Give the addresses of a PostgreSQL that has every table this portal knows."""
    with reachable(settings) as addresses:
        refuse_pending(asyncio.run(pending(addresses.owner)))
        yield addresses


def refuse_pending(steps: Sequence[str]) -> None:
    """Refuse a PostgreSQL that lacks these migrations."""
    if steps:
        raise OperatorFault(f"Migrations are pending ({', '.join(steps)}): run 'portal migrate'.")


@contextmanager
def scratch(*databases: str) -> Iterator[tuple[Addresses, ...]]:
    """Give the addresses of empty databases, in a PostgreSQL that is thrown away."""
    with TemporaryDirectory(prefix="portal-scratch-") as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgresql", durable=False)
        embedded.start()
        try:
            for database in databases:
                embedded.create_database(database)
            yield tuple(map(embedded.addresses, databases))
        finally:
            embedded.stop()


class Answer(NamedTuple):
    """What a PostgreSQL says of itself."""

    version: str
    is_writable: bool


async def ask(address: URL) -> Answer:
    """Ask the PostgreSQL at an address what it is."""
    connection = await connect(address)
    try:
        return Answer(*await connection.fetchrow(_ASKED))
    finally:
        connection.terminate()


async def _greet(addresses: Addresses, *, writable: bool) -> None:
    place = address_shown(addresses.owner)
    for address in addresses.each:
        try:
            answer = await ask(address)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
            reason = NOT_WRITABLE if is_read_only(fault) else str(fault).splitlines()[0]
            if str(getattr(fault, "sqlstate", "")).startswith(_NOT_LET_IN):
                reason += "; 'portal roles' prints the script that makes the roles"
            raise Unreachable(f"{address.username} cannot use {place}: {reason}") from None
        if int(answer.version.split(".")[0]) < OLDEST:
            raise Unreachable(
                f"PostgreSQL {answer.version} is too old: the portal needs {OLDEST} or later."
            )
        if writable and not answer.is_writable:
            raise Unreachable(f"{address.username} cannot use {place}: {NOT_WRITABLE}")


def address_shown(address: URL) -> str:
    """Give an address as it may be printed."""
    shown = address._replace(drivername="postgresql", username=None, password=None)
    return shown.render_as_string()
