"""Whether what is agreed to was still offered once nobody could change that any more."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.standing import agreed_version
from portal.errors import Conflict
from portal.models import Tariff, TariffVersion


async def check_still_offered(session: AsyncSession, version: TariffVersion, on: date) -> None:
    """Refuse a version that a manager closed or replaced while it was being agreed to.

    To be asked once a row is written that refers to the tariff: it waits for whoever has locked
    that, and whoever would lock it from then on waits for it.
    """
    latest = agreed_version(Tariff.id, on).subquery().lateral()
    found = await session.execute(
        sa.select(Tariff.closed_from, latest.c.id)
        .outerjoin(latest, sa.true())
        .where(Tariff.id == version.tariff_id)
    )
    closed_from, latest_id = found.one()
    if latest_id != version.id or (closed_from is not None and closed_from <= on):
        raise Conflict("What is offered was changed at this moment; look at it again.")
