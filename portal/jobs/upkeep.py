"""What nobody asks for and must be done: jobs that were dropped, rows that are no longer needed."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from procrastinate import App
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.database.deadlock import until_done
from portal.models import (
    BillingRunAccount,
    IdempotencyKey,
    MessageState,
    Outbox,
    Upload,
    UsedPreview,
)

ANSWERS_KEPT = timedelta(hours=48)
MAILS_KEPT = timedelta(days=30)
UPLOADS_KEPT = timedelta(days=1)
RUNS_KEPT = timedelta(days=7)
_GRACE = timedelta(minutes=1)

# A mail whose time has come, and no job that will see to it.
_DEFER_AGAIN = sa.text("""
    SELECT defer_mail(mail.id, :now) FROM outbox mail
    WHERE mail.state = 'QUEUED' AND mail.next_attempt_at < :overdue AND NOT EXISTS (
        SELECT FROM procrastinate.procrastinate_jobs job
        WHERE job.task_name = 'send_mail' AND job.status IN ('todo', 'doing')
          AND job.args ->> 'outbox_id' = mail.id::text)
""")

# Work with the customers of a version that is not done, and no job for its next batch.
_DEFER_VERSION_JOBS = sa.text("""
    SELECT defer_version_job(work.id) FROM version_job work
    WHERE work.finished_at IS NULL AND work.requested_at < :overdue AND NOT EXISTS (
        SELECT FROM procrastinate.procrastinate_jobs job
        WHERE job.task_name = 'run_version_job' AND job.status IN ('todo', 'doing')
          AND job.args ->> 'version_job_id' = work.id::text)
""")

_DELETE_SPENT = sa.text("SELECT delete_spent(:at)")


async def rescue(app: App, engine: AsyncEngine, now: datetime, silence: float) -> None:
    """Give dropped work back: of workers silent for so many seconds, and what has no job."""

    async def once() -> None:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silence):
            await app.job_manager.retry_job(job)
        async with engine.begin() as connection:
            await connection.execute(_DEFER_AGAIN, {"now": now, "overdue": now - _GRACE})
            await connection.execute(_DEFER_VERSION_JOBS, {"overdue": now - _GRACE})

    await until_done(once)


async def clean_up(engine: AsyncEngine, now: datetime) -> None:
    """Delete what is spent, each after its time.

    Kept answers of mutations, used previews, files that nothing uses, who is done in runs that are
    over, the course of mails that are done; sessions and keys, codes, what was counted, and
    networks that nobody has used for long.
    """
    spent = (
        sa.delete(IdempotencyKey).where(IdempotencyKey.created_at < now - ANSWERS_KEPT),
        sa.delete(UsedPreview).where(UsedPreview.valid_until < now),
        sa.delete(Upload).where(Upload.used_at.is_(None), Upload.created_at < now - UPLOADS_KEPT),
        # Whose day is billed again is looked at again, and billed nothing twice.
        sa.delete(BillingRunAccount).where(BillingRunAccount.run_day < (now - RUNS_KEPT).date()),
        sa.delete(Outbox).where(
            Outbox.state != MessageState.QUEUED, Outbox.created_at < now - MAILS_KEPT
        ),
    )

    async def once() -> None:
        async with engine.begin() as connection:
            await connection.execute(_DELETE_SPENT, {"at": now})
            for statement in spent:
                await connection.execute(statement)

    await until_done(once)
