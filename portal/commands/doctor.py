"""``portal doctor``: what the portal found, and what is wrong with it."""

import asyncio
import sys

import click
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine

from portal import migration, walls
from portal.addresses import ROLES, Addresses
from portal.commands.postgresql import embedded_in, reachable, version
from portal.commands.uncompiled import uncompiled
from portal.embedded import found
from portal.settings import read_settings


@click.command()
def doctor() -> None:
    """Say which PostgreSQL was found, and whether its roles, walls and migrations are right.

    The exit status is 1 when something is wrong.
    """
    settings = read_settings()
    if settings.addresses is None:
        binaries = found()
        _well(f"PostgreSQL's programs: {binaries.source}, version {binaries.major}")
        click.echo(f"      {binaries.folder}")
        embedded = embedded_in(settings)
        if not embedded.exists:
            _well(f"no database in {embedded.folder} yet; 'portal serve' makes it")
            return
        _well(f"database in {embedded.folder}")
    with reachable(settings) as addresses:
        wrong = asyncio.run(_look(addresses))
    if wrong:
        sys.exit(1)


async def _look(addresses: Addresses) -> bool:
    _well(f"PostgreSQL {await version(addresses.app)} answers to {', '.join(ROLES)}")
    pending = await migration.pending(addresses.owner)
    for name in pending:
        click.echo(f"WRONG migration {name} is pending: run 'portal migrate'")
    if not pending:
        _well("no migration is pending")
    faults = await open_walls(addresses)
    for sentence in faults:
        click.echo(f"WRONG {sentence}")
    if not faults:
        _well("row level security binds portal_app on every table of an account")
    slow = list(uncompiled(addresses))
    for sentence in slow:
        click.echo(f"WRONG {sentence}")
    if not slow:
        _well("every query of the examples, and every answer of their mutations, is one statement")
    return bool(pending or faults or slow)


async def open_walls(addresses: Addresses) -> list[str]:
    """Give the faults of ``portal.walls``, seen by ``portal_app`` itself."""
    engine = create_async_engine(addresses.app, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        faults = await walls.faults(connection)
    await engine.dispose()
    return faults


def _well(text: str) -> None:
    click.echo(f"ok    {text}")
