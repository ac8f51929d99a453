"""``portal audit``: prove that what must never change has not."""

import asyncio
import sys

import click

from portal.actions.billing.audit import Audited, Fault, faults
from portal.commands.postgresql import migrated
from portal.database.addresses import Addresses
from portal.database.connection import engine_at
from portal.rules.billing.number import number_of
from portal.settings.environment import read_settings


@click.group()
def audit() -> None:
    """Prove that what must never change has not.

    \b
    Examples:
      portal audit documents
    """


@audit.command()
def documents() -> None:
    """Walk the chain of every series: no document is missing, and each is as it was issued.

    The exit status is 1 where the chain of a series does not hold.
    """
    with migrated(read_settings()) as addresses:
        audited, found = asyncio.run(_audit(addresses))
    for fault in found:
        number = number_of(fault.series, fault.year, fault.number)
        click.echo(f"{number} {fault.what}.", err=True)
    click.echo(f"{audited.documents} documents in {audited.series} series.")
    if found:
        sys.exit(1)


async def _audit(addresses: Addresses) -> tuple[Audited, list[Fault]]:
    audited = Audited()
    engine = engine_at(addresses.worker)
    try:
        async with engine.connect() as connection:
            return audited, [fault async for fault in faults(connection, audited)]
    finally:
        await engine.dispose()
