"""Sending documents: to whom the contract says, and what with."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal.errors import InvalidInput, RuleBroken, faults_below
from portal.models import Contract, Delivery, Document, Member, Person
from portal.models.contract.contract import MOST_RECIPIENTS
from portal.rules.billing.delivery import DeliveryCause
from portal.rules.form import email

_ID = ("input", "id")
_RECIPIENTS = ("input", "recipients")


def delivery_rows(
    contract: Contract,
    document_id: UUID,
    recipients: Iterable[str],
    cause: DeliveryCause,
    cause_id: UUID,
) -> list[dict[str, Any]]:
    """Give what is to be sent, a row for each recipient.

    XML goes as a second file to whoever has an address or a reference for it, or wants it.
    """
    wants_ubl = contract.electronic_address or contract.buyer_reference or contract.receives_ubl
    return [
        {
            "document_id": document_id,
            "recipient": recipient,
            "cause": cause,
            "cause_id": cause_id,
            "mode": contract.document_delivery.mode,
            "with_ubl": bool(wants_ubl),
        }
        for recipient in dict.fromkeys(recipients)
    ]


async def resend(session: AsyncSession, document: Document, recipients: Sequence[str]) -> None:
    """Send a document again, to people who may have it: who receives them, and members."""
    contract = await session.scalar(
        sa.select(Contract).where(Contract.account_id == document.account_id)
    )
    if contract is None:
        raise RuleBroken("The account has no contract any more.", path=_ID)
    members = await session.scalars(
        sa.select(Person.email)
        .join(Member, Member.person_id == Person.id)
        .where(Member.account_id == document.account_id)
    )
    allowed = {*members, *contract.document_delivery.recipients}
    wanted = []
    for place, given in enumerate(_counted(recipients)):
        with faults_below(*_RECIPIENTS, str(place)):
            one = email(given)
        wanted.append(one)
        if one not in allowed:
            raise RuleBroken(
                "Documents go to members, and to those who receive them by the contract: add"
                " {recipient} there first.",
                path=(*_RECIPIENTS, str(place)),
                recipient=one,
            )
    rows = delivery_rows(contract, document.id, wanted, DeliveryCause.RESENT, uuid7())
    connection = await session.connection()
    await connection.execute(
        sa.insert(Delivery),
        [{"id": uuid7(), "account_id": document.account_id, **row} for row in rows],
    )


def _counted(recipients: Sequence[str]) -> Sequence[str]:
    if not recipients:
        raise InvalidInput("Must not be empty.", path=_RECIPIENTS)
    if len(recipients) > MOST_RECIPIENTS:
        raise InvalidInput(
            "May have at most {most} entries.", path=_RECIPIENTS, most=MOST_RECIPIENTS
        )
    return recipients
