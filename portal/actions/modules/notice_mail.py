"""What those concerned are told at once of a cancellation or a change of tariff."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
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
    """Tell the owner and, where that is another member, whoever asked; in their own languages."""
    standing, asking = confirmed.standing, confirmed.asking
    found = await session.execute(
        sa.select(Person, Account.name)
        .join(Member, Member.person_id == Person.id)
        .join(Account, Account.id == Member.account_id)
        .where(
            Account.id == standing.account_id,
            sa.or_(Member.id == Account.owner_id, Person.id == asking.person_id),
        )
        .order_by(Person.id)
    )
    for person, account in found.all():
        about = {
            "name": person.name,
            "account": account,
            "module": standing.module,
            "received_at": asking.now.astimezone(ZoneInfo(standing.time_zone)),
        }
        await post(
            session,
            content(about),
            to=Recipient(person.email, person.language),
            now=asking.now,
            account_id=standing.account_id,
        )
