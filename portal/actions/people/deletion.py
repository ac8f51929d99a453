"""Deleting an account: what is in the way, and what becomes of its data and its people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.mail.outbox import Recipient, post
from portal.mail.people.content import AccountDeleted
from portal.models import Account, Document, Member, Module, ModuleSubscription, Person
from portal.models.base import models as every_model
from portal.models.erasure import taken_away
from portal.models.text import text_of
from portal.rules.catalogue.terms import ModuleSubscriptionStatus
from portal.rules.modules.status import status_on
from portal.rules.people.deletion import DeletionPreview, RunningModule

_ERASE = sa.text("SELECT erase_account(:account_id)").bindparams(
    sa.bindparam("account_id", type_=sa.Uuid())
)


def modules_of(account_ids: Sequence[UUID]) -> sa.Select[Any]:
    """Select what ``previews`` needs to know of the modules of accounts."""
    columns: list[Any] = [
        ModuleSubscription.account_id,
        ModuleSubscription.starts_on,
        ModuleSubscription.ends_on,
        Module.name,
        Module.name_translations,
        Account.time_zone,
    ]
    return (
        sa.select(*columns)
        .join(Module, Module.id == ModuleSubscription.module_id)
        .join(Account, Account.id == ModuleSubscription.account_id)
        .where(ModuleSubscription.account_id.in_(account_ids))
        .order_by(Module.sort_name, ModuleSubscription.id)
    )


def previews(
    account_ids: Iterable[UUID], modules: Iterable[sa.Row[Any]], now: datetime
) -> list[DeletionPreview]:
    """Say for each account what deleting it would do; ``modules`` are those of all of them."""
    running: dict[UUID, list[RunningModule]] = {}
    for module in modules:
        today = now.astimezone(ZoneInfo(module.time_zone)).date()
        status = status_on(today, starts_on=module.starts_on, ends_on=module.ends_on)
        if status is not ModuleSubscriptionStatus.ENDED:
            found = RunningModule(text_of(module, "name"), module.ends_on)
            running.setdefault(module.account_id, []).append(found)
    goes = taken_away(model.erasure for model in every_model())
    return [DeletionPreview(running.get(id, []), goes) for id in account_ids]


async def delete(session: AsyncSession, account: Account, now: datetime) -> None:
    """Erase an account, and the people who have no other; its owner is told by mail.

    Whoever calls holds the account's lock. The mail stands outside the account's messages, which
    go too.
    """
    modules = (await session.execute(modules_of([account.id]))).all()
    (preview,) = previews([account.id], modules, now)
    preview.check()
    owner = (
        await session.execute(
            sa.select(Person.name, Person.email, Person.language)
            .join(Member, Member.person_id == Person.id)
            .where(Member.account_id == account.id, Member.id == account.owner_id)
        )
    ).one()
    retained_until = await session.scalar(
        sa.select(sa.func.max(Document.retained_until)).where(Document.account_id == account.id)
    )
    content = AccountDeleted(name=owner.name, account=account.name, retained_until=retained_until)
    account.deleted_at = now
    account.owner_id = None
    # The entry of this change is written first, so that it is erased like the others.
    await session.flush()
    await session.execute(_ERASE, {"account_id": account.id})
    await post(session, content, to=Recipient(owner.email, owner.language), now=now)
