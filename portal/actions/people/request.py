"""What may happen to a request: a customer makes or withdraws it, a manager decides it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.contract import contract as contracts
from portal.actions.people.date_request import ProposedDate, carry_out, propose
from portal.actions.people.request_mail import tell
from portal.errors import Conflict, InvalidInput, RuleBroken, Several, check_all
from portal.language.naming import camel
from portal.language.phrase import Named
from portal.models import Account, Contract, Request
from portal.rules.calendar import local_day
from portal.rules.people.request import RequestKind, RequestStatus, expiry, status_at
from portal.writing.changes import apply_changes

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is asked for: attributes of the contract with their values as they were sent, or a date.

    A date is asked for where the kind says so, and nothing else.
    """

    kind: RequestKind
    values: Values
    comment: str | None
    date: ProposedDate | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """The attributes of a contract that a kind is about, and the managers' own action."""

    attributes: tuple[str, ...]
    carry_out: Callable[[Contract, Values], None]


def _change_vat_treatment(contract: Contract, values: Values) -> None:
    number = {name: value for name, value in values.items() if name == "vat_number"}
    contracts.change_vat_treatment(contract, values["vat_treatment"], number)


_CHANGES: Mapping[RequestKind, _Change] = {
    RequestKind.PAYMENT_TERMS: _Change(
        ("deviating_payment_terms",),
        lambda contract, values: contracts.change_payment_terms(
            contract, values["deviating_payment_terms"]
        ),
    ),
    RequestKind.VAT_TREATMENT: _Change(("vat_treatment", "vat_number"), _change_vat_treatment),
    RequestKind.CONTRACT_PARTNER: _Change(
        ("contract_partner",),
        lambda contract, values: contracts.change_contract_partner(
            contract, values["contract_partner"]
        ),
    ),
}


async def create(
    session: AsyncSession, contract: Contract, proposal: Proposal, person_id: UUID, now: datetime
) -> Request:
    """Ask for a change of a contract.

    The change is tried on a copy, so that what a manager could not do now is not asked for either.
    """
    account = await session.get_one(Account, contract.account_id)
    request = Request(
        account_id=account.id,
        kind=proposal.kind,
        requested_by=person_id,
        requested_at=now,
        expires_at=expiry(now, account.time_zone),
    )
    if proposal.date is not None:
        apply_changes(request, {"comment": proposal.comment})
        await propose(session, request, proposal.date, now)
    else:
        _propose(contract, request, proposal)
    await _refuse_second(session, request)
    session.add(request)
    await tell(session, request, now)
    return request


def withdraw(request: Request, person_id: UUID, now: datetime) -> None:
    """Take a request back."""
    _decide(request, RequestStatus.WITHDRAWN, person_id, now)


async def accept(
    session: AsyncSession, request: Request, reason: str | None, person_id: UUID, now: datetime
) -> None:
    """Carry a request out, by the managers' own action on the contract of today."""
    _decide(request, RequestStatus.ACCEPTED, person_id, now)
    request.reason = reason
    if request.kind is RequestKind.DEVIATING_DATE:
        await carry_out(session, request, person_id, now)
    else:
        await _carry_out(session, request)
    await tell(session, request, now)


def _propose(contract: Contract, request: Request, proposal: Proposal) -> None:
    """Note the values proposed beside those that apply; the change is tried on a copy."""
    change, tried = _CHANGES[proposal.kind], _copy(contract)
    check_all(
        lambda: change.carry_out(tried, proposal.values),
        lambda: apply_changes(request, {"comment": proposal.comment}),
    )
    if _values(tried, change) == _values(contract, change):
        raise RuleBroken("This is what applies already.", path=["input", _name(proposal.kind)])
    for name in change.attributes:
        setattr(request, f"proposed_{name}", getattr(tried, name))
        setattr(request, f"present_{name}", getattr(contract, name))


async def _carry_out(session: AsyncSession, request: Request) -> None:
    contract = (
        await session.scalars(
            sa.select(Contract).where(Contract.account_id == request.account_id).with_for_update()
        )
    ).one()
    change = _CHANGES[request.kind]
    _refuse_other_present(request, contract, change)
    proposed = {name: getattr(request, f"proposed_{name}") for name in change.attributes}
    change.carry_out(contract, {name: _as_sent(value) for name, value in proposed.items()})


async def decline(
    session: AsyncSession, request: Request, reason: str | None, person_id: UUID, now: datetime
) -> None:
    """Refuse a request, and say why."""
    if reason is None:
        raise InvalidInput("Must not be empty.", path=["input", "reason"])
    _decide(request, RequestStatus.DECLINED, person_id, now)
    request.reason = reason
    await tell(session, request, now)


def _decide(request: Request, state: RequestStatus, person_id: UUID, now: datetime) -> None:
    """End a request that is open."""
    status = status_at(now, request.state, request.expires_at)
    if status is not RequestStatus.OPEN:
        raise Conflict(
            "This request is open no more; it is {status}.", path=["input", "id"], status=status
        )
    request.state = state
    request.decided_by = person_id
    request.decided_at = now


async def _refuse_second(session: AsyncSession, request: Request) -> None:
    """Refuse a request while another of its kind is open; the account is locked."""
    open_one = await session.execute(
        sa.select(Request.requested_at, Account.time_zone)
        .join(Account, Account.id == Request.account_id)
        .where(
            Request.account_id == request.account_id,
            Request.kind == request.kind,
            Request.state == RequestStatus.OPEN,
            Request.expires_at > request.requested_at,
        )
    )
    row = open_one.first()
    if row is not None:
        raise Conflict(
            "This was asked for already on {day}, and that request is open.",
            path=["input", _name(request.kind)],
            day=local_day(*row),
        )


def _refuse_other_present(request: Request, contract: Contract, change: _Change) -> None:
    """Refuse to carry out what was asked for when something else applied."""
    faults = [
        Conflict(
            "This has changed since the request was made: {field}.",
            path=["input", camel(name)],
            field=Named(camel(name)),
        )
        for name, value in _values(contract, change).items()
        if value != getattr(request, f"present_{name}")
    ]
    if faults:
        raise Several(faults)


def _copy(contract: Contract) -> Contract:
    """Give a copy of a contract that belongs to no session: what is done to it is not written."""
    keys = sa.inspect(Contract).column_attrs.keys()
    return Contract(**{key: getattr(contract, key) for key in keys})


def _values(contract: Contract, change: _Change) -> dict[str, Any]:
    return {name: getattr(contract, name) for name in change.attributes}


def _name(kind: RequestKind) -> str:
    """Give the input field that a request of a kind is made with."""
    return camel(_CHANGES[kind].attributes[0]) if kind in _CHANGES else "deviatingDate"


def _as_sent(value: Any) -> Any:
    """Give a value in the form in which the managers' action takes it."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
