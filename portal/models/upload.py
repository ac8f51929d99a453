"""Files that managers send, to be named by a mutation."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Identified, one_of
from portal.models.erasure import kept
from portal.models.recording import History
from portal.models.wall import may, staff_only
from portal.rules.file_kind import FileKind
from portal.viewer import Role


class Upload(Identified, Base):
    """A file; ``hash`` is its SHA-256. It goes after a day, unless it is ``used_at`` some instant.

    Nothing in it changes, so whatever uses it may refer to it.
    """

    __tablename__ = "upload"
    wall = staff_only(
        Role.MANAGER,
        staff=may("SELECT, INSERT, DELETE", update=["used_at"]),
        worker=may("SELECT, DELETE"),
    )
    # What is made of it is told by the history.
    history = History.NONE
    erasure = (kept(),)
    __table_args__ = (
        one_of("kind", FileKind),
        sa.CheckConstraint("octet_length(hash) = 32", name="hash_is_sha256"),
        sa.CheckConstraint("octet_length(content) = size", name="size_of_content"),
    )

    kind: Mapped[FileKind]
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary())
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary(), deferred=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
