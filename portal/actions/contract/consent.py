"""Documents to agree to: their versions, and whether an account agreed to those of today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.contract.operator import check_from, withdraw_dated
from portal.actions.upload import taken
from portal.clock import OPERATOR_ZONE
from portal.database.login_change import harmless
from portal.errors import (
    InvalidInput,
    NotFound,
    PortalError,
    RuleBroken,
    Several,
    gathered,
)
from portal.models import Account, Consent, ConsentDocument
from portal.models.contract.consent import ConsentDocumentKind
from portal.rules.file_kind import FileKind
from portal.viewer import Language
from portal.writing.changes import apply_changes

MOST_DOCUMENTS = 20
# Of two versions at once the second one sees the first.
_ONE_AT_A_TIME = harmless("SELECT pg_advisory_xact_lock(hashtextextended('consent_document', 0))")


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
            ConsentDocument.id.in_([id for id in document_ids if id is not None]),
            ConsentDocument.withdrawn_at.is_(None),
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
    """Give ``id``, ``kind``, ``language`` and ``title`` of the latest of each kind and language.

    ``asked_on`` is when the latest version of the kind was published that asks for agreement.
    """
    today = sa.cast(sa.func.timezone(OPERATOR_ZONE, now), sa.Date())
    row = ConsentDocument
    newest = sa.func.max(row.published_on).over(partition_by=(row.kind, row.language))
    asking = sa.case((row.asks_agreement, row.published_on))
    asked_on = sa.func.max(asking).over(partition_by=row.kind).label("asked_on")
    told = (row.id, row.kind, row.language, row.title, row.published_on)
    published = (
        sa.select(*told, newest.label("newest"), asked_on)
        .where(row.published_on <= today, row.withdrawn_at.is_(None))
        .subquery()
    )
    latest = (
        sa.select(*(published.c[name] for name in ("id", "kind", "language", "title", "asked_on")))
        .where(published.c.published_on == published.c.newest)
        .order_by(published.c.kind, published.c.id)
    )
    return (await session.execute(latest)).all()


async def check_given(session: AsyncSession, account: Account, now: datetime) -> None:
    """Refuse while the account has not agreed to some kind of document.

    It has where it agreed, in any language, to the latest version that asks for agreement, or to a
    later one; of a kind that never asks, to any.
    """
    given = await session.execute(
        sa.select(ConsentDocument.kind, sa.func.max(ConsentDocument.published_on))
        .join(Consent, Consent.consent_document_id == ConsentDocument.id)
        .where(Consent.account_id == account.id, ConsentDocument.withdrawn_at.is_(None))
        .group_by(ConsentDocument.kind)
    )
    agreed: dict[ConsentDocumentKind, date] = {row[0]: row[1] for row in given}
    latest = await latest_documents(session, now)
    missing = {
        row.kind: row.title
        for row in latest
        if row.kind not in agreed or agreed[row.kind] < (row.asked_on or date.min)
    }
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


@dataclass(frozen=True, slots=True)
class Text:
    """What a version says in a language: a body, or an upload in its place."""

    language: Language
    title: str
    body: str | None
    upload_id: UUID | None


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A version to publish, with its text in each language."""

    kind: ConsentDocumentKind
    version: str
    published_on: date
    asks_agreement: bool
    texts: Sequence[Text]


async def publish(
    session: AsyncSession, wanted: NewDocument, now: datetime
) -> Mapping[Language, ConsentDocument]:
    """Publish a version from a day on, later than those that there are; told by a job and notices.

    What was published never changes: whoever agreed, agreed to that.
    """
    faults: list[PortalError] = []
    with gathered(faults):
        check_from(wanted.published_on, now, ("input", "publishedOn"))
    with gathered(faults):
        _check_languages([text.language for text in wanted.texts])
    await session.execute(_ONE_AT_A_TIME)
    with gathered(faults):
        await _check_latest(session, wanted)
    rows = {}
    for index, text in enumerate(wanted.texts):
        path = ("input", "texts", str(index))
        row = ConsentDocument(
            kind=wanted.kind,
            language=text.language,
            published_on=wanted.published_on,
            asks_agreement=wanted.asks_agreement,
            added_at=now,
        )
        with gathered(faults):
            apply_changes(row, {"title": text.title}, path)
        with gathered(faults):
            place = (*path, "content")
            if text.upload_id is None:
                apply_changes(row, {"body": text.body}, place)
                if not row.body:
                    raise InvalidInput("Must not be empty.", path=(*place, "body"))
            else:
                file = await taken(
                    session, text.upload_id, [FileKind.PDF], now, (*place, "uploadId")
                )
                row.file_id = file.id
        with gathered(faults if index == 0 else []):
            apply_changes(row, {"version": wanted.version})
        rows[text.language] = row
    if faults:
        raise Several(faults)
    session.add_all(rows.values())
    return rows


async def _check_latest(session: AsyncSession, wanted: NewDocument) -> None:
    """Refuse a version that would not be the latest of its kind."""
    latest = await session.scalar(
        sa.select(sa.func.max(ConsentDocument.published_on)).where(
            ConsentDocument.kind == wanted.kind, ConsentDocument.withdrawn_at.is_(None)
        )
    )
    if latest is not None and wanted.published_on <= latest:
        raise RuleBroken(
            "A version is published on {day} already; a new one comes after it.",
            path=["input", "publishedOn"],
            day=latest,
        )


async def withdraw(session: AsyncSession, document: ConsentDocument, now: datetime) -> None:
    """Take back a version, in each language, before its day; the notices of it go."""
    await session.execute(_ONE_AT_A_TIME)
    version = await session.scalars(
        sa.select(ConsentDocument)
        .where(ConsentDocument.kind == document.kind, ConsentDocument.version == document.version)
        .with_for_update()
    )
    for row in version:
        withdraw_dated(row, row.published_on, now)


def mark_read(account: Account, now: datetime) -> None:
    """Note that the account has seen the documents that it was told of until now."""
    account.documents_read_at = now


def _check_languages(given: Sequence[Language]) -> None:
    """Refuse a version that some customers could not read."""
    path = ["input", "texts"]
    if len(set(given)) != len(given):
        raise InvalidInput("Must have each language once.", path=path)
    missing = [language for language in Language if language not in given]
    if missing:
        raise InvalidInput(
            "Must be there in each language; missing: {languages}.",
            path=path,
            languages=", ".join(missing),
        )
