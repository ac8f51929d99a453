"""``portal serve``: everything that is needed, and then the server."""

import asyncio
import signal
import socket
import sys
from contextlib import ExitStack, suppress

import click

from portal import clock, demo
from portal.commands import overriding
from portal.commands.checks.connections import connections
from portal.commands.checks.finding import Examined, Verdict
from portal.commands.checks.separation import open_walls
from portal.commands.postgresql import reachable, refuse_pending
from portal.commands.step import step
from portal.database import migration
from portal.database.addresses import Addresses
from portal.jobs.worker import working
from portal.login.seal import secret_of
from portal.settings.environment import read_settings
from portal.settings.settings import Environment, Settings
from portal.web.door import processes, server
from portal.web.door.host import names_of


@click.command()
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that serve; one for each processor is a good number.",
)
def serve(workers: int) -> None:
    """Serve the portal until it is told to stop.

    Without PORTAL_DATABASE_URL it starts a PostgreSQL of its own in the data folder, migrates it,
    fills it with demo data on the first run in development, and does the work of 'portal worker'.

    \b
    Examples:
      portal serve
      portal serve --workers 4
      PORTAL_PORT=8001 PORTAL_DATA=/srv/portal portal serve
    """
    settings = read_settings()
    if settings.env is Environment.PRODUCTION:
        # Asked before anything starts: each serving process would else fail by itself.
        names_of(settings)
        secret_of(settings)
    _stop_for("A package is another than the portal was made for", overriding.lost())
    _check_port(settings)
    # Both end the server like Ctrl-C, so that the embedded PostgreSQL is stopped too.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        _serve(settings, workers)
    click.echo("Stopped.")


def _serve(settings: Settings, workers: int) -> None:
    with ExitStack() as stack:
        with step("Starting PostgreSQL" if settings.addresses is None else "Asking PostgreSQL"):
            addresses = stack.enter_context(reachable(settings))
        _migrate(settings, addresses)
        _stop_for("A wall between accounts is open", asyncio.run(open_walls(addresses)))
        for finding in asyncio.run(connections(Examined(settings, addresses, workers))):
            if finding.verdict is Verdict.WRONG:
                click.echo(f"portal: {finding.text}.", err=True)
        # Never in a database of somebody's own: the demo's password is known to everybody.
        if settings.addresses is None and settings.env is Environment.DEVELOPMENT:
            _fill(addresses)
        # Without a second command to start, nobody would send mails.
        if settings.addresses is None:
            stack.enter_context(working(settings, addresses))
        if workers == 1:
            server.run(settings, addresses, lambda: _say_where(settings))
        else:
            processes.run(workers, settings, addresses, lambda: _say_where(settings))


def _stop_for(heading: str, faults: list[str]) -> None:
    if faults:
        click.echo(f"portal: {heading}, so nothing is served:", err=True)
        for sentence in faults:
            click.echo(f"  {sentence}", err=True)
        sys.exit(1)


def _migrate(settings: Settings, addresses: Addresses) -> None:
    steps = asyncio.run(migration.pending(addresses.owner))
    if settings.addresses is not None:
        refuse_pending(steps)
    elif steps:
        with step(f"Migrating ({', '.join(steps)})"):
            asyncio.run(migration.upgrade(addresses.owner))


def _fill(addresses: Addresses) -> None:
    if not asyncio.run(demo.has_accounts(addresses.owner)):
        with step("Writing demo data"):
            asyncio.run(demo.write_demo(addresses.owner, clock.now()))
    click.echo(f"Demo logins, all with the password {demo.PASSWORD}:")
    for email, role in demo.LOGINS:
        click.echo(f"  {email:<32} {role}")


def _say_where(settings: Settings) -> None:
    address = _address(settings)
    pages = f"{address}, and the API at " if settings.pages else ""
    click.echo(f"Serving at {pages}{address}/graphql")


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _check_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as fault:
            place = f"{settings.host} port {settings.port}"
            reason = fault.strerror or fault
            click.echo(f"portal: Cannot listen on {place}: {reason}. See PORTAL_PORT.", err=True)
            sys.exit(1)
