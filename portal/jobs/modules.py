"""What publishing a version leaves to the worker: a batch of customers for each job."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from portal.actions.modules.announcement import run_batch
from portal.database.deadlock import until_done


async def run_version_job(engine: AsyncEngine, job_id: UUID, now: datetime) -> None:
    """Work through the next batch; the one after it is a job of its own, behind what waits now.

    So no other mail waits for more than a batch, however many customers there are.
    """

    async def once() -> None:
        async with AsyncSession(engine) as session, session.begin():
            await run_batch(session, job_id, now)

    await until_done(once)
