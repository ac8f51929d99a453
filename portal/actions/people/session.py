"""The sessions and keys of a person: seen, and ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.errors import NotFound

_END = sa.text("SELECT end_sessions(:token_hash, :session_id, :at)").bindparams(
    sa.bindparam("session_id", type_=sa.Uuid())
)


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """How many sessions and keys are good no more."""

    count: int


async def end_all(session: AsyncSession, token_hash: bytes | None, now: datetime) -> int:
    """End every session and key of whoever has a token, that one too; give how many."""
    values = {"token_hash": token_hash, "session_id": None, "at": now}
    ended: int = await session.scalar(_END, values)
    return ended


async def end_one(
    session: AsyncSession, token_hash: bytes | None, id: UUID | None, now: datetime
) -> int:
    """End one session or key of whoever has a token."""
    values = {"token_hash": token_hash, "session_id": id, "at": now}
    ended: int = await session.scalar(_END, values) if id else 0
    if not ended:
        raise NotFound("There is no such session.", path=["input", "id"])
    return ended
