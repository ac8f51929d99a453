"""How documents reach a customer."""

from dataclasses import dataclass
from enum import StrEnum


class DocumentDeliveryMode(StrEnum):
    """How a document reaches its recipients."""

    ATTACHMENT = "ATTACHMENT"
    LINK = "LINK"


@dataclass(frozen=True, slots=True)
class DocumentDelivery:
    """E-mail addresses that documents go to, as an attachment or as a download link."""

    recipients: list[str]
    mode: DocumentDeliveryMode
