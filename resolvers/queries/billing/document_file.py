"""Which files there are of documents, and the links by which they are downloaded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from permissions.viewing import Viewing
from portal.actions.billing.document_file import kinds_of
from portal.models import Contract, DocumentFile
from portal.rules.billing.file_kind import DocumentFileKind
from resolvers.context import Context

PATH = "/documents"
"""Where files are; which one, the link says, and only whoever asked for it is given it."""
LINK_LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Link:
    """A file, and where it is until when; its hash and size once it was made."""

    kind: DocumentFileKind
    url: str
    expires_at: datetime
    sha256: str | None
    size: int | None


async def links_of(context: Context, rows: Sequence[tuple[Any, ...]]) -> list[list[Link]]:
    """Answer for documents, each by its id and its payload."""
    ids = [id for id, _ in rows]
    made: Any = sa.select(
        DocumentFile.document_id, DocumentFile.kind, DocumentFile.sha256, DocumentFile.size
    ).where(DocumentFile.document_id.in_(ids))
    known = {
        (row.document_id, row.kind): (row.sha256.hex(), row.size)
        for row in await context.read(made)
    }
    return [list(_links(context, id, payload, known)) for id, payload in rows]


@dataclass(frozen=True, slots=True)
class PaperLink:
    """Where a contract on paper is, until when."""

    url: str
    expires_at: datetime


async def summaries_of(context: Context, rows: Sequence[tuple[Any, ...]]) -> list[PaperLink | None]:
    """Answer for accounts; None for one without a contract."""
    ids = [id for (id,) in rows]
    agreed: Any = sa.select(Contract.account_id).where(Contract.account_id.in_(ids))
    known = {row.account_id for row in await context.read(agreed)}
    return [_paper(context, id, "contract") if id in known else None for id in ids]


def copies_of(context: Context, rows: Sequence[tuple[Any, ...]]) -> list[PaperLink]:
    """Answer for copies of orders."""
    return [_paper(context, id, "copy") for (id,) in rows]


def hexadecimal(row: Any, _viewing: Viewing) -> sa.ColumnElement[str | None]:
    """Write the hash of a row in hexadecimal digits."""
    return sa.func.encode(row.sha256, "hex", type_=sa.Text())


def _paper(context: Context, id: UUID, what: str) -> PaperLink:
    return PaperLink(_url(context, {"is": what, "id": str(id)}), _expires_at(context))


def _expires_at(context: Context) -> datetime:
    # Whatever the portal's clock was moved to, links go by the real time.
    return context.received_at + LINK_LIFE


def _url(context: Context, says: Mapping[str, Any]) -> str:
    """Give a link that holds for the session at hand."""
    session = (context.viewer.token_hash or b"").hex()
    return f"{PATH}?key={context.installation.seal.hide({**says, 'session': session})}"


def _links(
    context: Context,
    id: UUID,
    payload: Mapping[str, Any],
    known: Mapping[tuple[UUID, DocumentFileKind], tuple[str, int]],
) -> Iterator[Link]:
    for kind in kinds_of(payload):
        url = _url(context, {"is": "document", "id": str(id), "kind": kind})
        sha256, size = known.get((id, kind), (None, None))
        yield Link(kind, url, _expires_at(context), sha256, size)
