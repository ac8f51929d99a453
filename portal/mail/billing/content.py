"""Mails with documents."""

from dataclasses import dataclass
from datetime import date

from portal.language.phrase import Money
from portal.mail.content import Content
from portal.models.message import MessageKind


@dataclass(frozen=True, slots=True)
class DocumentIssued(Content):
    """Brings an invoice, or a credit note, which has no due day; of a test account it says so.

    The files are attached, or found at the ``link``; where none is known, after logging in.
    """

    kind = MessageKind.DOCUMENT_ISSUED
    number: str
    issued_on: date
    due_on: date | None
    gross: Money
    is_test: bool
    is_attached: bool
    link: str | None
