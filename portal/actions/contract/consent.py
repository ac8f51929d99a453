"""Agreeing to documents for an account, and whether it agreed to those of today."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.clock import OPERATOR_ZONE
from portal.errors import InvalidInput, NotFound, PortalError, RuleBroken, Several
from portal.models import Account, Consent, ConsentDocument

MOST_DOCUMENTS = 20


async def give(
    session: AsyncSession,
    account: Account,
    person_id: UUID,
    document_ids: Sequence[UUID | None],
    now: datetime,
) -> None:
    """Keep that a person agreed to documents for the account; once is enough for each.

    An id that is no document is None, and a fault of its own.
    """
    if len(document_ids) > MOST_DOCUMENTS:
        raise InvalidInput("May have at most {most} entries.", most=MOST_DOCUMENTS)
    published = await session.scalars(
        sa.select(ConsentDocument.id).where(
            ConsentDocument.id.in_([id for id in document_ids if id is not None])
        )
    )
    known = set(published)
    faults: list[PortalError] = [
        NotFound("There is no such document.", path=[str(index)])
        for index, id in enumerate(document_ids)
        if id not in known
    ]
    if faults:
        raise Several(faults)
    given = set(
        await session.scalars(
            sa.select(Consent.consent_document_id).where(Consent.account_id == account.id)
        )
    )
    session.add_all(
        Consent(account_id=account.id, consent_document_id=id, person_id=person_id, given_at=now)
        for id in dict.fromkeys(document_ids)
        if id is not None and id not in given
    )


async def latest_documents(session: AsyncSession, now: datetime) -> Sequence[Any]:
    """Give ``id``, ``kind``, ``language`` and ``title`` of the latest of each kind and language."""
    today = sa.cast(sa.func.timezone(OPERATOR_ZONE, now), sa.Date())
    row = ConsentDocument
    newest = sa.func.max(row.published_on).over(partition_by=(row.kind, row.language))
    published = (
        sa.select(
            row.id, row.kind, row.language, row.title, row.published_on, newest.label("newest")
        )
        .where(row.published_on <= today)
        .subquery()
    )
    latest = (
        sa.select(published.c.id, published.c.kind, published.c.language, published.c.title)
        .where(published.c.published_on == published.c.newest)
        .order_by(published.c.kind, published.c.id)
    )
    return (await session.execute(latest)).all()


async def check_given(session: AsyncSession, account: Account, now: datetime) -> None:
    """Refuse while the latest of some kind of document, in any language, is not agreed to."""
    latest = await latest_documents(session, now)
    given = set(
        await session.scalars(
            sa.select(Consent.consent_document_id).where(Consent.account_id == account.id)
        )
    )
    agreed = {row.kind for row in latest if row.id in given}
    missing = {row.kind: row.title for row in latest if row.kind not in agreed}
    missing |= {
        row.kind: row.title
        for row in latest
        if row.kind in missing and row.language is account.language
    }
    if missing:
        raise Several(
            RuleBroken("An order needs your agreement to: {title}.", title=title)
            for title in missing.values()
        )
