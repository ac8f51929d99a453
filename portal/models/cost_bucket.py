"""How much a caller has asked of late, over all processes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base
from portal.models.erasure import kept
from portal.models.wall import closed


class CostBucket(Base):
    """The level of one caller's leaky bucket at an instant; the caller is named by a hash.

    Unlogged: after a crash every bucket is empty, which harms nobody.
    """

    __tablename__ = "cost_bucket"
    wall = closed(functions=["lease_cost"])
    erasure = (kept(),)
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    caller: Mapped[bytes] = mapped_column(sa.LargeBinary(), primary_key=True)
    level: Mapped[float] = mapped_column(sa.Double())
    at: Mapped[datetime] = mapped_column(index=True)
