"""Asking for changes that managers make, and deciding what was asked."""

from dataclasses import is_dataclass
from typing import Any

from portal.actions.people import request as actions
from portal.actions.requestable import Requestable
from portal.errors import InvalidInput
from portal.language.naming import camel
from portal.models import Contract, Request
from resolvers.changing.run import Change, changing
from resolvers.given import changes_in, reason_in, sent_or_none, values_of
from schema.types.people import request as types


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
    """Give the one kind of change that was asked for, and its values."""
    proposed: dict[str, Any] = changes_in(given)
    for kind in Requestable.known.values():
        value = sent_or_none(getattr(given, kind.given))
        if value is not None and kind.given not in proposed:
            proposed[kind.given] = values_of(value) if is_dataclass(value) else value
    kinds = [kind for kind in Requestable.known.values() if kind.given in proposed]
    if len(kinds) != 1:
        raise InvalidInput(
            "Ask for one change: other payment terms, another VAT treatment, another contract"
            " partner or another date.",
            path=["input"],
        )
    for other in Requestable.known.values():
        for name, sentence in other.with_it.items():
            if name in proposed and other not in kinds:
                raise InvalidInput(sentence, path=["input", camel(name)])
    return actions.Proposal(kinds[0], proposed, sent_or_none(given.comment))
