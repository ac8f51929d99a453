"""People without any account, and without a login for twelve months, are told so and erased."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from portal.clock import OPERATOR_ZONE
from portal.database.deadlock import until_done
from portal.mail.outbox import Recipient, post
from portal.mail.people.content import ErasureAnnounced
from portal.viewer import Language

NOTICE = timedelta(days=30)

_NOTE = sa.text("SELECT note_idle_people(:at)")
_ANNOUNCE = sa.text("SELECT name, email, language FROM announce_erasures(:at)")
_ERASE = sa.text("SELECT erase_idle_people(:at)")

_log = logging.getLogger(__name__)


async def erase_idle_people(engine: AsyncEngine, now: datetime) -> None:
    """Note who has no account, tell those whose time comes, and erase those who were told."""
    erased = await until_done(lambda: _erased(engine, now))
    if erased:
        _log.info("%s people without an account were erased.", erased)


async def _erased(engine: AsyncEngine, now: datetime) -> int:
    async with AsyncSession(engine) as session, session.begin():
        await session.execute(_NOTE, {"at": now})
        for person in (await session.execute(_ANNOUNCE, {"at": now})).all():
            until = (now + NOTICE).astimezone(ZoneInfo(OPERATOR_ZONE)).date()
            recipient = Recipient(person.email, Language(person.language))
            await post(session, ErasureAnnounced(name=person.name, on=until), to=recipient, now=now)
        return int(await session.scalar(_ERASE, {"at": now}) or 0)
