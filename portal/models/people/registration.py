"""What somebody who registers has sent, until a code from the mail confirms it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Identified, one_of
from portal.models.erasure import DeletedData, by_email, deleted
from portal.models.wall import closed
from portal.rules.form import email
from portal.viewer import Language


class Registration(Identified, Base):
    """An account to be; for an address that somebody has, one whose code was sent to nobody."""

    __tablename__ = "registration"
    wall = closed(
        functions=["delete_spent", "finish_registration", "start_registration", "take_registration"]
    )
    erasure = (deleted(DeletedData.LOGINS, whose=by_email("email")),)
    __table_args__ = (
        sa.CheckConstraint("octet_length(code_hash) = 32", name="code_hash_sha256"),
        one_of("language", Language),
    )

    email: Mapped[str] = mapped_column(sa.String(254), index=True, info={"form": email})
    person_name: Mapped[str] = mapped_column(sa.String(200))
    account_name: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[Language]
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    consent_document_ids: Mapped[list[UUID]] = mapped_column(sa.ARRAY(sa.Uuid()))
    code_hash: Mapped[bytes] = mapped_column(sa.LargeBinary())
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
