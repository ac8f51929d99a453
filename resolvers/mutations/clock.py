"""Moving the portal's clock."""

from portal.actions import clock as actions
from portal.actions.clock import PortalTime
from resolvers.changing.run import Change, starting
from resolvers.given import sent_or_none
from schema.types import clock as types


@starting(PortalTime)
async def set_clock(change: Change, _row: None, given: types.SetClockInput) -> PortalTime:
    context = change.context
    return await actions.set_clock(
        await change.session.connection(),
        sent_or_none(given.day),
        context.received_at,
        may_move=context.installation.is_development,
    )
