"""A worker: it runs jobs until it is cancelled, whatever happens to its PostgreSQL meanwhile."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.database.addresses import Addresses
from portal.database.connection import engine_at
from portal.jobs.app import OF_PROCRASTINATE, SILENCE, make_app
from portal.mail.folder import MailFolder
from portal.mail.smtp import PATIENCE, SmtpServer
from portal.mail.transport import Transport
from portal.settings.settings import Environment, Settings

_AT_ONCE = 3
CONNECTIONS = _AT_ONCE + OF_PROCRASTINATE
"""Connections that a worker may take."""
SHUTDOWN_SECONDS = PATIENCE + 5
"""The longest that a job may still take which has begun: to cut off a mail could send it twice."""
_LONGEST_PAUSE = 60

_log = logging.getLogger(__name__)


async def work(
    settings: Settings, addresses: Addresses, ready: Callable[[], None] = lambda: None
) -> None:
    """Run jobs until cancelled; a job under way is finished, and no other one begun.

    ``ready`` is called each time the worker has reached the database.
    """
    engine = worker_engine(addresses)
    app = make_app(
        addresses.worker,
        engine,
        transport_of(settings),
        settings.sender,
        host=settings.hosts[0] if settings.hosts else None,
        is_development=settings.env is Environment.DEVELOPMENT,
    )
    pause = 1
    try:
        while True:
            try:
                async with app.open_async():
                    ready()
                    pause = 1
                    await run_jobs(app)
            except (ConnectorException, OSError) as fault:
                _log.warning("The worker lost its database: %s", fault)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
    finally:
        await engine.dispose()


async def run_jobs(app: App, *, wait: bool = True) -> None:
    """Run the jobs of an open app; without ``wait`` only those that are due."""
    await app.run_worker_async(
        wait=wait,
        concurrency=_AT_ONCE,
        # What became of a mail stands in the outbox, so no job is worth keeping.
        delete_jobs="always",
        shutdown_graceful_timeout=SHUTDOWN_SECONDS,
        stalled_worker_timeout=SILENCE,
        install_signal_handlers=False,
    )


@contextmanager
def working(settings: Settings, addresses: Addresses) -> Iterator[None]:
    """Run jobs in a thread with a loop of its own, so that no request waits for a job."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(work(settings, addresses))

    def run() -> None:
        try:
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(task)
        finally:
            loop.close()

    thread = Thread(target=run, name="worker")
    thread.start()
    try:
        yield
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(task.cancel)
        thread.join()


def worker_engine(addresses: Addresses) -> AsyncEngine:
    """Give the jobs' own way to the database."""
    return engine_at(
        addresses.worker,
        pool_size=_AT_ONCE,
        max_overflow=0,
        hide_parameters=True,
        # A connection lies idle between jobs, and PostgreSQL may have been restarted meanwhile.
        pool_pre_ping=True,
    )


def transport_of(settings: Settings) -> Transport:
    """Give the SMTP server that is set, or the folder that stands in for it."""
    if settings.smtp is not None:
        return SmtpServer(settings.smtp)
    return MailFolder(settings.data / "mail")
