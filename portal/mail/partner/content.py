"""Mails about what apps may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.mail.content import Content
from portal.models.message import MessageKind
from portal.viewer import Scope


@dataclass(frozen=True, slots=True)
class AppAuthorized(Content):
    """Tells an owner what a program may do from now on, and until which day."""

    kind = MessageKind.APP_AUTHORIZED
    name: str
    account: str
    app: str
    scopes: Sequence[Scope]
    until: date


@dataclass(frozen=True, slots=True)
class AppRevoked(Content):
    """Tells an owner that a program has lost its access."""

    kind = MessageKind.APP_REVOKED
    name: str
    account: str
    app: str
