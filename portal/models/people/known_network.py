"""From where people have logged in, so that nobody's guessing elsewhere holds them up."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base
from portal.models.erasure import DeletedData, by_person, deleted
from portal.models.wall import closed


class KnownNetwork(Base):
    """A network from which a person has logged in within 90 days.

    It is named by a hash that takes the portal's secret and differs from person to person.
    """

    __tablename__ = "known_network"
    wall = closed(functions=["count_attempt", "delete_spent", "note_network"])
    erasure = (deleted(DeletedData.LOGINS, whose=by_person("person_id")),)
    __table_args__ = (sa.CheckConstraint("octet_length(network) = 32", name="network_sha256"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    network: Mapped[bytes] = mapped_column(sa.LargeBinary(), primary_key=True)
    last_at: Mapped[datetime] = mapped_column(index=True)
