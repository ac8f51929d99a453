"""Asking for changes that managers make, and deciding what was asked."""

from portal.actions.people import request as actions
from portal.actions.requestable import Requestable
from portal.models import Contract, Request
from resolvers.changing.run import Change, changing
from resolvers.given import proposed_in, reason_in, sent_or_none
from schema.types.people import request_input as types


@changing(Contract)
async def create(change: Change, contract: Contract, given: types.CreateRequestInput) -> Request:
    return await actions.create(
        change.session, contract, _proposal(given), change.person_id, change.context.now
    )


@changing(Request)
def withdraw(change: Change, request: Request, given: types.WithdrawRequestInput) -> None:
    actions.withdraw(request, change.person_id, change.context.now)


@changing(Request)
async def accept(change: Change, request: Request, given: types.AcceptRequestInput) -> None:
    await actions.accept(
        change.session, request, reason_in(given), change.person_id, change.context.now
    )


@changing(Request)
async def decline(change: Change, request: Request, given: types.DeclineRequestInput) -> None:
    await actions.decline(
        change.session, request, reason_in(given), change.person_id, change.context.now
    )


def _proposal(given: types.CreateRequestInput) -> actions.Proposal:
    """Give the kind of change that was asked for, and its values."""
    of_kinds = ((kind, getattr(given.proposed, kind.given)) for kind in Requestable.known.values())
    kind, value = next((kind, value) for kind, value in of_kinds if sent_or_none(value) is not None)
    return actions.Proposal(kind, proposed_in(value), sent_or_none(given.comment))
