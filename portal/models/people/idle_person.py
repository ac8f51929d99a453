"""People whom nobody needs any more, and who are erased in the end."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base
from portal.models.erasure import DeletedData, by_person, deleted
from portal.models.wall import closed


class IdlePerson(Base):
    """Somebody without any account: since when, or since the last login, and told when."""

    __tablename__ = "idle_person"
    wall = closed(
        functions=["announce_erasures", "erase_idle_people", "note_idle_people", "note_network"]
    )
    erasure = (deleted(DeletedData.LOGINS, whose=by_person("person_id")),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    since: Mapped[datetime]
    announced_at: Mapped[datetime | None]
