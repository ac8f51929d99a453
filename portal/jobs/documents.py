"""Sending documents: what waits becomes a mail, in the transaction that says so."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from portal.actions.billing.document_file import file_of
from portal.actions.contract.contract_copy import file_of_copy
from portal.actions.printed_file import File
from portal.database.deadlock import until_done
from portal.language.global_id import encode
from portal.language.phrase import Money
from portal.mail.billing.content import DocumentIssued
from portal.mail.outbox import Letter, Recipient, post_all
from portal.models import Account, ContractCopy, Delivery, Document, Member, Outbox, Person
from portal.rules.billing.delivery import DeliveryState
from portal.rules.billing.file_kind import DocumentFileKind
from portal.rules.billing.number import DocumentKind
from portal.rules.contract.document_delivery import DocumentDeliveryMode
from portal.viewer import Language

_AT_ONCE = 100
PAGE = "/accounts/{account}/invoices/{document}"
"""Where the page of a document is."""


async def deliver_documents(engine: AsyncEngine, host: str | None, now: datetime) -> None:
    """Write the mails of all documents that wait; ``host`` is where people find the portal."""
    found = True
    while found:

        async def once() -> bool:
            async with AsyncSession(engine) as session, session.begin():
                return await _deliver_some(session, host, now)

        found = await until_done(once)


async def _deliver_some(session: AsyncSession, host: str | None, now: datetime) -> bool:
    is_written = sa.exists().where(Outbox.delivery_id == Delivery.id)
    rows: Any = (
        sa.select(Delivery, Document, Account.language)
        .join(Document, Document.id == Delivery.document_id)
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.state == DeliveryState.QUEUED, ~is_written)
        .order_by(Delivery.queued_at)
        .limit(_AT_ONCE)
        .with_for_update(of=Delivery, skip_locked=True)
    )
    waiting = (await session.execute(rows)).all()
    known = await _languages(session, [delivery.recipient for delivery, *_ in waiting])
    members = await _members(session, {delivery.account_id for delivery, *_ in waiting})
    letters = []
    for delivery, document, language in waiting:
        if document.is_test and (delivery.account_id, delivery.recipient) not in members:
            # What is no invoice goes to nobody who could take it for one.
            delivery.state = DeliveryState.WITHHELD
            continue
        to = Recipient(delivery.recipient, known.get(delivery.recipient, language))
        content = _content(delivery, document, host)
        letters.append(Letter(content, to, delivery.account_id, delivery.id))
    await post_all(session, letters, now)
    return bool(waiting)


async def _languages(session: AsyncSession, emails: Sequence[str]) -> dict[str, Language]:
    """Give in which language people read whom an address belongs to."""
    rows = sa.select(Person.email, Person.language).where(Person.email.in_(emails))
    return {row.email: row.language for row in await session.execute(rows)}


async def _members(session: AsyncSession, account_ids: set[UUID]) -> set[tuple[UUID, str]]:
    rows = sa.select(Member.account_id, Person.email).join(Person, Person.id == Member.person_id)
    found = await session.execute(rows.where(Member.account_id.in_(account_ids)))
    return {(row.account_id, row.email) for row in found}


def _content(delivery: Delivery, document: Document, host: str | None) -> DocumentIssued:
    account, own = encode("Account", delivery.account_id), encode("Document", document.id)
    link = f"https://{host}{PAGE.format(account=account, document=own)}" if host else None
    return DocumentIssued(
        number=document.number,
        issued_on=document.issued_on,
        due_on=_due_on(document),
        gross=Money(Decimal(document.payload["payable"]), document.currency),
        is_test=document.is_test,
        is_attached=delivery.mode is DocumentDeliveryMode.ATTACHMENT,
        link=link,
    )


def _due_on(document: Document) -> date | None:
    return document.due_on if document.kind is DocumentKind.INVOICE else None


async def attachments_of(session: AsyncSession, mail: Outbox, now: datetime) -> list[File]:
    """Give the files that a mail carries: the copy of an order, or of a document sent with it."""
    if mail.contract_copy_id is not None:
        copy = await session.get_one(ContractCopy, mail.contract_copy_id)
        return [await file_of_copy(session, copy)]
    if mail.delivery_id is None:
        return []
    delivery = await session.get_one(Delivery, mail.delivery_id)
    if delivery.mode is not DocumentDeliveryMode.ATTACHMENT:
        return []
    document = await session.get_one(Document, delivery.document_id)
    kinds = [DocumentFileKind.PDF, *([DocumentFileKind.UBL] if delivery.with_ubl else [])]
    files = [await file_of(session, document, kind, now) for kind in kinds]
    return [file for file in files if file is not None]
