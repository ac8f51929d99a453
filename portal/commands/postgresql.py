"""The PostgreSQL of a command: one's own, or the embedded one for as long as the command runs."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlalchemy import URL, pool
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from portal.addresses import Addresses
from portal.embedded import OLDEST, EmbeddedPostgres
from portal.settings import Settings

_PATIENCE = 10
"""Seconds that a PostgreSQL gets to answer."""

_NOT_LET_IN = "28"
"""The class of PostgreSQL's errors for a role that is not there, or has another password."""


class Unreachable(Exception):
    """A PostgreSQL cannot be used; the message is a sentence for the operator."""


def embedded_in(settings: Settings) -> EmbeddedPostgres:
    """Give the embedded PostgreSQL of the data folder, not started."""
    return EmbeddedPostgres(settings.data / "postgresql")


@contextmanager
def reachable(settings: Settings) -> Iterator[Addresses]:
    """Give the addresses of a PostgreSQL that answers to every role."""
    if settings.addresses is not None:
        asyncio.run(_greet(settings.addresses))
        yield settings.addresses
        return
    embedded = embedded_in(settings)
    embedded.start()
    try:
        yield embedded.addresses()
    finally:
        embedded.stop()


@contextmanager
def scratch() -> Iterator[Addresses]:
    """Give the addresses of an empty PostgreSQL that is thrown away."""
    with TemporaryDirectory(prefix="portal-scratch-") as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgresql", durable=False)
        embedded.start()
        try:
            yield embedded.addresses()
        finally:
            embedded.stop()


async def version(address: URL) -> str:
    """Give the version of the PostgreSQL at an address, as it names itself."""
    engine = create_async_engine(
        address, poolclass=pool.NullPool, connect_args={"timeout": _PATIENCE}
    )
    try:
        async with engine.connect() as connection:
            return str(await connection.scalar(sa.text("SHOW server_version")))
    finally:
        await engine.dispose()


async def _greet(addresses: Addresses) -> None:
    for address in addresses.each:
        try:
            answer = await version(address)
        except (OSError, SQLAlchemyError) as fault:
            cause = getattr(fault, "orig", None) or fault
            reason = str(cause).splitlines()[0]
            if str(getattr(cause, "sqlstate", "")).startswith(_NOT_LET_IN):
                reason += "; 'portal roles' prints the script that makes the roles"
            place = address._replace(drivername="postgresql", username=None, password=None)
            raise Unreachable(
                f"{address.username} cannot use {place.render_as_string()}: {reason}"
            ) from None
        if int(answer.split(".")[0]) < OLDEST:
            raise Unreachable(
                f"PostgreSQL {answer} is too old: the portal needs {OLDEST} or later."
            )
