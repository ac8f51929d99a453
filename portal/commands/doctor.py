"""``portal doctor``: what the portal found, and what is wrong with it."""

import asyncio
import sys

import click

from portal.commands.checks.answering import answering
from portal.commands.checks.compiled import compiled
from portal.commands.checks.finding import Check, Examined, Finding, Verdict, well
from portal.commands.checks.migrations import migrations
from portal.commands.checks.separation import separation
from portal.commands.postgresql import embedded_in, reachable
from portal.embedded import found
from portal.settings import read_settings

_CHECKS: tuple[Check, ...] = (answering, migrations, separation, compiled)


@click.command()
def doctor() -> None:
    """Say which PostgreSQL was found, and whether its roles, walls and migrations are right.

    The exit status is 1 when something is wrong.
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
        wrong = asyncio.run(_look(Examined(settings, addresses)))
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
