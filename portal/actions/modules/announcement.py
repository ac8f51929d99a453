"""What a worker does with the customers whom a version reaches, in batches, once each."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal.actions.modules.ended_key import ended_keys, read_ended_keys
from portal.actions.modules.price_change import PriceChange, price_changes, read_price_changes
from portal.actions.modules.publication import DEFER
from portal.actions.modules.reached import Publication, next_accounts
from portal.clock import OPERATOR_ZONE
from portal.language.phrase import Money
from portal.mail.modules.content import EndingItem, PriceChangeAnnounced, PriceChangeWithdrawn
from portal.mail.outbox import Letter, Recipient, post_all
from portal.models import (
    Account,
    Contract,
    Member,
    Module,
    ModuleSubscription,
    Notice,
    Person,
    PriceAnnouncement,
    Tariff,
    TariffPeriod,
    TariffVersion,
    VersionJob,
    VersionJobKind,
)
from portal.models.text import text_columns, text_of
from portal.rules.calendar import local_day
from portal.rules.modules.period import ONE_DAY

BATCH = 50
"""How many customers one transaction works through."""

_log = logging.getLogger(__name__)


async def run_batch(session: AsyncSession, job_id: UUID, now: datetime, size: int = BATCH) -> None:
    """Work through the next customers of a job, and ask for the batch after that.

    It is all in the session's transaction. A batch that another worker has under way is left to it.
    """
    job = await session.scalar(
        sa.select(VersionJob)
        .where(VersionJob.id == job_id, VersionJob.finished_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    if job is None:
        return
    version = await session.get_one(TariffVersion, job.tariff_version_id)
    publication = Publication(
        version.id, version.tariff_id, job.valid_from, job.valid_from_for_existing
    )
    batch = await _STEPS[job.kind](session, job, publication, now, size)
    job.done += len(batch.accounts)
    job.paying_more += sum(one.is_rise for one in batch.changes)
    job.paying_less += sum(one.is_reduction for one in batch.changes)
    if len(batch.accounts) < size:
        job.finished_at = now
        # Some may have come or gone since they were counted.
        job.customers = job.done
        _log.info("%s of version %s is done: %s customers.", job.kind, version.id, job.done)
        return
    job.last_account_id = batch.accounts[-1]
    job.customers = max(job.customers, job.done)
    await session.flush()
    await session.execute(DEFER, {"version_job_id": job.id})


@dataclass(frozen=True, slots=True)
class _Batch:
    """The accounts that were worked through, and what a version changes for them."""

    accounts: Sequence[UUID]
    changes: Sequence[PriceChange] = ()


async def _assess(
    session: AsyncSession, job: VersionJob, publication: Publication, _now: datetime, size: int
) -> _Batch:
    accounts = (await session.scalars(*next_accounts(publication, job.last_account_id, size))).all()
    found = await session.execute(*price_changes(publication, accounts))
    return _Batch(accounts, read_price_changes(found))


async def _announce(
    session: AsyncSession, job: VersionJob, publication: Publication, now: datetime, size: int
) -> _Batch:
    batch = await _assess(session, job, publication, now, size)
    found = await session.execute(*ended_keys(publication, [*batch.accounts]))
    ended = {
        account_id: tuple(EndingItem(one.item, one.quantity, one.last_day) for one in those)
        for account_id, those in groupby(read_ended_keys(found), key=lambda one: one.account_id)
    }
    changed = {
        one.account_id: one
        for one in batch.changes
        if one.is_rise or one.is_reduction or one.account_id in ended
    }
    if not changed:
        return batch
    version = await session.get_one(TariffVersion, publication.version_id)
    letters = []
    for row in await _owners(session, publication, changed):
        change = changed[row.account_id]
        may_cancel = change.is_rise and row.kind and version.special_right.protects(row.kind)
        content = PriceChangeAnnounced(
            name=row.name,
            account=row.account,
            module=text_of(row, "module"),
            tariff=text_of(row, "tariff"),
            starts_on=change.starts_on,
            monthly_before=Money(change.before),
            monthly_after=Money(change.after),
            by_use=change.by_use,
            ends=ended.get(row.account_id, ()),
            cancel_until=change.starts_on - ONE_DAY if may_cancel else None,
        )
        letters.append(Letter(content, Recipient(row.email, row.language), row.account_id))
    await post_all(session, letters, now)
    # Who ordered meanwhile was told of it then.
    told = insert(PriceAnnouncement).on_conflict_do_nothing()
    connection = await session.connection()
    await connection.execute(told, [_told(publication, one, now) for one in changed.values()])
    return batch


async def _withdraw(
    session: AsyncSession, _job: VersionJob, publication: Publication, now: datetime, size: int
) -> _Batch:
    told = PriceAnnouncement
    waiting = sa.select(told.account_id, told.starts_on).where(
        told.tariff_version_id == publication.version_id, told.withdrawal_announced_at.is_(None)
    )
    found = (await session.execute(waiting.order_by(told.account_id).limit(size))).all()
    announced = {row.account_id: row for row in found}
    notices = await _notices(session, publication, announced, local_day(now, OPERATOR_ZONE))
    letters = []
    for row in await _owners(session, publication, announced):
        content = PriceChangeWithdrawn(
            name=row.name,
            account=row.account,
            module=text_of(row, "module"),
            tariff=text_of(row, "tariff"),
            starts_on=announced[row.account_id].starts_on,
            last_day=notices.get(row.account_id),
        )
        letters.append(Letter(content, Recipient(row.email, row.language), row.account_id))
    await post_all(session, letters, now)
    await session.execute(
        sa.update(told)
        .where(
            told.tariff_version_id == publication.version_id, told.account_id.in_(list(announced))
        )
        .values(withdrawal_announced_at=now)
    )
    return _Batch(list(announced))


_STEPS: Mapping[
    VersionJobKind,
    Callable[[AsyncSession, VersionJob, Publication, datetime, int], Awaitable[_Batch]],
] = MappingProxyType(
    {
        VersionJobKind.ASSESSMENT: _assess,
        VersionJobKind.ANNOUNCEMENT: _announce,
        VersionJobKind.WITHDRAWAL: _withdraw,
    }
)


async def _owners(
    session: AsyncSession, publication: Publication, accounts: Mapping[UUID, Any]
) -> Sequence[sa.Row[Any]]:
    """Give who reads the mails of some accounts, and what these are about."""
    found = await session.execute(
        sa.select(
            Account.id.label("account_id"),
            Account.name.label("account"),
            Person.name,
            Person.email,
            Person.language,
            Contract.__table__.c.contract_partner_kind.label("kind"),
            *text_columns(Module, "name", "module"),
            *text_columns(Tariff, "name", "tariff"),
        )
        .join(Member, Member.id == Account.owner_id)
        .join(Person, Person.id == Member.person_id)
        .join(Tariff, Tariff.id == publication.tariff_id)
        .join(Module, Module.id == Tariff.module_id)
        .outerjoin(Contract, Contract.account_id == Account.id)
        .where(Account.id.in_(list(accounts)))
        .order_by(Account.id)
    )
    return found.all()


async def _notices(
    session: AsyncSession, publication: Publication, accounts: Mapping[UUID, Any], today: date
) -> dict[UUID, date]:
    """Give the last day of what was cancelled under the tariff, where that stands."""
    found = await session.execute(
        sa.select(Notice.account_id, sa.func.min(Notice.last_day).label("last_day"))
        .join(ModuleSubscription, ModuleSubscription.id == Notice.module_subscription_id)
        .join(TariffPeriod, TariffPeriod.module_subscription_id == ModuleSubscription.id)
        .where(
            Notice.account_id.in_(list(accounts)),
            Notice.withdrawn_at.is_(None),
            Notice.last_day >= today,
            TariffPeriod.tariff_id == publication.tariff_id,
            TariffPeriod.ends_on == Notice.last_day,
        )
        .group_by(Notice.account_id)
    )
    return {row.account_id: row.last_day for row in found}


def _told(publication: Publication, change: PriceChange, now: datetime) -> dict[str, Any]:
    before, after = (amount.quantize(Decimal("0.01")) for amount in (change.before, change.after))
    return {
        "id": uuid7(),
        "account_id": change.account_id,
        "tariff_version_id": publication.version_id,
        "starts_on": change.starts_on,
        "monthly_before": before,
        "monthly_after": after,
        "announced_at": now,
    }
