"""``portal migrate``: bring the database to the newest migration."""

import asyncio
import sys

import click

from portal.commands.postgresql import reachable, scratch
from portal.commands.step import step
from portal.database import migration
from portal.settings.settings import read_settings


@click.command()
@click.option("--check", is_flag=True, help="Compare migrations and models, and change nothing.")
@click.option("--draft", metavar="MESSAGE", help="Write the migration that the models ask for.")
def migrate(*, check: bool, draft: str | None) -> None:
    """Bring the database to the newest migration, as portal_owner.

    A migration that cannot lock its table within 4 seconds stops, and can be started again.

    \b
    Examples:
      portal migrate                              take every missing step
      portal migrate --check                      in a database that is thrown away
      portal migrate --draft "Add a fax number"   writes a file; read it before you keep it
    """
    if check:
        _check()
    elif draft:
        _draft(draft)
    else:
        with reachable(read_settings()) as addresses:
            steps = asyncio.run(migration.pending(addresses.owner))
            if steps:
                with step(f"Migrating: {', '.join(steps)}"):
                    asyncio.run(migration.upgrade(addresses.owner))
            else:
                click.echo("The database is up to date.")
            for sentence in asyncio.run(migration.unsound(addresses.owner)):
                click.echo(f"WRONG {sentence}", err=True)


def _check() -> None:
    with scratch() as addresses:
        asyncio.run(migration.upgrade(addresses.owner))
        differences = asyncio.run(migration.differences(addresses.owner))
    if differences:
        click.echo("The models say something else than the migrations make:", err=True)
        for difference in differences:
            click.echo(f"  {difference}", err=True)
        sys.exit(1)
    click.echo("The migrations make what the models say.")


def _draft(message: str) -> None:
    with scratch() as addresses:
        asyncio.run(migration.upgrade(addresses.owner))
        for path in asyncio.run(migration.draft(addresses.owner, message)):
            click.echo(f"Wrote {path}")
