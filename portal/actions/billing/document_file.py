"""The files of documents: made when somebody first needs one, and kept."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal.actions.printed_file import File, logo_of
from portal.models import Document, DocumentFile
from portal.printing.cii import cii
from portal.printing.einvoice import problems_of_cii, problems_of_ubl
from portal.printing.pdf import RENDERER, pdf
from portal.printing.ubl import ubl
from portal.rules.billing.file_kind import DocumentFileKind


def kinds_of(says: Mapping[str, Any]) -> list[DocumentFileKind]:
    """Give which files there are of a document; XML where nothing is missing for it."""
    kinds = [DocumentFileKind.PDF]
    if not problems_of_ubl(says):
        kinds.append(DocumentFileKind.UBL)
    if not problems_of_cii(says):
        kinds.append(DocumentFileKind.CII)
    return kinds


async def file_of(
    session: AsyncSession, document: Document, kind: DocumentFileKind, now: datetime
) -> File | None:
    """Give a file of a document, which the first to ask makes; None where there is none."""
    if kind not in kinds_of(document.payload):
        return None
    content = await session.scalar(
        sa.select(DocumentFile.content).where(
            DocumentFile.account_id == document.account_id,
            DocumentFile.document_id == document.id,
            DocumentFile.kind == kind,
        )
    )
    if content is None:
        content = await _made(session, document.payload, kind)
        await _keep(session, document, kind, content, now)
    suffix = "pdf" if kind is DocumentFileKind.PDF else f"{kind.lower()}.xml"
    return File(kind, f"{document.number}.{suffix}", content, sha256(content).digest())


async def _made(session: AsyncSession, says: Mapping[str, Any], kind: DocumentFileKind) -> bytes:
    if kind is DocumentFileKind.UBL:
        return ubl(says)
    if kind is DocumentFileKind.CII:
        return cii(says)
    logo = await logo_of(session, says["seller"]["logoId"])
    return await asyncio.to_thread(pdf, says, logo)


async def _keep(
    session: AsyncSession,
    document: Document,
    kind: DocumentFileKind,
    content: bytes,
    now: datetime,
) -> None:
    """Keep it; who was slower has made the same bytes."""
    row = insert(DocumentFile).values(
        id=uuid7(),
        account_id=document.account_id,
        document_id=document.id,
        kind=kind,
        sha256=sha256(content).digest(),
        size=len(content),
        content=content,
        renderer=RENDERER,
        made_at=now,
    )
    await session.execute(row.on_conflict_do_nothing())
