"""``portal clock``: what day it is for the portal, in development."""

import asyncio
import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

import click
import sqlalchemy as sa

from portal.actions.clock import PortalTime, set_clock, shift_of
from portal.clock import OPERATOR_ZONE, now
from portal.commands.postgresql import migrated
from portal.database.connection import engine_at
from portal.errors import PortalError
from portal.language.messages import translate
from portal.settings.environment import read_settings
from portal.settings.settings import Environment
from portal.viewer import Language


@click.command()
@click.argument("day", required=False, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--reset", is_flag=True, help="Let the real time apply again.")
def clock(day: datetime | None, reset: bool) -> None:
    """Print the portal's day and time, after moving it to DAY where one is given.

    The time of day goes on as it was. A running server knows with its next request. Sessions,
    waiting times and the sending of mails stay with the real time. Refused in production.

    \b
    Examples:
      portal clock 2027-03-31
      portal clock --reset
    """
    if day and reset:
        raise click.UsageError("Give a day or --reset, not both.")
    settings = read_settings()
    if settings.env is Environment.PRODUCTION:
        click.echo("portal: The clock can be moved in development alone; see PORTAL_ENV.", err=True)
        sys.exit(1)
    with migrated(settings) as addresses:
        try:
            time = asyncio.run(_time(addresses.owner, day.date() if day else None, reset))
        except PortalError as fault:
            click.echo(f"portal: {translate(fault.message, Language.EN, **fault.values)}", err=True)
            sys.exit(1)
    real = "" if time.is_moved else " (the real time)"
    click.echo(f"{time.today} {time.now.astimezone(ZoneInfo(OPERATOR_ZONE)):%H:%M}{real}")


async def _time(owner: sa.URL, day: date | None, reset: bool) -> PortalTime:
    engine = engine_at(owner)
    try:
        async with engine.begin() as connection:
            if day or reset:
                return await set_clock(connection, day, now(), may_move=True)
            return PortalTime.at(now(), await shift_of(connection))
    finally:
        await engine.dispose()
