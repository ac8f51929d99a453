"""Mails about orders, and about what is agreed to beside them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.language.phrase import Money, Phrase, Translated
from portal.mail.content import Content
from portal.mail.modules.content import AnnouncedPrice
from portal.models.message import MessageKind


@dataclass(frozen=True, slots=True)
class OrderConfirmation(Content):
    """Confirms an order at once; ``last_day`` is known where the contract ends by itself.

    ``monthly`` is without VAT, ``earliest_end`` the first possible last day; terms of zero length
    are none.

    ``received_at`` is shown in its own time zone, so hand it in the account's. Whether it
    ``has_copy`` says whether one is attached.
    """

    kind = MessageKind.ORDER_CONFIRMATION
    name: str
    account: str
    module: Translated
    tariff: Translated
    received_at: datetime
    first_day: date
    last_day: date | None
    monthly: Money
    coming: tuple[AnnouncedPrice, ...]
    initial_term: Phrase | None
    notice_period: Phrase | None
    earliest_end: date | None
    has_copy: bool


@dataclass(frozen=True, slots=True)
class OrderWithdrawn(Content):
    """Tells that an order was taken back before its first day."""

    kind = MessageKind.ORDER_WITHDRAWN
    name: str
    account: str
    module: Translated
    received_at: datetime
    first_day: date


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A version that holds from a day on, and whether it asks for agreement."""

    title: str
    version: str
    published_on: date
    asks_agreement: bool


@dataclass(frozen=True, slots=True)
class DocumentsChanged(Content):
    """Tells whoever agreed to documents of their new versions; some of them may ask."""

    kind = MessageKind.DOCUMENTS_CHANGED
    name: str
    account: str
    documents: tuple[ChangedDocument, ...]


@dataclass(frozen=True, slots=True)
class DocumentsWithdrawn(Content):
    """Tells whoever was told of new versions of documents that they do not come."""

    kind = MessageKind.DOCUMENTS_WITHDRAWN
    name: str
    account: str
    documents: tuple[ChangedDocument, ...]


class AgreementChange(StrEnum):
    """What the operator did about a special agreement."""

    MADE = "MADE"
    ENDED = "ENDED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class SpecialAgreementChanged(Content):
    """Tells what is agreed specially about an item, or a whole module, and until when."""

    kind = MessageKind.SPECIAL_AGREEMENT_CHANGED
    name: str
    account: str
    module: Translated
    item: Translated | None
    received_at: datetime
    change: AgreementChange
    terms: Phrase
    last_day: date | None
    comment: str | None
