"""Mails as files that every mail program opens, for a portal without an SMTP server."""

import os
from email.message import EmailMessage
from pathlib import Path

from portal.mail.transport import NotDelivered


class MailFolder:
    """A folder with one ``.eml`` file for each mail; they hold codes, so only we may enter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, mail: EmailMessage) -> None:
        """Write the file whole or not at all; written again it is the same file."""
        try:
            self._write(mail["Message-ID"].strip("<>").partition("@")[0], mail.as_bytes())
        except OSError as fault:
            raise NotDelivered(str(fault), final=False) from fault

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        staging = self._folder / f".{name}.new"
        staging.unlink(missing_ok=True)
        with os.fdopen(os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        staging.rename(self._folder / f"{name}.eml")
