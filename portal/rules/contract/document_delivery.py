"""How documents reach a customer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from portal.errors import InvalidInput


class DocumentDeliveryMode(StrEnum):
    """How a document reaches its recipients."""

    ATTACHMENT = "ATTACHMENT"
    LINK = "LINK"


@dataclass(frozen=True, slots=True)
class DocumentDelivery:
    """E-mail addresses that documents go to, as an attachment or as a download link."""

    recipients: list[str]
    mode: DocumentDeliveryMode

    def in_form(self) -> Self:
        """Give it as it is; documents have to reach somebody."""
        if not self.recipients:
            raise InvalidInput("Must not be empty.", path=["recipients"])
        return self
