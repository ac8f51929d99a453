"""A real SMTP server in a thread of its own, and what it took."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from socket import create_server
from threading import Condition, Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

LOGIN = ("portal", "mail-secret-1")
PATIENCE = 30


class Mailbox:
    """What the server took; it refuses as often as ``refusals`` says, and waits at a shut gate."""

    def __init__(self) -> None:
        self.port = 0
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refusals: list[str] = []
        self.asked = Event()
        self.gate = Event()
        self.gate.set()
        self._arrival = Condition()

    @property
    def url(self) -> str:
        """The address without encryption."""
        return f"smtp://127.0.0.1:{self.port}?encryption=none"

    def wait_for(self, number: int) -> None:
        """Wait until so many mails were taken."""
        with self._arrival:
            assert self._arrival.wait_for(lambda: len(self.mails) >= number, PATIENCE)

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        self.asked.set()
        await asyncio.to_thread(self.gate.wait, PATIENCE)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert envelope.content is not None
        with self._arrival:
            self.recipients += envelope.rcpt_tos
            self.mails.append(message_from_bytes(bytes(envelope.content), policy=default))
            self._arrival.notify_all()
        return "250 OK"


def authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
) -> AuthResult:
    """Let our one user in."""
    good = (given.login.decode(), given.password.decode()) == LOGIN
    return AuthResult(success=good, handled=good)


@contextmanager
def mailbox(
    context: ssl.SSLContext | None = None, *, at_once: bool = False, every_alphabet: bool = True
) -> Iterator[Mailbox]:
    """Run a server; with a context it asks for TLS (``at_once`` or by STARTTLS) and a login."""
    box = Mailbox()
    with create_server(("127.0.0.1", 0)) as free:
        box.port = free.getsockname()[1]
    options: dict[str, Any] = {"enable_SMTPUTF8": every_alphabet}
    if context:
        options |= {"authenticator": authenticate, "auth_required": True}
        options |= (
            {"ssl_context": context, "auth_require_tls": False}
            if at_once
            else {"tls_context": context, "require_starttls": True}
        )
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        box.gate.set()
        controller.stop()
