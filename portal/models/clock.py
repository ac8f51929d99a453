"""How far the portal's clock is moved, in development."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base
from portal.models.erasure import kept
from portal.models.recording import History
from portal.models.wall import READING, shared


class Clock(Base):
    """The one row there may be; without it the real time applies."""

    __tablename__ = "clock"
    wall = shared(login=READING)
    # It stands still, but in development.
    history = History.NONE
    erasure = (kept(),)
    __table_args__ = (sa.CheckConstraint("is_only", name="only_one"),)

    is_only: Mapped[bool] = mapped_column(primary_key=True, default=True)
    shift: Mapped[timedelta] = mapped_column(sa.Interval())
