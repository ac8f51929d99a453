"""What a change issues, read back in its transaction: the same for a preview and for the change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.shown import AS_A_WHOLE
from portal.models import Document, DocumentLine, DocumentVat

_THIS_TRANSACTION = sa.literal_column("pg_current_xact_id()::text::bigint", sa.BigInteger())


@dataclass(frozen=True, slots=True)
class Shown:
    """The documents that are issued, without their numbers."""

    documents: tuple[Any, ...] = field(metadata=AS_A_WHOLE)

    def promised(self, token: str, valid_until: datetime) -> "Preview":
        """Give the preview of it."""
        return Preview(self.documents, token=token, valid_until=valid_until)


@dataclass(frozen=True, slots=True)
class Preview(Shown):
    """What was shown, and the token by which it is issued as shown."""

    token: str = field(kw_only=True)
    valid_until: datetime = field(kw_only=True)


async def issued_here(
    session: AsyncSession,
) -> list[tuple[Document, Sequence[DocumentLine], Sequence[DocumentVat]]]:
    """Give what this transaction has issued so far, in order."""
    documents = await session.scalars(
        sa.select(Document)
        .where(Document.xact == _THIS_TRANSACTION)
        .order_by(Document.series, Document.series_number)
    )
    return [
        (
            document,
            await _parts(session, DocumentLine, document),
            await _parts(session, DocumentVat, document),
        )
        for document in documents.all()
    ]


async def _parts(session: AsyncSession, model: Any, document: Document) -> Any:
    parts = sa.select(model).where(model.document_id == document.id).order_by(model.position)
    return (await session.scalars(parts)).all()
