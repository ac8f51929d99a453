"""What may happen to a request: a customer makes or withdraws it, a manager decides it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.people.request_mail import tell
from portal.actions.requestable import Requestable, Values
from portal.errors import Conflict, InvalidInput, PortalError, Several, gathered
from portal.language.naming import camel
from portal.models import Account, Contract, Request
from portal.rules.calendar import local_day
from portal.rules.people.request import RequestStatus, check_open, expiry, status_at
from portal.writing.changes import apply_changes


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is asked for, with the values as they were sent."""

    kind: Requestable
    values: Values
    comment: str | None


async def create(
    session: AsyncSession, contract: Contract, proposal: Proposal, person_id: UUID, now: datetime
) -> Request:
    """Ask for a change; what a manager could not do now is not asked for either."""
    account = await session.get_one(Account, contract.account_id)
    request = Request(
        account_id=account.id,
        kind=proposal.kind.kind,
        requested_by=person_id,
        requested_at=now,
        expires_at=expiry(now, account.time_zone),
    )
    proposed: list[PortalError] = []
    said: list[PortalError] = []
    with gathered(said):
        apply_changes(request, {"comment": proposal.comment})
    with gathered(proposed):
        await proposal.kind.propose(session, contract, request, proposal.values)
    if proposed or said:
        raise Several([*proposed, *said])
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
    await Requestable.known[request.kind].carry_out(session, request, person_id, now)
    await tell(session, request, now)


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
    check_open(status_at(now, request.state, request.expires_at))
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
            path=["input", "proposed", camel(Requestable.known[request.kind].given)],
            day=local_day(*row),
        )
