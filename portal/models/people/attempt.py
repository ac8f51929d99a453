"""How often something was tried or done, so that guessing gets slower and mail stays rare."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base
from portal.models.erasure import kept
from portal.models.wall import closed


class Attempt(Base):
    """The attempts at one thing from one network, such as logging in; named by a keyed hash."""

    __tablename__ = "attempt"
    wall = closed(
        functions=["count_attempt", "forget_attempts", "take_back_attempt", "delete_spent"]
    )
    erasure = (kept(),)

    subject: Mapped[bytes] = mapped_column(sa.LargeBinary(), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    next_at: Mapped[datetime]


class RateEvent(Base):
    """An entry of a sliding-window log; what is counted, and each item, is a keyed hash.

    An item counts once in its window: what is to count each time has an item of its own.
    """

    __tablename__ = "rate_event"
    wall = closed(functions=["count_events", "forget_attempts", "delete_spent"])
    erasure = (kept(),)

    counter: Mapped[bytes] = mapped_column(sa.LargeBinary(), primary_key=True)
    item: Mapped[bytes] = mapped_column(sa.LargeBinary(), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
