"""What may happen to an account."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.changes import apply_changes
from portal.errors import InvalidInput, NotFound, PortalError, Several
from portal.models import Account, Consent, ConsentDocument

MOST_DOCUMENTS = 20


def update(account: Account, changes: Mapping[str, Any]) -> None:
    """Set an account's own fields."""
    apply_changes(account, changes)


def set_test_account(account: Account, *, is_test: bool) -> None:
    """Say whether an account is a test account."""
    account.is_test = is_test


async def give_consent(
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
        raise InvalidInput(
            "May have at most {most} entries.", path=["input", "documentIds"], most=MOST_DOCUMENTS
        )
    published = await session.scalars(
        sa.select(ConsentDocument.id).where(
            ConsentDocument.id.in_([id for id in document_ids if id is not None])
        )
    )
    known = set(published)
    faults: list[PortalError] = [
        NotFound("There is no such document.", path=["input", "documentIds", str(index)])
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
