"""``portal worker``: run jobs, such as sending mails."""

import asyncio
import signal
from contextlib import suppress

import click

from portal.commands.postgresql import migrated
from portal.database.addresses import Addresses
from portal.jobs.worker import work
from portal.settings.environment import read_settings
from portal.settings.log import log_to_stderr
from portal.settings.settings import Settings

_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command()
def worker() -> None:
    """Run jobs until told to stop: send mails, give dropped jobs back, delete what is outdated.

    Without PORTAL_DATABASE_URL 'portal serve' does this by itself. With it, run one worker or
    more; a mail is sent once, however many there are. Mails go to PORTAL_SMTP_URL; without it they
    are files in the folder mail of PORTAL_DATA.

    \b
    Examples:
      portal worker
      PORTAL_SMTP_URL=smtp://user:password@mail.internal:587 \\
        PORTAL_MAIL_FROM='Portal <portal@operator.example>' portal worker
    """
    settings = read_settings()
    for number in _ENDS:
        signal.signal(number, signal.default_int_handler)
    with suppress(KeyboardInterrupt), migrated(settings) as addresses:
        log_to_stderr(settings)
        asyncio.run(_work(settings, addresses))
    click.echo("Stopped.")


async def _work(settings: Settings, addresses: Addresses) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(work(settings, addresses, lambda: click.echo("Working.")))
    for number in _ENDS:
        loop.add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
