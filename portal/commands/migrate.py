"""``portal migrate``: bring the database to the newest migration."""

import asyncio
import sys

import click
from sqlalchemy import URL

from portal.clock import now
from portal.commands.postgresql import reachable, scratch
from portal.commands.step import step
from portal.database import migration
from portal.database.objects.comparison import Difference, without_parts
from portal.settings.environment import read_settings


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
    elif draft is not None:
        if not draft.strip():
            raise click.BadParameter("Say what it does.", param_hint="--draft")
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
    with scratch("migrated", "declared") as (migrated, declared):
        differences = asyncio.run(_differences(migrated.owner, declared.owner))
    if differences:
        _list("The models say something else than the migrations make:", differences)
        sys.exit(1)
    click.echo("The migrations make what the models say.")


def _draft(message: str) -> None:
    with scratch("migrated", "declared") as (migrated, declared):
        differences = asyncio.run(_differences(migrated.owner, declared.owner))
        path = asyncio.run(migration.draft(migrated.owner, message, differences, now()))
        click.echo(f"Wrote {path}")
        if not differences:
            click.echo("It does nothing yet: no model asks for anything.")
        left = asyncio.run(_left(migrated.owner, declared.owner))
    if left:
        _list("It does not make what only you can write:", left)


async def _differences(migrated: URL, declared: URL) -> list[Difference]:
    """Make both databases, one by the migrations, and compare them."""
    await migration.upgrade(migrated)
    await migration.declare(declared)
    return await migration.differences(migrated, declared)


async def _left(migrated: URL, declared: URL) -> list[Difference]:
    """Take the step that was just written, and compare again."""
    await migration.upgrade(migrated)
    return await migration.differences(migrated, declared)


def _list(sentence: str, differences: list[Difference]) -> None:
    click.echo(sentence, err=True)
    for difference in without_parts(differences):
        click.echo(f"  {difference}", err=True)
