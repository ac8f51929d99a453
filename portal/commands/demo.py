"""``portal demo``: fill an empty portal with fictional customers."""

import asyncio
import sys

import click

from portal import clock
from portal import demo as data
from portal.commands.postgresql import reachable
from portal.commands.step import step
from portal.settings import Environment, read_settings


@click.command()
def demo() -> None:
    """Write the demo data into a portal that holds no account yet.

    Refused in production: everybody knows the password of the demo logins.
    """
    settings = read_settings()
    if settings.env is Environment.PRODUCTION:
        click.echo("portal: Demo data is for development alone; see PORTAL_ENV.", err=True)
        sys.exit(1)
    with reachable(settings) as addresses:
        if asyncio.run(data.has_accounts(addresses.owner)):
            click.echo("portal: There are accounts already; nothing was written.", err=True)
            sys.exit(1)
        with step("Writing demo data"):
            asyncio.run(data.write_demo(addresses.owner, clock.now()))
