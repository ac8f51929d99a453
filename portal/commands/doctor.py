"""``portal doctor``: what the portal found, and what is wrong with it."""

import asyncio
import sys

import click

from portal.commands.checks.answering import answering
from portal.commands.checks.beginnings import beginnings
from portal.commands.checks.compiled import compiled
from portal.commands.checks.connections import connections
from portal.commands.checks.disk import disk
from portal.commands.checks.finding import Check, Examined, Finding, Verdict, well
from portal.commands.checks.mailing import smtp, waiting
from portal.commands.checks.migrations import migrations
from portal.commands.checks.schemas import schemas
from portal.commands.checks.separation import separation
from portal.commands.checks.terms import terms
from portal.commands.postgresql import embedded_in, reachable
from portal.embedded import found
from portal.settings.environment import read_settings

_CHECKS: tuple[Check, ...] = (
    answering,
    migrations,
    separation,
    beginnings,
    terms,
    schemas,
    connections,
    smtp,
    waiting,
    disk,
    compiled,
)


@click.command()
@click.option(
    "--workers",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="Processes that serve, on all machines together.",
)
def doctor(workers: int) -> None:
    """Say what was found, what is wrong with it, and what was not looked at.

    That is PostgreSQL, its roles and migrations, the walls between accounts, the connections that
    are needed, the SMTP server, the worker, the mails that wait, and the disk. The exit status is 1
    when something is wrong.

    \b
    Examples:
      portal doctor
      portal doctor --workers 8    two machines with 'portal serve --workers 4'
    """
    settings = read_settings()
    if settings.addresses is None:
        binaries = found()
        _say(well(f"PostgreSQL's programs: {binaries.source}, version {binaries.major}"))
        click.echo(f"      {binaries.folder}")
        embedded = embedded_in(settings)
        if not embedded.exists:
            _say(well(f"no database in {embedded.folder} yet; 'portal serve' makes it"))
            return
        _say(well(f"database in {embedded.folder}"))
    with reachable(settings, writable=False) as addresses:
        wrong = asyncio.run(_look(Examined(settings, addresses, workers)))
    if wrong:
        sys.exit(1)


async def _look(examined: Examined) -> bool:
    wrong = False
    for check in _CHECKS:
        for finding in await check(examined):
            _say(finding)
            wrong |= finding.verdict is Verdict.WRONG
    return wrong


def _say(finding: Finding) -> None:
    click.echo(f"{finding.verdict:<5} {finding.text}")
