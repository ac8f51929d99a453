"""What an account is told of an order, by mail."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.mail.content import OrderConfirmation
from portal.mail.outbox import Recipient, post
from portal.models import Account, Member, Module, ModuleSubscription, Person, Tariff


async def confirm(
    session: AsyncSession,
    subscription: ModuleSubscription,
    tariff_id: UUID,
    orderer_id: UUID,
    now: datetime,
) -> None:
    """Confirm an order to the owner, and to the member who ordered, in the account's language."""
    account = await session.get_one(Account, subscription.account_id)
    module = await session.get_one(Module, subscription.module_id)
    tariff = await session.get_one(Tariff, tariff_id)
    readers = await session.scalars(
        sa.select(Person)
        .join(Member, Member.person_id == Person.id)
        .where(
            Member.account_id == account.id,
            sa.or_(Member.id == account.owner_id, Member.person_id == orderer_id),
        )
        .order_by(Member.id)
    )
    for person in readers:
        content = OrderConfirmation(
            name=person.name,
            account=account.name,
            module=module.name,
            tariff=tariff.name,
            received_at=now.astimezone(ZoneInfo(account.time_zone)),
            first_day=subscription.starts_on,
            last_day=subscription.ends_on,
        )
        to = Recipient(person.email, account.language)
        await post(session, content, to=to, now=now, account_id=account.id)
