"""Which effects of time are caused already, so that none comes twice and none is left out."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.database.addresses import WORKER
from portal.models.base import Base, Identified, one_of
from portal.models.erasure import DeletedData, deleted, kept
from portal.models.wall import EVERYTHING, closed


class EffectKind(StrEnum):
    """What a day causes."""

    DEADLINE_NEAR = "DEADLINE_NEAR"
    MODULE_BEGUN = "MODULE_BEGUN"
    TARIFF_BEGUN = "TARIFF_BEGUN"
    MODULE_ENDED = "MODULE_ENDED"
    REQUEST_EXPIRED = "REQUEST_EXPIRED"
    INVITATION_EXPIRED = "INVITATION_EXPIRED"
    OFFER_EXPIRED = "OFFER_EXPIRED"
    DOCUMENTS_CHANGED = "DOCUMENTS_CHANGED"
    DOCUMENTS_WITHDRAWN = "DOCUMENTS_WITHDRAWN"


class Effect(Identified, Base):
    """An effect that was caused, in the transaction of its mails; an offer's is of no account.

    ``subject_id`` is the row that it is about, ``day`` the one that it tells of.
    """

    __tablename__ = "effect"
    wall = closed(writers={WORKER: EVERYTHING})
    erasure = (deleted(DeletedData.MESSAGES),)
    __table_args__ = (
        sa.UniqueConstraint("kind", "subject_id", "day"),
        one_of("kind", EffectKind),
    )

    account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    kind: Mapped[EffectKind]
    subject_id: Mapped[UUID]
    day: Mapped[date]
    caused_at: Mapped[datetime]


class EffectWatermark(Base):
    """The last day whose effects are caused, where clocks show one time."""

    __tablename__ = "effect_watermark"
    wall = closed(writers={WORKER: EVERYTHING})
    erasure = (kept(),)

    time_zone: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    day: Mapped[date]
