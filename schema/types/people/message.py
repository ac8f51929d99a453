"""What an account was sent."""

from datetime import datetime
from typing import Any

import strawberry

from permissions.enums import described
from portal import models
from portal.models.message import MessageKind, MessageState
from portal.rules.form import email
from resolvers.listing import Condition
from schema.access import HISTORY_READERS, MEMBER_EDITORS
from schema.criteria import by, criteria
from schema.criterion import any_of, criterion, within
from schema.fields import column, of_model, own_id
from schema.types.node import Node

described(
    MessageKind,
    "What a mail is about.",
    REGISTRATION_CODE="The code that confirms a registration.",
    ALREADY_REGISTERED="That the e-mail address is registered already.",
    EMAIL_CONFIRMATION="The code that confirms an e-mail address.",
    PASSWORD_RESET_CODE="The code to set a new password.",  # noqa: S106  (a sentence)
    PASSWORD_CHANGED="That the password is another one now.",  # noqa: S106  (a sentence)
    INVITATION="An invitation to become a member.",
    MEMBER_REMOVED="That somebody can enter the account no more.",
    REQUEST_RECEIVED="To whoever asked: that the request waits for a manager.",
    REQUEST_ACCEPTED="To whoever asked: that a manager carried the request out.",
    REQUEST_DECLINED="To whoever asked: that a manager declined, and why.",
    APP_AUTHORIZED="That an app may act in the account.",
    APP_REVOKED="That an app may act no more.",
    ACCOUNT_DELETED="To the former owner: that it is gone, and what the law keeps.",
    PROFILE_DELETED="To a former person: that nothing of it is kept.",
    ERASURE_ANNOUNCED="To a person without an account: that it is erased, unless it logs in.",
    CANCELLATION_CONFIRMATION="What was cancelled, and its last day.",
    TARIFF_CHANGE_CONFIRMATION="To which tariff a module changes, and from which day.",
    CANCELLATION_WITHDRAWN="That a module runs on, although it had been cancelled.",
    ORDER_WITHDRAWN="That a module will not begin, although it had been ordered.",
    TARIFF_CHANGE_WITHDRAWN="That a module keeps its tariff, although another had been asked for.",
    ORDER_CONFIRMATION="What was ordered, from which day and under which tariff.",
    DEADLINE_REMINDER="That a deadline is near whose missing binds for a further term.",
    MODULE_BEGUN="That a module runs from this day on.",
    TARIFF_BEGUN="That another tariff applies from this day on.",
    MODULE_ENDED="That a module has run on its last day.",
    REQUEST_EXPIRED="To whoever asked: that nobody decided in time.",
    INVITATION_EXPIRED="To whoever invited: that nobody accepted in time.",
    ACCOUNT_MADE="To the owner: that the operator made the account.",
    DOCUMENT_ISSUED="An invoice or a credit note, with its files or a link to them.",
    DOCUMENTS_CHANGED="To the owner: that there are new versions of what was agreed to.",
    OPTION_CHANGED="To the owner: that an additional option was booked or ends, or no more.",
    SPECIAL_AGREEMENT_CHANGED="To the owner: what is agreed specially, or no more.",
    QUANTITY_CHANGED="How many of an item there are, and from which day on.",
    DOCUMENTS_WITHDRAWN="To the owner: that announced versions of documents do not come.",
    OFFER_EXPIRED="To managers: that an offer number can be used no more.",
    PRICE_CHANGE_ANNOUNCED="What a new version of a tariff changes, from when, and who may cancel.",
    PRICE_CHANGE_WITHDRAWN="That announced prices do not come.",
)
described(
    MessageState,
    "How far a mail has come.",
    QUEUED="It is on its way.",
    SENT="A mail server took it.",
    FAILED="It was given up.",
)


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
    criterion(
        "recipient",
        str,
        "Goes to exactly this e-mail address.",
        _to,
        access=MEMBER_EDITORS,
        reads=("Message.recipient",),
    ),
    orders=(by("created_at", "When it was written, the earliest first."),),
)
