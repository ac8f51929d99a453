"""The contract that comes into being with an account's first order."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.errors import RuleBroken
from portal.models import Account, Contract, GeneralPaymentTerms, Member, Person
from portal.rules.contract.document_delivery import DocumentDelivery, DocumentDeliveryMode
from portal.writing.changes import apply_changes

_PARTNER = ("input", "contractPartner")


async def contract_of(
    session: AsyncSession, account: Account, partner: Mapping[str, Any] | None, today: date
) -> Contract:
    """Give an account's contract, which takes no other partner; the first order makes it.

    It freezes the general payment terms of the day, and documents go to the owner.
    """
    concluded = await session.scalar(sa.select(Contract).where(Contract.account_id == account.id))
    if concluded is not None:
        if partner is not None:
            raise RuleBroken(
                "The contract has a partner already; only managers change it.",
                path=_PARTNER,
            )
        return concluded
    if partner is None:
        raise RuleBroken("The first order makes the contract: say with whom.", path=_PARTNER)
    contract = Contract(
        account_id=account.id,
        general_payment_terms=await _general_terms(session, today),
        document_delivery=DocumentDelivery(
            [await _owner_email(session, account)], DocumentDeliveryMode.ATTACHMENT
        ),
        concluded_on=today,
    )
    apply_changes(contract, {"contract_partner": partner})
    session.add(contract)
    await session.flush()
    return contract


async def _general_terms(session: AsyncSession, today: date) -> Any:
    row = await session.scalar(
        sa.select(GeneralPaymentTerms)
        .where(GeneralPaymentTerms.valid_from <= today, GeneralPaymentTerms.withdrawn_at.is_(None))
        .order_by(GeneralPaymentTerms.valid_from.desc(), GeneralPaymentTerms.id.desc())
        .limit(1)
    )
    if row is None:
        raise RuleBroken(
            "There are no general payment terms yet, so nothing can be ordered.", path=["input"]
        )
    return row.terms


async def _owner_email(session: AsyncSession, account: Account) -> str:
    found = await session.scalars(
        sa.select(Person.email)
        .join(Member, Member.person_id == Person.id)
        .where(Member.account_id == account.id, Member.id == account.owner_id)
    )
    return found.one()
