"""Moving the portal's clock, so that a contract can be watched over years in a minute."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.clock import OPERATOR_ZONE, UNMOVED, shift_to
from portal.errors import RuleBroken
from portal.models import Clock
from portal.rules.calendar import check_day, local_day

_SHIFT = sa.select(Clock.shift)


@dataclass(frozen=True, slots=True)
class PortalTime:
    """What the portal's clock says; ``today`` is the operator's."""

    now: datetime
    today: date
    is_moved: bool

    @classmethod
    def at(cls, present: datetime, shift: timedelta) -> "PortalTime":
        """Give the time of a clock that is moved so far."""
        now = present + shift
        return cls(now, local_day(now, OPERATOR_ZONE), shift != UNMOVED)


async def shift_of(connection: AsyncConnection) -> timedelta:
    """Say how far the clock is moved; for development alone."""
    return await connection.scalar(_SHIFT) or UNMOVED


async def set_clock(
    connection: AsyncConnection, day: date | None, present: datetime, *, may_move: bool
) -> PortalTime:
    """Move the clock to a day, at the same time of day; None lets the real time apply again."""
    if not may_move:
        raise RuleBroken("The clock can be moved in development alone.")
    if day is None:
        await connection.execute(sa.delete(Clock))
        return PortalTime.at(present, UNMOVED)
    check_day(day, path=("input", "day"))
    shift = shift_to(day, present)
    row = insert(Clock).values(is_only=True, shift=shift)
    await connection.execute(
        row.on_conflict_do_update(index_elements=["is_only"], set_={"shift": shift})
    )
    return PortalTime.at(present, shift)
