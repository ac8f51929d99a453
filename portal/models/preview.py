"""Previews that were carried out."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base
from portal.models.erasure import kept
from portal.models.recording import History
from portal.models.wall import may, of_person


class UsedPreview(Base):
    """A preview whose token is good no more, until the token would have run out."""

    __tablename__ = "used_preview"
    wall = of_person(
        "viewer_id",
        app=may("SELECT, INSERT"),
        staff=may("SELECT, INSERT"),
        worker=may("SELECT, DELETE"),
    )
    # The portal keeps them for itself, for a while.
    history = History.NONE
    erasure = (kept(),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    viewer_id: Mapped[UUID] = mapped_column(sa.Uuid())
    valid_until: Mapped[datetime] = mapped_column(index=True)
