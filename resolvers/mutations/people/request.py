"""Asking for changes that managers make, and deciding what was asked."""

from typing import Any
from uuid import UUID

import strawberry

from portal.actions.people import request as actions
from portal.actions.people.date_request import ProposedDate
from portal.errors import InvalidInput
from portal.models import Contract, Request
from portal.rules.people.request import RequestKind
from resolvers.changing.run import Change, changing
from resolvers.given import changes_in, id_in, reason_in, sent_or_none, values_of
from schema.types.people import request as types

# The input field that makes a request one of a kind.
_MAKES = {
    "deviating_payment_terms": RequestKind.PAYMENT_TERMS,
    "vat_treatment": RequestKind.VAT_TREATMENT,
    "contract_partner": RequestKind.CONTRACT_PARTNER,
    "deviating_date": RequestKind.DEVIATING_DATE,
}


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
    if given.vat_treatment not in (strawberry.UNSET, None):
        proposed["vat_treatment"] = given.vat_treatment
    if given.contract_partner not in (strawberry.UNSET, None):
        proposed["contract_partner"] = values_of(given.contract_partner)
    date = sent_or_none(given.deviating_date)
    if date is not None:
        proposed["deviating_date"] = date
    kinds = [kind for name, kind in _MAKES.items() if name in proposed]
    if len(kinds) != 1:
        raise InvalidInput(
            "Ask for one change: other payment terms, another VAT treatment, another contract"
            " partner or another date.",
            path=["input"],
        )
    if "vat_number" in proposed and kinds != [RequestKind.VAT_TREATMENT]:
        raise InvalidInput(
            "Send the VAT number with the VAT treatment that it belongs to.",
            path=["input", "vatNumber"],
        )
    return actions.Proposal(kinds[0], proposed, sent_or_none(given.comment), _date(date))


def _date(given: types.DeviatingDateInput | None) -> ProposedDate | None:
    if given is None:
        return None
    return ProposedDate(
        id_in("ModuleSubscription", given.module_subscription_id),
        sent_or_none(given.last_day),
        _tariff(sent_or_none(given.tariff_id)),
        sent_or_none(given.starts_on),
    )


def _tariff(given: str | None) -> UUID | None:
    """Give the UUID of a tariff; one that leads nowhere for any other id."""
    return None if given is None else id_in("Tariff", given) or UUID(int=0)
