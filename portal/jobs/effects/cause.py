"""Causing what is due: batch by batch, each in one transaction with its mails and history.

What was caused is remembered under a key that is unique, in the transaction that queues its mails:
a worker that is killed leaves no half of it, and of two workers one causes it. A watermark says up
to which day, so that one that was down catches up, and nobody looks at more than the days between.
"""

from datetime import date, datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from uuid_utils.compat import uuid7

from portal.clock import OPERATOR_ZONE
from portal.database.deadlock import until_done
from portal.jobs.effects import catalogue, contract, modules, people
from portal.jobs.effects.due import FIRST, Due, Find, Span
from portal.language.naming import camel
from portal.mail.outbox import Letter, post_all
from portal.models import Account, Effect, EffectWatermark
from portal.rules.calendar import local_day
from portal.writing.audit import NOBODY, Occasion, entry_of

_SOURCES: tuple[Find, ...] = (
    *modules.SOURCES,
    *contract.SOURCES,
    *people.SOURCES,
    *catalogue.SOURCES,
)


async def cause_effects(engine: AsyncEngine, now: datetime) -> None:
    """Cause what the days since the last time have brought, wherever another day has begun."""
    for time_zone, done in await until_done(lambda: _watermarks(engine)):
        await cause_in(engine, time_zone, done, now)


async def cause_in(engine: AsyncEngine, time_zone: str, done: date | None, now: datetime) -> None:
    """Cause it where clocks show one time; ``done`` is the watermark there, if there is one."""
    today = local_day(now, time_zone)
    if done == today:
        return
    # The first time there is no day behind us, and a clock that was moved back tells nothing new.
    if done is not None and done < today:
        span = Span(time_zone, done, today, now)
        for find in _SOURCES:
            await _cause_all(engine, find, span)
    await _mark(engine, time_zone, today)


async def _cause_all(engine: AsyncEngine, find: Find, span: Span) -> None:
    async def batch_after(after: UUID) -> UUID | None:
        async with AsyncSession(engine) as session, session.begin():
            found = await find(session, span, after)
            await _cause(session, found.due, span.now)
        return found.next_after

    after: UUID | None = FIRST
    while after is not None:
        after = await until_done(partial(batch_after, after))


async def _cause(session: AsyncSession, due: list[Due], now: datetime) -> None:
    """Remember effects, and send the mails of those that nobody else has caused meanwhile."""
    if not due:
        return
    rows = [
        {
            "id": uuid7(),
            "account_id": one.account_id,
            "kind": one.kind,
            "subject_id": one.subject_id,
            "day": one.day,
            "caused_at": now,
        }
        for one in due
    ]
    remembered = await session.execute(
        insert(Effect)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(Effect.subject_id, Effect.day)
    )
    caused = {(row.subject_id, row.day) for row in remembered}
    news = [one for one in due if (one.subject_id, one.day) in caused]
    letters = (
        Letter(content, recipient, one.account_id)
        for one in news
        for content, recipient in one.mails
    )
    await post_all(session, letters, now)
    entries = [
        entry_of(
            Occasion(NOBODY, camel(one.kind.lower()), now),
            one.account_id,
            one.subject_id,
            one.change,
        )
        for one in news
        if one.account_id and one.change
    ]
    # Last, as each keeps its account to itself until all is committed.
    connection = await session.connection()
    for statement, of_it in groupby(entries, key=itemgetter(0)):
        await connection.execute(statement, [values for _, values in of_it])


async def _watermarks(engine: AsyncEngine) -> list[tuple[str, date | None]]:
    """Give each time zone that is somebody's, and the day up to which it is done."""
    zones = sa.select(Account.time_zone).union(sa.select(sa.literal(OPERATOR_ZONE))).subquery()
    query = sa.select(zones.c.time_zone, EffectWatermark.day).outerjoin(
        EffectWatermark, EffectWatermark.time_zone == zones.c.time_zone
    )
    async with AsyncSession(engine) as session:
        rows = await session.execute(query.order_by(zones.c.time_zone))
        return [(row.time_zone, row.day) for row in rows]


async def _mark(engine: AsyncEngine, time_zone: str, day: date) -> None:
    row = insert(EffectWatermark).values(time_zone=time_zone, day=day)
    kept = row.on_conflict_do_update(index_elements=["time_zone"], set_={"day": day})

    async def once() -> None:
        async with AsyncSession(engine) as session, session.begin():
            await session.execute(kept)

    await until_done(once)
