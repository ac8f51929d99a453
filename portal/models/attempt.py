"""How often something was tried, so that guessing gets slower."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base


class Attempt(Base):
    """The attempts at one thing, such as logging in with one e-mail address; named by a hash."""

    __tablename__ = "attempt"

    subject: Mapped[bytes] = mapped_column(sa.LargeBinary(), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    next_at: Mapped[datetime]
