"""The wish for a new password, until a code from the mail proves who has it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Identified
from portal.models.erasure import DeletedData, by_person, deleted
from portal.models.wall import closed


class PasswordReset(Identified, Base):
    """A code for one new password; without a person when nobody has the address."""

    __tablename__ = "password_reset"
    wall = closed(
        functions=[
            "change_password",
            "count_attempt",
            "delete_spent",
            "end_sessions",
            "finish_password_reset",
            "start_password_reset",
            "take_password_reset",
        ]
    )
    erasure = (deleted(DeletedData.LOGINS, whose=by_person("person_id")),)
    __table_args__ = (sa.CheckConstraint("octet_length(code_hash) = 32", name="code_hash_sha256"),)

    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(sa.LargeBinary())
    expires_at: Mapped[datetime] = mapped_column(index=True)
