"""How far the portal's clock is moved, in development."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base


class Clock(Base):
    """The one row there may be; without it the real time applies."""

    __tablename__ = "clock"
    __table_args__ = (sa.CheckConstraint("is_only", name="only_one"),)

    is_only: Mapped[bool] = mapped_column(primary_key=True, default=True)
    shift: Mapped[timedelta] = mapped_column(sa.Interval())
