"""The jobs by name, for Procrastinate, on the address of ``portal_worker``."""

from datetime import timedelta
from email.headerregistry import Address
from uuid import UUID

from procrastinate import App, PsycopgConnector
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from portal import clock
from portal.actions.clock import shift_of
from portal.database.connection import libpq_options
from portal.jobs import billing, delivery, documents, modules, people, upkeep
from portal.jobs.effects import cause
from portal.mail.transport import Transport

QUEUE = "portal"
_POOL = 3
OF_PROCRASTINATE = _POOL + 1
"""Connections of Procrastinate: its pool, and the one on which it hears of jobs."""
SILENCE = 30.0
"""Seconds without a sign of life after which a worker counts as dead."""


def make_app(  # noqa: PLR0913 -- what its jobs work with
    address: URL,
    engine: AsyncEngine,
    transport: Transport,
    sender: Address,
    *,
    host: str | None = None,
    is_development: bool = False,
) -> App:
    """Declare every job; opening the app connects it.

    ``host`` is the name under which people find the portal. In development the days that cause
    something are those of the portal's clock.
    """
    app = App(connector=PsycopgConnector(min_size=1, max_size=_POOL, kwargs=connection_of(address)))

    @app.task(name="send_mail", queue=QUEUE)
    async def send_mail(outbox_id: str) -> None:
        await delivery.send_mail(engine, transport, sender, UUID(outbox_id), clock.now())

    @app.task(name="run_version_job", queue=QUEUE)
    async def run_version_job(version_job_id: str) -> None:
        await modules.run_version_job(engine, UUID(version_job_id), clock.now())

    @app.periodic(cron="* * * * *")
    @app.task(name="rescue", queue=QUEUE, queueing_lock="rescue")
    async def rescue(timestamp: int) -> None:
        await upkeep.rescue(app, engine, clock.now(), SILENCE)

    @app.periodic(cron="17 * * * *")
    @app.task(name="clean_up", queue=QUEUE, queueing_lock="clean_up")
    async def clean_up(timestamp: int) -> None:
        await upkeep.clean_up(engine, clock.now())

    @app.periodic(cron="37 * * * *")
    @app.task(name="erase_idle_people", queue=QUEUE, queueing_lock="erase_idle_people")
    async def erase_idle_people(timestamp: int) -> None:
        await people.erase_idle_people(engine, clock.now())

    @app.periodic(cron="* * * * *")
    # Two would be right as well, and the second one do nothing but wait for the first.
    @app.task(
        name="cause_effects", queue=QUEUE, queueing_lock="cause_effects", lock="cause_effects"
    )
    async def cause_effects(timestamp: int) -> None:
        shift = await _shift(engine) if is_development else clock.UNMOVED
        await cause.cause_effects(engine, clock.now() + shift)

    @app.periodic(cron="23 * * * *")
    @app.task(name="run_billing", queue=QUEUE, queueing_lock="run_billing", lock="run_billing")
    async def run_billing(timestamp: int) -> None:
        shift = await _shift(engine) if is_development else clock.UNMOVED
        await billing.run_nightly(engine, clock.now() + shift)

    @app.periodic(cron="* * * * *")
    @app.task(name="deliver_documents", queue=QUEUE, queueing_lock="deliver_documents")
    async def deliver_documents(timestamp: int) -> None:
        shift = await _shift(engine) if is_development else clock.UNMOVED
        await documents.deliver_documents(engine, host, clock.now() + shift)

    @app.periodic(cron="* * * * *")
    @app.task(
        name="run_asked_billing", queue=QUEUE, queueing_lock="run_asked_billing", lock="run_billing"
    )
    async def run_asked_billing(timestamp: int) -> None:
        shift = await _shift(engine) if is_development else clock.UNMOVED
        await billing.carry_out(engine, clock.now() + shift)

    return app


async def _shift(engine: AsyncEngine) -> timedelta:
    async with engine.connect() as connection:
        return await shift_of(connection)


def connection_of(address: URL) -> dict[str, str]:
    """Give an address as libpq wants it, with Procrastinate's schema before ours."""
    return {**libpq_options(address), "options": "-c search_path=procrastinate,public"}
