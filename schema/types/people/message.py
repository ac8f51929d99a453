"""What an account was sent."""

from datetime import datetime

import strawberry

from portal import models
from portal.models.message import MessageKind, MessageState
from schema.access import HISTORY_READERS, MEMBER_EDITORS
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
