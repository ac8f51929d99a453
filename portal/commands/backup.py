"""``portal backup``: the whole database in one file."""

import asyncio
from pathlib import Path

import click

from portal.commands.postgresql import reachable
from portal.database import archive
from portal.settings.environment import read_settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write the whole database into FILE, while the portal serves.

    It is the state of one moment, in the format of pg_dump, made as portal_owner; only you may read
    the file. 'portal restore' reads it. What is not in it: PORTAL_SECRET or the folder PORTAL_DATA,
    and the passwords of the database roles.

    \b
    Examples:
      portal backup portal-$(date +%F).backup
      PORTAL_DATA=/srv/portal portal backup /mnt/backups/portal.backup
    """
    if file.exists():
        raise archive.ArchiveFault(f"{file} is there already: choose another name.")
    with reachable(read_settings()) as addresses:
        major, number = asyncio.run(archive.tables(addresses.owner))
        steps = archive.write(addresses.owner, major, file)
        with click.progressbar(
            steps, number, f"Backing up {number} tables", item_show_func=str
        ) as names:
            written = sum(1 for _ in names)
    click.echo(f"Wrote {file}: {written} tables, {file.stat().st_size / 1e6:.1f} MB.")
