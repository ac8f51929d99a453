"""``portal bill``: issue the documents that are due."""

import asyncio
import sys
from datetime import date, datetime

import click
from sqlalchemy.ext.asyncio import AsyncEngine

from portal import clock
from portal.actions.billing.run import Report
from portal.actions.billing.start import begin, first_day
from portal.actions.clock import shift_of
from portal.commands.postgresql import migrated
from portal.database.addresses import Addresses
from portal.jobs.billing import be_silent, run_billing
from portal.jobs.worker import worker_engine
from portal.settings.environment import read_settings
from portal.settings.log import log_to_stderr
from portal.settings.settings import Environment

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option(
    "--from",
    "since",
    type=_DAY,
    help="Begin to bill here: what falls due from this day on. Said once, and for good.",
)
@click.option("--until", type=_DAY, help="Bill what falls due by this day; today when left out.")
def bill(since: datetime | None, until: datetime | None) -> None:
    """Issue invoices for what is due, and credit notes for what was billed too much.

    A worker does the same each night, once it is said from which day on: before that, nobody is
    billed. A run that was ended is run again, and issues nothing twice. Documents are dated today.

    \b
    Examples:
      portal bill --from 2027-01-01
      portal bill --until 2027-01-31
    """
    settings = read_settings()
    with migrated(settings) as addresses:
        log_to_stderr(settings)
        is_development = settings.env is Environment.DEVELOPMENT
        report = asyncio.run(
            _bill(addresses, since and since.date(), until and until.date(), is_development)
        )
    click.echo(
        f"{report.accounts} accounts: {report.invoices} invoices, {report.credit_notes} credit"
        f" notes, {report.unbilled} with a problem."
    )


async def _bill(
    addresses: Addresses, since: date | None, until: date | None, is_development: bool
) -> Report:
    engine = worker_engine(addresses)
    try:
        if since is not None:
            await begin(engine, since)
        await _check_begun(engine)
        now = clock.now()
        if is_development:
            async with engine.connect() as connection:
                now += await shift_of(connection)
        return await run_billing(engine, now, until, _tell if sys.stdout.isatty() else be_silent)
    finally:
        await engine.dispose()


async def _check_begun(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        if await first_day(connection) is None:
            raise click.UsageError("Say first from which day on is billed here: --from 2027-01-01.")


async def _tell(report: Report) -> None:
    click.echo(f"{report.accounts} accounts ...\r", nl=False)
