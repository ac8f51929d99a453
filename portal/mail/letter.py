"""A row of the outbox as a message of RFC 5322, the same each time it is made."""

from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol

from email_validator import validate_email

from portal.models import Outbox


class Attachment(Protocol):
    """A file under its name."""

    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def content(self) -> bytes: ...


def letter(mail: Outbox, sender: Address, files: Iterable[Attachment] = ()) -> EmailMessage:
    """Write the message of a row, with files; raises ValueError for what no header may hold.

    The Message-ID comes from the row, so that a server or a reader recognises a repeat.
    """
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{mail.id}@{sender.domain}>"
    message["Date"] = format_datetime(mail.created_at)
    message["From"] = Address(
        mail.sender_name or sender.display_name, username=sender.username, domain=sender.domain
    )
    message["To"] = safe_address(mail.recipient)
    message["Subject"] = mail.subject
    # No out-of-office note answers it (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for file in files:
        main, _, sub = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    # Set earlier it would move into the first part.
    message["Content-Language"] = mail.language.lower()
    return message


def safe_address(address: str) -> Address:
    """Give an address as SMTP has it: a domain of other alphabets in its ASCII form."""
    checked = validate_email(address, check_deliverability=False)
    return Address(username=checked.local_part, domain=checked.ascii_domain)
