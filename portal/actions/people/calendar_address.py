"""Making and revoking the secret address of an account's calendar."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.errors import RuleBroken
from portal.login.credentials import new_token
from portal.models import Account, CalendarAddress

PATH = "/calendar.ics"
"""Where calendars are; which one, its token says, and only whoever knows it is told."""


async def create(session: AsyncSession, account: Account, person_id: UUID, now: datetime) -> str:
    """Make an address in the place of an earlier one, and give its path, which ends in a token."""
    earlier = await _standing(session, account)
    if earlier is not None:
        earlier.revoked_at = now
        # Only one may stand at any moment, and new rows are written before changed ones.
        await session.flush()
    token, token_hash = new_token()
    session.add(
        CalendarAddress(
            account_id=account.id, token_hash=token_hash, made_by=person_id, created_at=now
        )
    )
    return f"{PATH}?key={token}"


async def revoke(session: AsyncSession, account: Account, now: datetime) -> None:
    """Let the address show nothing any more."""
    address = await _standing(session, account)
    if address is None:
        raise RuleBroken("This account's calendar has no address.", path=["input", "id"])
    address.revoked_at = now


async def _standing(session: AsyncSession, account: Account) -> CalendarAddress | None:
    address: CalendarAddress | None = await session.scalar(
        sa.select(CalendarAddress).where(
            CalendarAddress.account_id == account.id, CalendarAddress.revoked_at.is_(None)
        )
    )
    return address
