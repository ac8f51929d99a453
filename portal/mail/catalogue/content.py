"""Mails to staff about what is offered."""

from dataclasses import dataclass
from datetime import date

from portal.language.phrase import Translated
from portal.mail.content import Content
from portal.models.message import MessageKind


@dataclass(frozen=True, slots=True)
class OfferExpired(Content):
    """Tells a manager that an offer number can be used no more, and how often it was."""

    kind = MessageKind.OFFER_EXPIRED
    name: str
    module: Translated
    tariff: Translated
    offer_number: str
    uses: int
    until: date
