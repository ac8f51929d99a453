"""From which day on is billed here: what fell due before was billed elsewhere, or never will be."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from portal.errors import Conflict
from portal.models import BillingStart
from portal.rules.calendar import check_day


async def first_day(connection: AsyncConnection) -> date | None:
    """Give the day; None before anybody has said it."""
    day: date | None = await connection.scalar(sa.select(BillingStart.first_day))
    return day


async def begin(engine: AsyncEngine, day: date) -> None:
    """Say it; the same day may be said again, and another one never."""
    check_day(day, path=("from",))
    async with engine.begin() as connection:
        row = insert(BillingStart).values(is_only=True, first_day=day)
        await connection.execute(row.on_conflict_do_nothing())
        said = await first_day(connection)
        if said != day:
            raise Conflict("It is billed here from {day} on already.", path=["from"], day=said)
