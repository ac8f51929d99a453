"""Closing the books, and asking of a day whether they are closed."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.clock import OPERATOR_ZONE
from portal.models import BooksClosing
from portal.rules.books import check_books, check_closing
from portal.rules.calendar import check_day, local_day

_UNTIL = ("input", "until")


async def books_closed_until(session: AsyncSession) -> date | None:
    """Give the last day of the books that are closed; None while none are."""
    day: date | None = await session.scalar(sa.select(sa.func.max(BooksClosing.closed_until)))
    return day


async def check_open(session: AsyncSession, day: date, path: Sequence[str]) -> None:
    """Refuse a day in books that are closed."""
    check_books(day, await books_closed_until(session), path=path)


async def close(session: AsyncSession, until: date, now: datetime) -> BooksClosing:
    """Close the books up to a day, that day included."""
    check_day(until, path=_UNTIL)
    today = local_day(now, OPERATOR_ZONE)
    check_closing(until, await books_closed_until(session), today, path=_UNTIL)
    closing = BooksClosing(closed_until=until, closed_at=now)
    session.add(closing)
    return closing
