"""Whether a module of single booking can be ordered, or run on for longer.

Whoever calls holds the account's lock: of two orders of one account the second sees the first.
"""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.agreement import Standing
from portal.models import Module, ModuleSubscription
from portal.rules.calendar import LAST_DAY
from portal.rules.modules import single_booking as rules
from portal.rules.modules.period import ONE_DAY, Period


async def check_order(
    session: AsyncSession, account_id: UUID, module: Module, ordered: Period
) -> None:
    """Refuse an order whose days meet those of another one."""
    if module.is_single_booking:
        rules.check_order(ordered, await _runs(session, account_id, module.id))


async def check_last_day(session: AsyncSession, standing: Standing, ends_on: date | None) -> None:
    """Refuse a last day, None for none, that is later and meets a later order."""
    present, wanted = standing.ends_on or LAST_DAY, ends_on or LAST_DAY
    if standing.is_single_booking and wanted > present:
        added = Period(present + ONE_DAY, wanted)
        found = await _runs(session, standing.account_id, standing.module_id)
        rules.check_more_days(added, found)


async def _runs(session: AsyncSession, account_id: UUID, module_id: UUID) -> list[Period]:
    found = await session.execute(
        sa.select(ModuleSubscription.starts_on, ModuleSubscription.ends_on).where(
            ModuleSubscription.account_id == account_id, ModuleSubscription.module_id == module_id
        )
    )
    return [Period(starts_on, ends_on or LAST_DAY) for starts_on, ends_on in found]
