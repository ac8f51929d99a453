"""To whom documents are sent."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal import clock
from portal.models.base import Base, OfAccount, one_of
from portal.models.erasure import DeletedData, by_email, deleted, emptied, kept
from portal.models.recording import History
from portal.models.wall import may, of_account
from portal.rules.billing.delivery import DeliveryCause, DeliveryState
from portal.rules.contract.document_delivery import DocumentDeliveryMode


class Delivery(OfAccount, Base):
    """A document on its way to somebody, once for each cause: its issue, or each time it is asked.

    Written in the transaction that causes it, and worked off by the worker.
    """

    __tablename__ = "delivery"
    wall = of_account(
        adds=True,
        staff=may("SELECT, INSERT"),
        worker=may("SELECT, INSERT", update=["state", "sent_at"]),
    )
    history: ClassVar[History] = History.NONE
    erasure = (
        deleted(DeletedData.BILLING),
        emptied(DeletedData.BILLING, "recipient", whose=by_email("recipient")),
        kept("cause", "cause_id", "mode", "with_ubl", "state", "queued_at", "sent_at"),
    )

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.ForeignKeyConstraint(
                ["account_id", "document_id"], ["document.account_id", "document.id"]
            ),
            sa.CheckConstraint("(state = 'SENT') = (sent_at IS NOT NULL)", name="sent_at_known"),
            # Of whom was erased several may be left.
            sa.Index(
                "uq_delivery_once",
                *("document_id", "recipient", "cause_id"),
                unique=True,
                postgresql_where=sa.text("recipient <> ''"),
            ),
            sa.Index(
                "ix_delivery_queued", "queued_at", postgresql_where=sa.text("state = 'QUEUED'")
            ),
            one_of("cause", DeliveryCause),
            one_of("mode", DocumentDeliveryMode),
            one_of("state", DeliveryState),
        )

    document_id: Mapped[UUID] = mapped_column(index=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    cause: Mapped[DeliveryCause]
    # The document itself at its issue; else one that is new each time.
    cause_id: Mapped[UUID]
    mode: Mapped[DocumentDeliveryMode]
    with_ubl: Mapped[bool]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.QUEUED)
    # Whatever the portal's clock was moved to, the queue goes by the real time.
    queued_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
