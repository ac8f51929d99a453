"""Publishing a version of a tariff, withdrawing it, and counting what it would change."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.price_change import dearer_for_existing
from portal.actions.modules.reached import Publication, count_reached, kinds_reached
from portal.actions.modules.returning_key import check_none_returns
from portal.clock import OPERATOR_ZONE
from portal.database.login_change import harmless
from portal.errors import Conflict, RuleBroken, check_all, faults_below
from portal.models import (
    Item,
    PriceAnnouncement,
    Tariff,
    TariffPeriod,
    TariffVersion,
    VersionJob,
    VersionJobKind,
)
from portal.rules.calendar import check_day, local_day
from portal.rules.catalogue.price_rise import RisePolicy, check_days, check_rise

DEFER = harmless("SELECT defer_version_job(:version_job_id)")
_PATH = ("input", "id")


@dataclass(frozen=True, slots=True)
class Days:
    """From when a version holds for new customers, and for those who have the tariff."""

    valid_from: date
    for_existing: date

    def check(self, today: date) -> None:
        """Refuse days that no version can begin on."""
        check_all(
            lambda: check_day(self.valid_from, path=("validFrom",)),
            lambda: check_day(self.for_existing, path=("validFromForExisting",)),
        )
        check_days(self.valid_from, self.for_existing, today)


async def publish(
    session: AsyncSession, version: TariffVersion, days: Days, policy: RisePolicy, now: datetime
) -> VersionJob:
    """Publish a draft, which whoever calls has locked; a job tells those who have the tariff.

    Orders of the tariff wait meanwhile, so that nobody agrees to it on a day that becomes another
    version's.
    """
    if version.published_at is not None:
        raise Conflict("This version is published already.", path=_PATH)
    await _check_has_prices(session, version)
    today = local_day(now, OPERATOR_ZONE)
    with faults_below("input"):
        days.check(today)
        await _lock_tariff(session, version)
        await _check_day_is_free(session, version, days.valid_from)
        publication = publication_of(version, days)
        await check_none_returns(session, publication)
        if await dearer_for_existing(session, publication):
            kinds = await kinds_reached(session, publication)
            check_rise(days.for_existing, policy.first_day(today, kinds))
    version.published_at = now
    version.valid_from, version.valid_from_for_existing = days.valid_from, days.for_existing
    version.special_right = policy.special_right
    await session.flush()
    customers = await count_reached(session, publication)
    return await _begin(session, publication, VersionJobKind.ANNOUNCEMENT, customers, now)


async def _check_has_prices(session: AsyncSession, version: TariffVersion) -> None:
    """Refuse a version without items: it never changes once it is published."""
    has = sa.select(sa.exists().where(Item.tariff_version_id == version.id))
    if not await session.scalar(has):
        raise RuleBroken("This version has no price list yet.", path=_PATH)


async def withdraw(session: AsyncSession, version: TariffVersion, now: datetime) -> VersionJob:
    """Take back a version that is not in force yet; a job tells those who were told of it."""
    today = local_day(now, OPERATOR_ZONE)
    days = _own_days(version)
    if days is None:
        raise RuleBroken("This version is a draft: nothing is published yet.", path=_PATH)
    if version.withdrawn_at is not None:
        raise Conflict("This version is withdrawn already.", path=_PATH)
    await _lock_tariff(session, version)
    if days.valid_from <= today or await _is_agreed_to(session, version, days.valid_from):
        raise RuleBroken(
            "This version is in force since {day}: it cannot be withdrawn.",
            path=_PATH,
            day=days.valid_from,
        )
    version.withdrawn_at = now
    # Its batch under way is waited for, and none follows.
    announcing = sa.select(VersionJob).where(
        VersionJob.tariff_version_id == version.id,
        VersionJob.kind == VersionJobKind.ANNOUNCEMENT,
        VersionJob.finished_at.is_(None),
    )
    for job in await session.scalars(announcing.with_for_update()):
        job.finished_at = now
    told = sa.select(sa.func.count()).where(PriceAnnouncement.tariff_version_id == version.id)
    customers = (await session.scalars(told)).one()
    publication = publication_of(version, days)
    return await _begin(session, publication, VersionJobKind.WITHDRAWAL, customers, now)


async def assess(
    session: AsyncSession, version: TariffVersion, days: Days | None, now: datetime
) -> VersionJob:
    """Let a job count who would pay more by a version, and who less."""
    own = _own_days(version)
    if own is not None and days is not None:
        raise RuleBroken("This version is published: it has its days.", path=["input", "validFrom"])
    chosen = own or days
    if chosen is None:
        raise RuleBroken("A draft needs the day it would begin on.", path=["input", "validFrom"])
    if own is None:
        with faults_below("input"):
            chosen.check(local_day(now, OPERATOR_ZONE))
    publication = publication_of(version, chosen)
    customers = await count_reached(session, publication)
    return await _begin(session, publication, VersionJobKind.ASSESSMENT, customers, now)


def publication_of(version: TariffVersion, days: Days) -> Publication:
    """Give a version for its days, or for some that it might have."""
    return Publication(version.id, version.tariff_id, days.valid_from, days.for_existing)


def _own_days(version: TariffVersion) -> Days | None:
    if version.valid_from is None or version.valid_from_for_existing is None:
        return None
    return Days(version.valid_from, version.valid_from_for_existing)


async def _lock_tariff(session: AsyncSession, version: TariffVersion) -> None:
    await session.execute(
        sa.select(Tariff.id).where(Tariff.id == version.tariff_id).with_for_update()
    )


async def _check_day_is_free(session: AsyncSession, version: TariffVersion, day: date) -> None:
    """Refuse a day of another version, and one on which somebody has agreed to another one."""
    path = ("validFrom",)
    another = sa.exists().where(
        TariffVersion.tariff_id == version.tariff_id,
        TariffVersion.is_published,
        TariffVersion.valid_from == day,
    )
    if await session.scalar(sa.select(another)):
        raise Conflict("Another version of this tariff begins on {day}.", path=path, day=day)
    if await _is_agreed_to(session, version, day):
        raise RuleBroken(
            "Somebody has agreed to this tariff on {day} already; a version begins later.",
            path=path,
            day=day,
        )


async def _is_agreed_to(session: AsyncSession, version: TariffVersion, day: date) -> bool:
    agreed = sa.exists().where(
        TariffPeriod.tariff_id == version.tariff_id, TariffPeriod.agreed_on >= day
    )
    return bool(await session.scalar(sa.select(agreed)))


async def _begin(
    session: AsyncSession,
    publication: Publication,
    kind: VersionJobKind,
    customers: int,
    now: datetime,
) -> VersionJob:
    """Ask for a job; one that has nothing to do is done."""
    job = VersionJob(
        tariff_version_id=publication.version_id,
        kind=kind,
        valid_from=publication.valid_from,
        valid_from_for_existing=publication.for_existing,
        requested_at=now,
        customers=customers,
        done=0,
        paying_more=0,
        paying_less=0,
        finished_at=None if customers else now,
    )
    session.add(job)
    await session.flush()
    if customers:
        await session.execute(DEFER, {"version_job_id": job.id})
    return job
