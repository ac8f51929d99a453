"""What a billing run costs: against a COPY of the same rows into the same tables, and once more.

``python -m bench billing`` fills a database, bills every account what fell due in a month, and says
the time and the CPU of it, those of the same day again, and of a day on which nothing is due.
"""

import asyncio
import io
import resource
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from statistics import median
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from bench.data import FOLDER
from bench.progress import say, step
from portal import clock, demo
from portal.actions.billing.next_run import of_next_run
from portal.actions.billing.start import begin
from portal.database import migration
from portal.database.addresses import Addresses
from portal.database.connection import connect
from portal.demo.people.accounts import ACCOUNTS
from portal.embedded import EmbeddedPostgres
from portal.jobs.billing import run_billing
from portal.jobs.worker import worker_engine

_TABLES = ("number_series", "document", "document_line", "document_vat", "billed_span")
_PREVIEWS = 20
_Done = TypeVar("_Done")


def main(accounts: int = 20_000) -> None:
    """Fill two databases alike, bill one, and copy what came of it into the other one."""
    postgresql = EmbeddedPostgres(FOLDER / "postgresql")
    postgresql.start()
    name, copy = f"bench_billing_{accounts}", f"bench_billing_{accounts}_copy"
    try:
        for one in (name, copy):
            postgresql.drop_database(one)
        postgresql.create_database(name)
        with step(f"Writing {accounts:,} accounts"):
            asyncio.run(_fill(postgresql.addresses(name), accounts))
        postgresql.create_database(copy, name)
        asyncio.run(_measure(postgresql.addresses(name)))
        asyncio.run(_copied(postgresql.superuser(name), postgresql.superuser(copy)))
    finally:
        postgresql.stop()


async def _fill(addresses: Addresses, accounts: int) -> None:
    await migration.upgrade(addresses.owner)
    await demo.write_demo(addresses.owner, clock.now(), accounts - len(ACCOUNTS))
    engine = create_async_engine(addresses.owner, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        # As an operator who begins today: nobody is billed yet.
        await connection.execute(sa.text("VACUUM ANALYZE"))
    await engine.dispose()


async def _measure(addresses: Addresses) -> None:
    engine, today = worker_engine(addresses), clock.now().date()
    first = date(today.year, today.month, 1)
    await _begun(engine, first)

    async def run() -> Any:
        return await run_billing(engine, clock.now(), today)

    report = await _timed("The run", run)
    counts = f"{report.accounts:,} accounts, {report.invoices:,} invoices"
    say(f"  {counts}, {report.unbilled:,} not billed")
    await _timed("The same day again", run)
    tomorrow = clock.now() + timedelta(days=1)
    await _timed("The next day", lambda: run_billing(engine, tomorrow))
    await _preview(engine)
    await engine.dispose()


async def _begun(engine: AsyncEngine, first: date) -> None:
    async with engine.connect() as connection:
        known = await connection.scalar(sa.text("SELECT first_day FROM billing_start"))
    if known is None:
        await begin(engine, first)


async def _preview(engine: AsyncEngine) -> None:
    async with AsyncSession(engine) as session:
        ids = (
            await session.scalars(
                sa.text("SELECT DISTINCT account_id FROM billed_span LIMIT :count"),
                {"count": _PREVIEWS},
            )
        ).all()
        taken = []
        for id in ids:
            began = time.perf_counter()
            await of_next_run(session, id, clock.now())
            taken.append(1000 * (time.perf_counter() - began))
    say(f"A preview of one account: {median(taken):.1f} ms")


async def _copied(issued: sa.URL, copy: sa.URL) -> None:
    """Read what was issued, and COPY it into the other database, in one transaction."""
    source, target = await connect(issued), await connect(copy)
    try:
        rows = {}
        for table in _TABLES:
            held = io.BytesIO()
            await source.copy_from_table(table, output=held, format="binary")
            rows[table] = held

        async def write() -> None:
            async with target.transaction():
                for table in _TABLES:
                    rows[table].seek(0)
                    await target.copy_to_table(table, source=rows[table], format="binary")

        await _timed("COPY of the same rows", write)
    finally:
        await source.close()
        await target.close()


async def _timed(what: str, done: Callable[[], Awaitable[_Done]]) -> _Done:
    began, cpu = time.perf_counter(), _cpu()
    result = await done()
    say(f"{what}: {time.perf_counter() - began:.1f} s, {_cpu() - cpu:.1f} s of CPU here")
    return result


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
