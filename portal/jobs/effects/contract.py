"""New versions of documents that customers agree to, told to those who agreed to earlier ones.

And those that were withdrawn before their day, told to whoever was told of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portal.jobs.effects.due import (
    Due,
    Find,
    Found,
    Span,
    about,
    batch,
    page,
    reader,
    told_to_owner,
)
from portal.mail.contract.content import ChangedDocument, DocumentsChanged, DocumentsWithdrawn
from portal.models import Account, Consent, ConsentDocument, Effect, EffectKind
from portal.models.contract.consent import ConsentDocumentKind
from portal.viewer import Language

_CHANGED, _WITHDRAWN = EffectKind.DOCUMENTS_CHANGED, EffectKind.DOCUMENTS_WITHDRAWN
_customer = aliased(Account)


@dataclass(frozen=True, slots=True)
class _Version:
    kind: ConsentDocumentKind
    published_on: date
    added_at: datetime
    withdrawn_at: datetime | None
    told: dict[Language, ChangedDocument]

    def told_in(self, language: Language) -> ChangedDocument:
        """Give what it is called in a language, or in any."""
        return self.told.get(language) or next(iter(self.told.values()))


async def documents_changed(session: AsyncSession, span: Span, after: UUID) -> Found:
    """Find accounts that agreed to an earlier version than one that was added, or holds now.

    Each is told once of all that was added since: when it was added, and whoever came later on its
    first day.
    """
    versions = [*_versions(await _added(session, span))]
    if not versions:
        return Found([], None)
    columns = (_agreed(version.kind).label(version.kind) for version in versions)
    query: sa.Select[Any] = sa.select(_customer.id, _told_at(_CHANGED).label("told_at"), *columns)
    query = told_to_owner(query, _customer.id, span)
    rows = (await session.execute(page(query, _customer.id, after))).all()
    found = batch(rows, lambda row: _due(row, versions, span))
    return Found([due for due in found.due if due.mails], found.next_after)


async def documents_withdrawn(session: AsyncSession, span: Span, after: UUID) -> Found:
    """Find accounts that were told of a version which was withdrawn before its day."""
    versions = [*_by_version(await _withdrawn(session, span))]
    if not versions:
        return Found([], None)
    news = [_is_withdrawn_news(version) for version in versions]
    columns: list[Any] = [is_news.label(f"news_{place}") for place, is_news in enumerate(news)]
    query: sa.Select[Any] = sa.select(_customer.id, *columns).where(sa.or_(*news))
    query = told_to_owner(query, _customer.id, span)
    rows = (await session.execute(page(query, _customer.id, after))).all()
    return batch(rows, lambda row: _withdrawn_due(row, versions, span))


SOURCES: tuple[Find, ...] = (documents_changed, documents_withdrawn)


async def _added(session: AsyncSession, span: Span) -> Sequence[ConsentDocument]:
    """Give the documents of which somebody may have to be told now, the latest last."""
    row = ConsentDocument
    is_added = sa.and_(row.added_at > span.after_instant, row.added_at <= span.now)
    holds_now = sa.and_(row.published_on > span.after, row.published_on <= span.today)
    found = await session.scalars(
        sa.select(row)
        .where(row.added_at.is_not(None), row.withdrawn_at.is_(None), sa.or_(is_added, holds_now))
        .order_by(row.published_on, row.id)
    )
    return found.all()


async def _withdrawn(session: AsyncSession, span: Span) -> Sequence[ConsentDocument]:
    """Give the documents that were taken back since, the latest last."""
    row = ConsentDocument
    found = await session.scalars(
        sa.select(row)
        .where(row.withdrawn_at > span.after_instant, row.withdrawn_at <= span.now)
        .order_by(row.published_on, row.id)
    )
    return found.all()


def _versions(documents: Sequence[ConsentDocument]) -> Iterator[_Version]:
    """Give the latest version of each kind."""
    latest = {version.kind: version for version in _by_version(documents)}
    yield from latest.values()


def _by_version(documents: Sequence[ConsentDocument]) -> Iterator[_Version]:
    """Give the versions, each with what it is called in its languages."""
    versions: dict[tuple[ConsentDocumentKind, str], _Version] = {}
    for row in documents:
        if row.added_at is not None:
            new = _Version(row.kind, row.published_on, row.added_at, row.withdrawn_at, {})
            version = versions.setdefault((row.kind, row.version), new)
            version.told[row.language] = ChangedDocument(
                row.title, row.version, row.published_on, row.asks_agreement
            )
    yield from versions.values()


def _is_withdrawn_news(version: _Version) -> sa.ColumnElement[bool]:
    """Say whether an account was told of a version, and not yet that it does not come."""
    told = sa.exists().where(
        Effect.kind == _CHANGED,
        Effect.subject_id == _customer.id,
        Effect.caused_at.between(version.added_at, version.withdrawn_at),
    )
    return sa.and_(
        told.correlate(_customer),
        sa.func.coalesce(_told_at(_WITHDRAWN) < version.withdrawn_at, sa.true()),
    )


def _told_at(kind: EffectKind) -> sa.ScalarSelect[Any]:
    """Give when an account was told last."""
    return (
        sa.select(sa.func.max(Effect.caused_at))
        .where(Effect.kind == kind, Effect.subject_id == _customer.id)
        .correlate(_customer)
        .scalar_subquery()
    )


def _agreed(kind: ConsentDocumentKind) -> sa.ScalarSelect[Any]:
    """Give when the latest version of a kind was published that an account agreed to."""
    return (
        sa.select(sa.func.max(ConsentDocument.published_on))
        .join(Consent, Consent.consent_document_id == ConsentDocument.id)
        .where(
            Consent.account_id == _customer.id,
            ConsentDocument.kind == kind,
            ConsentDocument.withdrawn_at.is_(None),
        )
        .correlate(_customer)
        .scalar_subquery()
    )


def _due(row: sa.Row[Any], versions: Sequence[_Version], span: Span) -> Due:
    documents = tuple(_news(row, versions))
    content = DocumentsChanged(**about(row), documents=documents)
    mails = ((content, reader(row)),) if documents else ()
    return Due(_CHANGED, row.id, span.today, row.id, mails)


def _withdrawn_due(row: sa.Row[Any], versions: Sequence[_Version], span: Span) -> Due:
    documents = tuple(
        version.told_in(row.language)
        for place, version in enumerate(versions)
        if getattr(row, f"news_{place}")
    )
    content = DocumentsWithdrawn(**about(row), documents=documents)
    return Due(_WITHDRAWN, row.id, span.today, row.id, ((content, reader(row)),))


def _news(row: sa.Row[Any], versions: Sequence[_Version]) -> Iterator[ChangedDocument]:
    """Give what is new to an account: later than what it agreed to, and not told yet."""
    for version in versions:
        agreed = getattr(row, version.kind)
        is_told = row.told_at is not None and row.told_at >= version.added_at
        if not is_told and (agreed is None or agreed < version.published_on):
            yield version.told_in(row.language)
