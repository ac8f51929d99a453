"""What an account was sent."""

from datetime import datetime
from typing import Any

import strawberry

from portal import models
from portal.models.message import MessageKind, MessageState
from portal.rules.form import email
from resolvers.listing import Condition
from schema.access import HISTORY_READERS, MEMBER_EDITORS
from schema.criteria import any_of, by, criteria, member, within
from schema.fields import column, of_model, own_id
from schema.types.node import Node


@of_model(models.Message, description="A mail that went out for an account.")
class Message(Node):
    """An entry of the message history; what the mail said is kept nowhere."""

    id: strawberry.ID = own_id()
    kind: MessageKind | None = column(HISTORY_READERS, description="What it is about.")
    state: MessageState | None = column(HISTORY_READERS, description="How far it has come.")
    recipient: str | None = column(
        MEMBER_EDITORS, description="The e-mail address it goes to; it may be of an invited person."
    )
    subject: str | None = column(MEMBER_EDITORS, description="Its subject, as the mail had it.")
    created_at: datetime | None = column(HISTORY_READERS, description="When it was written.")
    sent_at: datetime | None = column(
        HISTORY_READERS, description="When a mail server took it; null until then."
    )


def _is_to(message: Any, _viewing: Any, wanted: Any) -> Any:
    return message.recipient == wanted


def _to(given: str, _filter: Any) -> Condition:
    return Condition(_is_to, values=(email(given),))


MESSAGES = criteria(
    Message,
    "messages",
    any_of("kind", "Is about exactly this."),
    any_of("state", "Has come exactly this far."),
    within("created_at"),
    member(
        "recipient",
        str,
        "Goes to exactly this e-mail address.",
        _to,
        access=MEMBER_EDITORS,
        reads=("Message.recipient",),
    ),
    orders=(by("created_at", "When it was written, the earliest first."),),
)
