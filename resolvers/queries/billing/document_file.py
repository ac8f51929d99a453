"""Which files there are of documents, and the links by which they are downloaded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.actions.billing.document_file import kinds_of
from portal.models import DocumentFile
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


def _links(
    context: Context,
    id: UUID,
    payload: Mapping[str, Any],
    known: Mapping[tuple[UUID, DocumentFileKind], tuple[str, int]],
) -> Iterator[Link]:
    # Whatever the portal's clock was moved to, links go by the real time.
    expires_at = context.received_at + LINK_LIFE
    session = (context.viewer.token_hash or b"").hex()
    for kind in kinds_of(payload):
        says = {"is": "document", "id": str(id), "kind": kind, "session": session}
        sha256, size = known.get((id, kind), (None, None))
        yield Link(
            kind, f"{PATH}?key={context.installation.seal.hide(says)}", expires_at, sha256, size
        )
