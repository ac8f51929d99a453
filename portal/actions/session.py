"""The sessions and keys of a person: seen, and ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.errors import NotFound

_END = sa.text("SELECT end_sessions(:session_id, :at)").bindparams(
    sa.bindparam("session_id", type_=sa.Uuid())
)


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """How many sessions and keys are good no more."""

    count: int


async def end_all(session: AsyncSession, now: datetime) -> int:
    """End every session and key of the viewer, the one at hand too; give how many."""
    ended: int = await session.scalar(_END, {"session_id": None, "at": now})
    return ended


async def end_one(session: AsyncSession, id: UUID | None, now: datetime) -> int:
    """End one session or key of the viewer."""
    ended: int = await session.scalar(_END, {"session_id": id, "at": now}) if id else 0
    if not ended:
        raise NotFound("There is no such session.", path=["input", "id"])
    return ended
