"""What those concerned are told at once of a cancellation or a change of tariff."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.agreement import Standing
from portal.actions.modules.asking import Asking
from portal.mail.content import Content
from portal.mail.outbox import Recipient, post
from portal.models import Account, Member, Person


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was asked for, and the day for which it counts."""

    standing: Standing
    asking: Asking
    received_on: date


async def confirm(
    session: AsyncSession, confirmed: Confirmed, content: Callable[[dict[str, Any]], Content]
) -> None:
    """Tell the owner and, where that is another member, whoever asked, about a module."""
    standing, asking = confirmed.standing, confirmed.asking
    await tell(
        session,
        standing.account_id,
        asking.person_id,
        asking.now,
        lambda about: content({"module": standing.module, **about}),
    )


async def tell(
    session: AsyncSession,
    account_id: UUID,
    person_id: UUID | None,
    now: datetime,
    content: Callable[[dict[str, Any]], Content],
) -> None:
    """Tell the owner and, where that is another member, whoever asked; in their own languages."""
    found = await session.execute(
        sa.select(Person, Account.name, Account.time_zone)
        .join(Member, Member.person_id == Person.id)
        .join(Account, Account.id == Member.account_id)
        .where(
            Account.id == account_id,
            sa.or_(Member.id == Account.owner_id, Person.id == person_id),
        )
        .order_by(Person.id)
    )
    for person, account, time_zone in found.all():
        about = {
            "name": person.name,
            "account": account,
            "received_at": now.astimezone(ZoneInfo(time_zone)),
        }
        to = Recipient(person.email, person.language)
        await post(session, content(about), to=to, now=now, account_id=account_id)
