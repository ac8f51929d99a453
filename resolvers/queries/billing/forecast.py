"""What accounts will be billed next, by the engine that bills them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.actions.billing.billable import Billable, billables
from portal.clock import OPERATOR_ZONE
from portal.rules.billing.draft import Draft
from portal.rules.billing.problem import NotBillable
from portal.rules.calendar import local_day
from portal.rules.month import clamped
from resolvers.context import Context

Foreseen = list[tuple[date, list[Draft]]]


async def foreseen(
    context: Context, rows: Sequence[tuple[Any, ...]]
) -> list[tuple[Billable, Foreseen] | None]:
    """Answer for accounts and months ahead; None for one that nothing could be billed to."""
    day = local_day(context.now, OPERATOR_ZONE)
    ids = [id for id, _ in rows]
    found = await context.read_rows(lambda session: billables(session, ids, day))
    by_id = {one.account.id: one for one in found}
    return [_of(by_id.get(id), context, months) for id, months in rows]


def _of(
    billable: Billable | None, context: Context, months: int
) -> tuple[Billable, Foreseen] | None:
    if billable is None:
        return None
    today = local_day(context.now, billable.account.time_zone)
    try:
        return billable, billable.foreseen(today, clamped(today, months))
    except NotBillable:
        return None
