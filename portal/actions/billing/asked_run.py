"""Runs that staff ask for: of all accounts, which the worker does, or of a few at once."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from uuid_utils.compat import uuid7

from portal.actions.billing.run import Report, Run, bill, check_run
from portal.errors import Conflict, InvalidInput, NotFound
from portal.models import Account, BillingRun

MOST_AT_ONCE = 50
"""How many accounts are billed while whoever asks waits."""
_ACCOUNTS = ("input", "accountIds")


async def ask_for_run(session: AsyncSession, run: Run) -> BillingRun:
    """Ask for a run of all accounts; there is one at a time."""
    await check_run(session, run.until, run.now)
    other = await session.scalar(sa.select(BillingRun).where(BillingRun.finished_at.is_(None)))
    if other is not None:
        raise Conflict(
            "A run up to {day} is under way: wait until it is finished.", day=other.billed_until
        )
    asked = BillingRun(billed_until=run.day, requested_at=run.now)
    session.add(asked)
    return asked


async def run_for(session: AsyncSession, run: Run, ids: Sequence[UUID | None]) -> BillingRun:
    """Bill a few accounts at once."""
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        raise InvalidInput(
            "Name from 1 to {most} accounts, or none for all.", path=_ACCOUNTS, most=MOST_AT_ONCE
        )
    await check_run(session, run.until, run.now)
    locked = await session.scalars(
        sa.select(Account.id)
        .where(Account.id.in_([id for id in ids if id]), Account.deleted_at.is_(None))
        .order_by(Account.id)
        .with_for_update()
    )
    found = locked.all()
    if len(found) != len(set(ids)):
        raise NotFound("One of these accounts does not exist.", path=_ACCOUNTS)
    report = await bill(session, run, found)
    done = BillingRun(
        billed_until=run.day, requested_at=run.now, finished_at=run.now, **asdict(report)
    )
    session.add(done)
    return done


async def unfinished(engine: AsyncEngine) -> BillingRun | None:
    """Give the run that waits to be carried out, or was cut off."""
    async with AsyncSession(engine) as session:
        found: BillingRun | None = await session.scalar(
            sa.select(BillingRun).where(BillingRun.finished_at.is_(None))
        )
        return found


async def note_progress(
    engine: AsyncEngine, id: UUID, done: Report, finished_at: datetime | None = None
) -> None:
    """Say how far a run has come."""
    async with engine.begin() as connection:
        await connection.execute(
            sa.update(BillingRun)
            .where(BillingRun.id == id)
            .values(finished_at=finished_at, **asdict(done))
        )


async def note_run(engine: AsyncEngine, run: Run, done: Report) -> None:
    """Keep a run that came by itself."""
    async with engine.begin() as connection:
        await connection.execute(
            sa.insert(BillingRun).values(
                id=uuid7(),
                billed_until=run.day,
                requested_at=run.now,
                finished_at=run.now,
                **asdict(done),
            )
        )
