"""``portal restore``: a database from a backup."""

import asyncio
from pathlib import Path

import click
from alembic.util import CommandError

from portal.commands.postgresql import reachable
from portal.database import archive, migration
from portal.settings.environment import read_settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Fill an empty database from FILE, which 'portal backup' wrote.

    All of it or nothing. Without PORTAL_DATABASE_URL it goes into a new PostgreSQL in the data
    folder; with it, 'portal roles' makes the empty database. Afterwards 'portal migrate' brings an
    older backup up to date.

    \b
    Examples:
      PORTAL_DATA=/srv/new portal restore portal-2026-11-27.backup
      portal restore /mnt/backups/portal.backup
    """
    with reachable(read_settings()) as addresses:
        major, present = asyncio.run(archive.tables(addresses.owner))
        if present:
            raise archive.ArchiveFault(
                f"There are {present} tables in {addresses.owner.database} already: a backup is"
                " restored into an empty database, which 'portal roles' makes, or in a new"
                " PORTAL_DATA."
            )
        number = archive.contents(major, file)
        steps = archive.read(addresses.owner, major, file)
        with click.progressbar(
            steps, number, f"Restoring {number} tables", item_show_func=str
        ) as names:
            restored = sum(1 for _ in names)
        click.echo(f"Restored {restored} tables.")
        try:
            pending = asyncio.run(migration.pending(addresses.owner))
        except CommandError:
            raise archive.ArchiveFault(
                "The backup is of a newer version of the portal: serve it with that one."
            ) from None
        if pending:
            click.echo("The backup is older than this version: run 'portal migrate'.")
