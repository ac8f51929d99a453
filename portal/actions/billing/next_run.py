"""What the next run would issue to an account as it stands within a change."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.billing.billable import Billable, billables
from portal.clock import OPERATOR_ZONE
from portal.rules.billing.draft import Draft
from portal.rules.billing.problem import NotBillable
from portal.rules.calendar import local_day


async def of_next_run(
    session: AsyncSession, account_id: UUID, now: datetime
) -> list[tuple[Billable, Draft]]:
    """Give the documents of a run at this moment; none while something is in the way."""
    day = local_day(now, OPERATOR_ZONE)
    drafts: list[tuple[Billable, Draft]] = []
    for billable in await billables(session, [account_id], day):
        settlement = billable.settlement(local_day(now, billable.account.time_zone))
        try:
            drafts += [(billable, draft) for draft in billable.drafts(settlement, day)]
        except NotBillable:
            continue
    return drafts
