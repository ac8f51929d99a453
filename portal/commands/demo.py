"""``portal demo``: fill an empty portal with fictional customers."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from portal import clock
from portal import demo as data
from portal.commands.postgresql import migrated
from portal.commands.step import step
from portal.settings.environment import read_settings
from portal.settings.settings import Environment

_MOST_ACCOUNTS = 1_000_000


@click.command()
@click.option(
    "--accounts",
    type=click.IntRange(1, _MOST_ACCOUNTS),
    metavar="N",
    help="Write N accounts more, the same ones each time: with 3 to 5 modules, and a history.",
)
def demo(accounts: int | None) -> None:
    """Write the demo data into a portal that holds no account yet.

    Refused in production: everybody knows the password of the demo logins. All is written, or
    nothing. The owners of the accounts of --accounts are owner@klant20001.example and so on.

    \b
    Examples:
      portal demo
      portal migrate && portal demo --accounts 20000
    """
    settings = read_settings()
    if settings.env is Environment.PRODUCTION:
        _refuse("Demo data is for development alone; see PORTAL_ENV.")
    with migrated(settings) as addresses:
        if asyncio.run(data.has_accounts(addresses.owner)):
            _refuse("There are accounts already; nothing was written.")
        with _progress(accounts or 0) as written:
            now = clock.now()
            asyncio.run(data.write_demo(addresses.owner, now, accounts or 0, written))


@contextmanager
def _progress(accounts: int) -> Iterator[Callable[[int], None]]:
    """Say what is written; what takes long shows on a terminal how far it has come."""
    text = f"Writing demo data and {accounts:,} accounts more" if accounts else "Writing demo data"
    if accounts and sys.stdout.isatty():
        with click.progressbar(length=accounts, label=text) as bar:
            yield bar.update
    else:
        with step(text):
            yield lambda number: None


def _refuse(sentence: str) -> None:
    click.echo(f"portal: {sentence}", err=True)
    sys.exit(1)
