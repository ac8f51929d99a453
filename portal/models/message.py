"""What was sent to whom, and the mail itself while it is on its way."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.database.addresses import APP, LOGIN, STAFF, WORKER
from portal.models.base import Base, Identified, OfAccount, one_of
from portal.models.erasure import DeletedData, by_email, deleted, emptied, kept
from portal.models.recording import History
from portal.models.wall import EVERYTHING, OWN_ROWS, Policy, closed, may, of_account
from portal.viewer import Language


class MessageKind(StrEnum):
    """What a message is about."""

    REGISTRATION_CODE = "REGISTRATION_CODE"
    ALREADY_REGISTERED = "ALREADY_REGISTERED"
    EMAIL_CONFIRMATION = "EMAIL_CONFIRMATION"
    PASSWORD_RESET_CODE = "PASSWORD_RESET_CODE"  # noqa: S105 (a kind of mail)
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 (a kind of mail)
    INVITATION = "INVITATION"
    MEMBER_REMOVED = "MEMBER_REMOVED"
    REQUEST_RECEIVED = "REQUEST_RECEIVED"
    REQUEST_ACCEPTED = "REQUEST_ACCEPTED"
    REQUEST_DECLINED = "REQUEST_DECLINED"
    APP_AUTHORIZED = "APP_AUTHORIZED"
    APP_REVOKED = "APP_REVOKED"
    ACCOUNT_DELETED = "ACCOUNT_DELETED"
    PROFILE_DELETED = "PROFILE_DELETED"
    ERASURE_ANNOUNCED = "ERASURE_ANNOUNCED"
    CANCELLATION_CONFIRMATION = "CANCELLATION_CONFIRMATION"
    ORDER_CONFIRMATION = "ORDER_CONFIRMATION"
    TARIFF_CHANGE_CONFIRMATION = "TARIFF_CHANGE_CONFIRMATION"
    CANCELLATION_WITHDRAWN = "CANCELLATION_WITHDRAWN"
    ORDER_WITHDRAWN = "ORDER_WITHDRAWN"
    TARIFF_CHANGE_WITHDRAWN = "TARIFF_CHANGE_WITHDRAWN"
    DEADLINE_REMINDER = "DEADLINE_REMINDER"
    MODULE_BEGUN = "MODULE_BEGUN"
    TARIFF_BEGUN = "TARIFF_BEGUN"
    MODULE_ENDED = "MODULE_ENDED"
    REQUEST_EXPIRED = "REQUEST_EXPIRED"
    INVITATION_EXPIRED = "INVITATION_EXPIRED"
    OFFER_EXPIRED = "OFFER_EXPIRED"
    PRICE_CHANGE_ANNOUNCED = "PRICE_CHANGE_ANNOUNCED"
    PRICE_CHANGE_WITHDRAWN = "PRICE_CHANGE_WITHDRAWN"
    DOCUMENTS_CHANGED = "DOCUMENTS_CHANGED"
    ACCOUNT_MADE = "ACCOUNT_MADE"
    OPTION_CHANGED = "OPTION_CHANGED"
    SPECIAL_AGREEMENT_CHANGED = "SPECIAL_AGREEMENT_CHANGED"
    QUANTITY_CHANGED = "QUANTITY_CHANGED"
    DOCUMENTS_WITHDRAWN = "DOCUMENTS_WITHDRAWN"
    DOCUMENT_ISSUED = "DOCUMENT_ISSUED"


class MessageState(StrEnum):
    """How far a message has come."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"


class Message(OfAccount, Base):
    """What an account was sent: an entry of its message history, without what the mail said."""

    __tablename__ = "message"
    wall = of_account(adds=True, worker=may("SELECT, INSERT", update=["state", "sent_at"]))
    erasure = (
        deleted(DeletedData.MESSAGES),
        emptied(DeletedData.MESSAGES, "recipient", whose=by_email("recipient")),
        kept("kind", "subject", "state", "created_at", "sent_at"),
    )

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.CheckConstraint("(state = 'SENT') = (sent_at IS NOT NULL)", name="sent_at_known"),
            sa.Index("ix_message_account_id_created_at_id", "account_id", "created_at", "id"),
            one_of("kind", MessageKind),
            one_of("state", MessageState),
        )

    kind: Mapped[MessageKind]
    recipient: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(500))
    state: Mapped[MessageState] = mapped_column(default=MessageState.QUEUED)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Outbox(Identified, Base):
    """A mail on its way; once it is sent or given up, nothing of it is left here but its course.

    The serving roles write it and cannot read it: it holds codes.
    """

    __tablename__ = "outbox"
    # It goes with what is sent, which the messages of the account tell of.
    history = History.NONE
    wall = closed(
        writers={
            APP: may("INSERT"),
            STAFF: may("INSERT"),
            LOGIN: may("INSERT"),
            WORKER: EVERYTHING,
        },
        policies=(
            Policy("app_rows", APP, "INSERT", check=f"account_id IS NULL OR {OWN_ROWS}"),
            Policy("login_rows", LOGIN, "INSERT", check="account_id IS NULL"),
        ),
    )
    erasure = (deleted(DeletedData.MESSAGES),)
    __table_args__ = (
        # Without the message the mail still goes out, so both columns are emptied together.
        sa.ForeignKeyConstraint(
            ["account_id", "message_id"],
            ["message.account_id", "message.id"],
            name="fk_outbox_message",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "delivery_id"],
            ["delivery.account_id", "delivery.id"],
            name="fk_outbox_delivery",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "contract_copy_id"],
            ["contract_copy.account_id", "contract_copy.id"],
            name="fk_outbox_contract_copy",
        ),
        sa.CheckConstraint(
            "(account_id IS NULL) = (message_id IS NULL)", name="message_of_account"
        ),
        sa.CheckConstraint(
            "delivery_id IS NULL OR account_id IS NOT NULL", name="delivery_of_account"
        ),
        sa.CheckConstraint(
            "contract_copy_id IS NULL OR account_id IS NOT NULL", name="contract_copy_of_account"
        ),
        sa.CheckConstraint(
            "state = 'QUEUED' OR recipient = '' AND subject = '' AND text = '' AND html = ''",
            name="emptied_when_done",
        ),
        sa.CheckConstraint("attempts >= 0", name="attempts_positive"),
        sa.Index(
            "ix_outbox_queued", "next_attempt_at", postgresql_where=sa.text("state = 'QUEUED'")
        ),
        sa.Index("ix_outbox_delivery", "delivery_id"),
        sa.Index("ix_outbox_contract_copy", "contract_copy_id"),
        sa.Index("ix_outbox_message", "account_id", "message_id"),
        one_of("language", Language),
        one_of("state", MessageState),
    )

    recipient: Mapped[str] = mapped_column(sa.String(254))
    language: Mapped[Language]
    # What the operator was called then; None while nobody has said so.
    sender_name: Mapped[str | None] = mapped_column(sa.String(200))
    subject: Mapped[str] = mapped_column(sa.String(500))
    text: Mapped[str] = mapped_column(sa.Text())
    html: Mapped[str] = mapped_column(sa.Text())
    account_id: Mapped[UUID | None]
    message_id: Mapped[UUID | None]
    # Whose files it carries.
    delivery_id: Mapped[UUID | None]
    contract_copy_id: Mapped[UUID | None]
    state: Mapped[MessageState] = mapped_column(default=MessageState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    last_error: Mapped[str | None] = mapped_column(sa.String(500))
    created_at: Mapped[datetime]
