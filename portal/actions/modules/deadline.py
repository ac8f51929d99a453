"""By when an account has to cancel what it has, as its calendar shows it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.standing import standing, standings_of
from portal.errors import RuleBroken
from portal.language.phrase import Translated
from portal.models import ModuleSubscription
from portal.rules.modules.deadline import Deadline, deadlines
from portal.rules.modules.notice import Party

_FEW = 4


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Those of one module subscription; ``agreed_on`` is the day of what they follow from."""

    subscription_id: UUID
    module: Translated
    agreed_on: date
    deadlines: list[Deadline]


async def deadlines_of(
    session: AsyncSession, account_id: UUID, now: datetime
) -> AsyncIterator[Deadlines]:
    """Give the next deadlines of each module that runs and that nobody has cancelled yet."""
    ids = await session.scalars(
        sa.select(ModuleSubscription.id).where(
            ModuleSubscription.account_id == account_id, ModuleSubscription.ends_on.is_(None)
        )
    )
    rows = await session.execute(standings_of(ids.all(), now))
    for row in sorted(rows.all(), key=lambda row: (row.starts_on, row.id)):
        here = standing(row, now)
        if here.is_open:
            try:
                found = [*deadlines(here.agreement(Party.CUSTOMER), here.today, _FEW)]
            except RuleBroken:
                # Under terms that somebody saved past the check no day follows.
                continue
            yield Deadlines(row.id, here.module, here.agreed_on, found)
