"""The billing run as a whole: batch after batch, each a transaction, until every account is done.

It has no place to begin again from: whoever is killed has committed batches or not, and whoever
runs next finds out from the database which accounts are left. Several may run beside each other.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from portal.actions.billing.asked_run import note_progress, note_run, unfinished
from portal.actions.billing.run import (
    BATCH,
    Report,
    Run,
    bill,
    check_until,
    lock_accounts,
    note_problem,
    refused,
)
from portal.actions.billing.start import first_day
from portal.database.deadlock import until_done
from portal.models.billing.run import RUN_COUNTS

_FIRST = UUID(int=0)


Told = Callable[[Report], Awaitable[None]]


async def run_nightly(engine: AsyncEngine, now: datetime) -> None:
    """Bill what is due today; a run that had something to do is kept."""
    report = await run_billing(engine, now)
    if report.accounts:
        await note_run(engine, Run(now), report)


async def carry_out(engine: AsyncEngine, now: datetime) -> None:
    """Carry out the run that somebody asked for, or go on with one that was cut off."""
    asked = await unfinished(engine)
    if asked is None:
        return
    before = Report(*(getattr(asked, name) for name in RUN_COUNTS))

    async def told(report: Report) -> None:
        await note_progress(engine, asked.id, before.plus(report))

    report = await run_billing(engine, now, asked.billed_until, told)
    await note_progress(engine, asked.id, before.plus(report), now)


async def be_silent(_report: Report) -> None:
    """Tell nothing where nobody looks."""


async def run_billing(
    engine: AsyncEngine,
    now: datetime,
    until: date | None = None,
    told: Told = be_silent,
    size: int = BATCH,
) -> Report:
    """Bill every account, once it is said from when on; ``told`` gets what was done so far.

    Accounts that somebody else has locked come last, and are waited for.
    """
    check_until(until, now)
    run, report = Run(now, until), Report()
    async with engine.connect() as connection:
        if await first_day(connection) is None:
            return report
    for waiting in (False, True):
        after: UUID | None = _FIRST
        while after is not None:
            after, done = await _next(engine, run, after, waiting=waiting, size=size)
            report = report.plus(done)
            await told(report)
    return report


async def _next(
    engine: AsyncEngine, run: Run, after: UUID, *, waiting: bool, size: int
) -> tuple[UUID | None, Report]:
    """Bill the next accounts; give the last of them, None where there are no more."""
    locked: list[UUID] = []

    async def once() -> Report:
        async with AsyncSession(engine) as session, session.begin():
            locked[:] = await lock_accounts(session, run, after, waiting=waiting, size=size)
            return await bill(session, run, locked) if locked else Report()

    try:
        done = await until_done(once)
    except (DataError, IntegrityError):
        done = Report()
        for id in locked:
            done = done.plus(await until_done(partial(_alone, engine, run, id)))
    return (locked[-1] if locked else None), done


async def _alone(engine: AsyncEngine, run: Run, account_id: UUID) -> Report:
    """Bill one account of a batch that was refused: the others are not to blame."""
    before = UUID(int=account_id.int - 1)
    try:
        async with AsyncSession(engine) as session, session.begin():
            locked = await lock_accounts(session, run, before, waiting=True, size=1)
            return await bill(session, run, [id for id in locked if id == account_id])
    except (DataError, IntegrityError) as error:
        async with AsyncSession(engine) as session, session.begin():
            await note_problem(session, run, account_id, refused(account_id, error))
        return Report(accounts=1, unbilled=1)
