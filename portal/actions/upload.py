"""Taking files in, and using them."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer
from uuid_utils.compat import uuid7

from portal.errors import InvalidInput, NotFound
from portal.models import Upload
from portal.rules.file_kind import FileKind, kind_of, listed, text_of

_PATH = ("input", "uploadId")


def uploaded(content: bytes, now: datetime) -> Upload:
    """Give the row of a file that came in; InvalidInput for a file of no kind that is taken."""
    kind = kind_of(content)
    if kind is None:
        raise InvalidInput(
            "This is none of the files that are taken, or not a whole one: {kinds}. A CSV is text"
            " in UTF-8.",
            path=["file"],
            kinds=listed(FileKind),
        )
    return Upload(
        id=uuid7(),
        kind=kind,
        hash=sha256(content).digest(),
        size=len(content),
        content=content,
        created_at=now,
    )


async def taken(
    session: AsyncSession,
    upload_id: UUID | None,
    kinds: Collection[FileKind],
    now: datetime,
    path: tuple[str, ...] = _PATH,
) -> Upload:
    """Give an upload for good: what refers to it keeps it.

    Raises ``NotFound`` where there is none, or none any more, and ``InvalidInput`` where it is of
    another kind, each with the path of the argument that named it.
    """
    upload = await _found(session, upload_id, kinds, path)
    upload.used_at = now
    return upload


async def text_once(
    session: AsyncSession, upload_id: UUID | None, path: tuple[str, ...] = _PATH
) -> str:
    """Give the text of a CSV, which is gone once the transaction commits; see ``taken``."""
    upload = await _found(session, upload_id, [FileKind.CSV], path)
    text = text_of(upload.content)
    await session.delete(upload)
    return text


async def _found(
    session: AsyncSession,
    upload_id: UUID | None,
    kinds: Collection[FileKind],
    path: tuple[str, ...],
) -> Upload:
    upload = await session.scalar(
        sa.select(Upload)
        .where(Upload.id == upload_id)
        .options(undefer(Upload.content))
        .with_for_update()
    )
    if upload is None:
        raise NotFound("There is no such file, or not any more. Send it again.", path=path)
    if upload.kind not in kinds:
        raise InvalidInput(
            "This file is of the kind {kind}; it must be one of these: {kinds}.",
            path=path,
            kind=upload.kind.value,
            kinds=listed(kinds),
        )
    return upload
