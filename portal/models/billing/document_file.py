"""The files that were made of documents."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.models.base import Base, OfAccount, one_of
from portal.models.erasure import kept
from portal.models.recording import History
from portal.models.wall import may, of_account
from portal.rules.billing.file_kind import DocumentFileKind


class DocumentFile(OfAccount, Base):
    """A file as it was made when somebody first needed it; from then on it stays.

    Whoever downloads makes it, so every serving role adds; ``renderer`` says by what it was made.
    """

    __tablename__ = "document_file"
    wall = of_account(adds=True, staff=may("SELECT, INSERT"), worker=may("SELECT, INSERT"))
    history: ClassVar[History] = History.NONE
    erasure = (kept("kind", "sha256", "size", "content", "renderer", "made_at"),)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.UniqueConstraint("document_id", "kind"),
            sa.ForeignKeyConstraint(
                ["account_id", "document_id"], ["document.account_id", "document.id"]
            ),
            sa.CheckConstraint("sha256 = sha256(content)", name="sha256_of_content"),
            sa.CheckConstraint("octet_length(content) = size", name="size_of_content"),
            one_of("kind", DocumentFileKind),
        )

    document_id: Mapped[UUID]
    kind: Mapped[DocumentFileKind]
    sha256: Mapped[bytes] = mapped_column(sa.LargeBinary())
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary(), deferred=True)
    renderer: Mapped[int]
    made_at: Mapped[datetime]
