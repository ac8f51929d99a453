"""Which version of a tariff somebody gets who chooses it: a public one, or one of an offer."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.database.login_change import harmless
from portal.errors import NotFound, RuleBroken, faults_below
from portal.models import Tariff, TariffPeriod, TariffVersion
from portal.rules.form import line
from portal.rules.key import number_key

_TARIFF = ("input", "tariff", "id")
_OFFER = ("input", "tariff", "offerNumber")
_COLUMNS = sa.inspect(TariffVersion).local_table.columns
_USE_OFFER = (
    harmless(f"SELECT {', '.join(_COLUMNS.keys())} FROM use_offer(:number, :module_id, :today)")  # noqa: S608
    .bindparams(sa.bindparam("module_id", type_=sa.Uuid()), sa.bindparam("today", type_=sa.Date()))
    .columns(*_COLUMNS)
)
_GIVE_BACK = harmless("SELECT give_offer_back(:tariff_period_id)").bindparams(
    sa.bindparam("tariff_period_id", type_=sa.Uuid())
)


def is_open_on(tariff: Any, day: Any) -> sa.ColumnElement[bool]:
    """Say whether a tariff was not closed to new orders by a day."""
    return sa.or_(tariff.closed_from.is_(None), tariff.closed_from > day)


async def chosen_version(
    session: AsyncSession,
    module_id: UUID,
    tariff_id: UUID | None,
    offer_number: str | None,
    today: date,
) -> TariffVersion:
    """Give what is agreed today by a public tariff's id, or by the number of an offer.

    An offer is used by that, until the transaction is rolled back or it is given back.
    """
    if offer_number is not None:
        return await by_number(session, module_id, offer_number, today)
    return await _public(session, module_id, tariff_id, today)


async def give_back(session: AsyncSession, period: TariffPeriod) -> None:
    """Let an offer be used once more, if the period stands on one; before it is deleted."""
    await session.execute(_GIVE_BACK, {"tariff_period_id": period.id})


async def by_number(
    session: AsyncSession, module_id: UUID, number: str, today: date
) -> TariffVersion:
    """Use an offer; a number that is wrong, over or of another module is answered alike."""
    with faults_below(*_OFFER):
        given = {
            "number": number_key(line(number, Tariff.offer_number.type.length)),
            "module_id": module_id,
            "today": today,
        }
    offered = sa.select(TariffVersion).from_statement(_USE_OFFER)
    version: TariffVersion | None = await session.scalar(offered, given)
    if version is None:
        raise NotFound("There is no such offer for this module, or it is over.", path=_OFFER)
    return version


async def _public(
    session: AsyncSession, module_id: UUID, tariff_id: UUID | None, today: date
) -> TariffVersion:
    versions = (
        sa.select(TariffVersion, TariffVersion.valid_from)
        .join(Tariff, Tariff.id == TariffVersion.tariff_id)
        .where(
            Tariff.module_id == module_id,
            Tariff.is_public,
            is_open_on(Tariff, today),
            TariffVersion.is_published,
        )
        .order_by(TariffVersion.valid_from)
    )
    offered = [(version, day) for version, day in await session.execute(versions) if day]
    if all(day > today for _, day in offered):
        raise RuleBroken(
            "This module has no public tariff that may be ordered.", path=["input", "moduleId"]
        )
    chosen = [(version, day) for version, day in offered if version.tariff_id == tariff_id]
    in_force = [version for version, day in chosen if day <= today]
    if in_force:
        return in_force[-1]
    for _, day in chosen:
        raise RuleBroken("This tariff can be ordered from {day} on.", path=_TARIFF, day=day)
    raise NotFound(
        "There is no such public tariff of this module; any other needs its offer number.",
        path=_TARIFF,
    )
