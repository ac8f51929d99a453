"""Files that people are given, and the logo that is set on them."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.rules.billing.file_kind import DocumentFileKind

_LOGO = sa.text("SELECT content FROM public_file(:id)").bindparams(
    sa.bindparam("id", type_=sa.Uuid())
)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a document, under the name that it is saved by."""

    kind: DocumentFileKind
    name: str
    content: bytes
    sha256: bytes

    @property
    def media_type(self) -> str:
        """What it is, for whoever receives it."""
        return "application/pdf" if self.kind is DocumentFileKind.PDF else "application/xml"


async def logo_of(session: AsyncSession, id: str | None) -> bytes | None:
    """Read a logo of the operator's; None where there is none."""
    if id is None:
        return None
    content: bytes | None = await session.scalar(_LOGO, {"id": UUID(id)})
    return content
