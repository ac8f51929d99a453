"""What an account is told of an order, by mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.contract.contract_copy import keep_copy
from portal.actions.modules.standing import standing_of
from portal.actions.modules.terms_mail import terms_of
from portal.mail.content import Content
from portal.mail.contract.content import OrderConfirmation, OrderWithdrawn
from portal.mail.outbox import Letter, Recipient, post_all
from portal.models import Account, Member, Module, ModuleSubscription, Person, Tariff
from portal.models.text import text_of
from portal.rules.modules.notice import Party


async def confirm(
    session: AsyncSession,
    subscription: ModuleSubscription,
    tariff_id: UUID,
    orderer_id: UUID,
    now: datetime,
) -> None:
    """Confirm an order to the owner, and to the member who ordered, with a copy of it.

    In the account's language.
    """
    tariff = await session.get_one(Tariff, tariff_id)
    copy_id = await keep_copy(session, subscription, now)
    standing = await standing_of(session, subscription.id, now)
    agreement = standing.agreement(Party.CUSTOMER)
    told = await terms_of(session, subscription, agreement, standing.today, now)
    letters = await _letters(
        session,
        subscription,
        orderer_id,
        now,
        lambda about: OrderConfirmation(
            tariff=text_of(tariff, "name"),
            first_day=subscription.starts_on,
            last_day=subscription.ends_on,
            has_copy=copy_id is not None,
            **told,
            **about,
        ),
    )
    copied = [replace(letter, contract_copy_id=copy_id) for letter in letters]
    await post_all(session, copied, now)


async def tell_withdrawn(
    session: AsyncSession, subscription: ModuleSubscription, person_id: UUID, now: datetime
) -> None:
    """Tell the owner, and the member who withdrew it, that an order is no more."""
    letters = await _letters(
        session,
        subscription,
        person_id,
        now,
        lambda about: OrderWithdrawn(first_day=subscription.starts_on, **about),
    )
    await post_all(session, letters, now)


async def _letters(
    session: AsyncSession,
    subscription: ModuleSubscription,
    person_id: UUID,
    now: datetime,
    content: Callable[[dict[str, Any]], Content],
) -> list[Letter]:
    account = await session.get_one(Account, subscription.account_id)
    module = await session.get_one(Module, subscription.module_id)
    readers = await session.scalars(
        sa.select(Person)
        .join(Member, Member.person_id == Person.id)
        .where(
            Member.account_id == account.id,
            sa.or_(Member.id == account.owner_id, Member.person_id == person_id),
        )
        .order_by(Member.id)
    )
    letters = []
    for person in readers:
        about = {
            "name": person.name,
            "account": account.name,
            "module": text_of(module, "name"),
            "received_at": now.astimezone(ZoneInfo(account.time_zone)),
        }
        to = Recipient(person.email, account.language)
        letters.append(Letter(content(about), to, account.id))
    return letters
