"""The ways out: to an SMTP server, or into a folder where nobody set one up."""

from email.message import EmailMessage
from typing import Protocol


class NotDelivered(Exception):
    """A mail was not taken; ``final`` when trying again would not help."""

    def __init__(self, reason: str, *, final: bool) -> None:
        super().__init__(reason)
        self.final = final


class Transport(Protocol):
    """Takes responsibility for a mail, or raises ``NotDelivered``."""

    async def deliver(self, mail: EmailMessage) -> None:
        """Hand a mail over; it names its sender and its one recipient."""
