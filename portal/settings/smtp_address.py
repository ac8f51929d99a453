"""Where mails go out, and from whom: what an SMTP server wants to know."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from enum import StrEnum
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

_SCHEMES = ("smtp", "smtps")


class Encryption(StrEnum):
    """How a connection becomes a secret."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_PORTS = {Encryption.STARTTLS: 587, Encryption.TLS: 465, Encryption.NONE: 25}


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """An SMTP server, and our login there."""

    host: str
    port: int
    encryption: Encryption
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, text: str) -> Self:
        """Read ``smtp://user:password@host:587``; raises ValueError for anything else.

        ``smtp`` is upgraded by STARTTLS, ``smtps`` is TLS from the start;
        ``?encryption=none`` is for a server that needs no login.
        """
        url = urlsplit(text)
        if url.scheme not in _SCHEMES or not url.hostname or url.path.strip("/") or url.fragment:
            raise ValueError
        encryption = _encryption(url)
        if (url.username is None) != (url.password is None):
            raise ValueError
        if encryption is Encryption.NONE and url.username is not None:
            raise ValueError
        return cls(
            host=url.hostname,
            port=url.port or _PORTS[encryption],
            encryption=encryption,
            user=None if url.username is None else unquote(url.username),
            password=None if url.password is None else unquote(url.password),
        )


def _encryption(url: SplitResult) -> Encryption:
    if not url.query:
        return Encryption.TLS if url.scheme == "smtps" else Encryption.STARTTLS
    if (url.scheme, url.query) == ("smtp", "encryption=none"):
        return Encryption.NONE
    raise ValueError


def sender_of(text: str) -> Address:
    """Read ``Portal <portal@operator.example>``; raises ValueError for what SMTP cannot have."""
    if not text.isprintable():
        raise ValueError
    name, address = parseaddr(text)
    try:
        checked = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        raise ValueError from None
    if checked.ascii_email is None:
        raise ValueError
    return Address(name, addr_spec=checked.ascii_email)
