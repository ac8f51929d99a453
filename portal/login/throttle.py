"""Guessing gets slower: attempts are counted in the database, and each costs a longer wait.

An attempt is counted before it is made, in a transaction of its own: a thousand at once wait for
one another, and one that fails leaves its count behind. Success forgets the count.

Counted tightly is what one network tries with one address, person or code; loosely, what a network
tries with different ones, and what is tried with one of them from networks that its owner has never
logged in from. So nobody's guessing holds a person up where that person is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.database.deadlock import until_done
from portal.database.engines import Database
from portal.database.login_change import harmless
from portal.errors import RateLimited
from portal.language.phrase import Seconds
from portal.login.seal import Seal

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
DIFFERENT_SUBJECTS = 50
"""How many addresses, people or codes one network may try in an hour."""
UNKNOWN_NETWORKS = 100
"""How many attempts at one of them may come in an hour from networks its owner never used."""
VERIFICATIONS = 10
"""How many documents a network may ask about in a minute."""
MAILS_OF_NETWORK = 20
"""How many mails a network may cause in an hour without a login."""

_COUNT_ATTEMPT = sa.text(
    "SELECT count_attempt(:pair, :free, :counters, :items, :most, :seconds, :kind, :subject,"
    " :network, :at)"
)
_FORGET_ATTEMPTS = harmless("SELECT forget_attempts(:pair, :counters, :items)")
_TAKE_BACK = sa.text("SELECT take_back_attempt(:pair, :at)")
_COUNT_EVENTS = harmless("SELECT count_events(:counters, :items, :most, :seconds, :at)")


class Subject(StrEnum):
    """What is tried; the person behind it, if any, is known to the database alone."""

    EMAIL = "EMAIL"
    PERSON = "PERSON"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 (a kind of code)
    # Of an address that nobody has to be known by: who is known there does not matter.
    NOBODYS = "NOBODYS"


class Purpose(Enum):
    """What is tried, with how many attempts come before the first wait.

    From there on the wait is 1 second, then 2, 4 and so on, up to 15 minutes; a day without
    an attempt starts again from nothing.
    """

    LOGIN = ("login", 5, Subject.EMAIL)
    OWN_PASSWORD = ("own password", 5, Subject.PERSON)
    REGISTRATION = ("registration", 3, Subject.NOBODYS)
    REGISTRATION_CODE = ("registration code", 5, Subject.NOBODYS)
    PASSWORD_RESET = ("password reset", 3, Subject.EMAIL)
    PASSWORD_RESET_CODE = ("password reset code", 5, Subject.PASSWORD_RESET)
    OFFER_NUMBER = ("offer number", 5, Subject.PERSON)

    def __init__(self, title: str, free: int, kind: Subject) -> None:
        self.title = title
        self.free = free
        self.kind = kind

    @property
    def sends_mail(self) -> bool:
        """Whether an attempt may cause a mail to whoever is named."""
        return self in {Purpose.REGISTRATION, Purpose.PASSWORD_RESET}


@dataclass(frozen=True, slots=True)
class Throttled:
    """What attempts are counted for: a purpose, and an address, a person's id or a code's."""

    purpose: Purpose
    subject: str
    id: UUID = field(default_factory=uuid4)

    @property
    def name(self) -> str:
        """What is tried, for each attempt at it alike."""
        return f"{self.purpose.title}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many different items within a time."""

    counter: str
    most: int
    per: timedelta
    item: str


class Throttle:
    """Counts what one network does; names are kept as hashes that take the portal's secret."""

    def __init__(self, seal: Seal, network: str) -> None:
        self._seal = seal
        self._network = network

    @property
    def network(self) -> bytes:
        """The hash by which the network is known as one of somebody's."""
        return self._seal.hash(f"network:{self._network}")

    async def count(self, database: Database, attempt: Throttled, now: datetime) -> None:
        """Count an attempt that may be made now; RateLimited with the seconds to wait otherwise."""
        purpose = attempt.purpose
        parameters = {
            "pair": self._pair(attempt),
            "free": purpose.free,
            "kind": purpose.kind,
            "subject": attempt.subject,
            "network": self.network,
            "at": now,
            **self._counted(self._windows(attempt)),
        }

        async def once() -> Any:
            async with database.login.begin() as connection:
                return await connection.scalar(_COUNT_ATTEMPT, parameters)

        seconds = await until_done(once)
        if seconds:
            raise RateLimited(
                "Too many attempts. Try again in {seconds}.",
                path=["input"],
                seconds=Seconds(seconds),
            )

    async def count_verification(self, database: Database, now: datetime) -> None:
        """Count a question about a document; RateLimited where the network asks too often."""
        counter = f"verification:{self._network}"
        window = Window(counter, VERIFICATIONS, _MINUTE, f"{uuid4()}")

        async def once() -> int:
            async with database.login.begin() as connection:
                return await self.count_events(connection, [window], now)

        seconds = await until_done(once)
        if seconds:
            raise RateLimited(
                "Too many attempts. Try again in {seconds}.", seconds=Seconds(seconds)
            )

    async def forget(self, connection: AsyncConnection, attempt: Throttled) -> None:
        """Start counting anew for this network, once the transaction commits."""
        counted = self._counted([self._of_network(attempt), _of_subject(attempt)])
        await connection.execute(
            _FORGET_ATTEMPTS,
            {
                "pair": self._pair(attempt),
                "counters": counted["counters"],
                "items": counted["items"],
            },
        )

    async def take_back(
        self, connection: AsyncConnection, attempt: Throttled, now: datetime
    ) -> None:
        """Count the attempt of that instant no more; those before it stay."""
        await connection.execute(_TAKE_BACK, {"pair": self._pair(attempt), "at": now})

    async def count_events(
        self, connection: AsyncConnection, windows: Sequence[Window], now: datetime
    ) -> int:
        """Count something in a transaction; else give the seconds until there is room for it."""
        parameters = {**self._counted(windows), "at": now}
        seconds: int = await connection.scalar(_COUNT_EVENTS, parameters) or 0
        return seconds

    def _pair(self, attempt: Throttled) -> bytes:
        return self._seal.hash(f"{attempt.name}:{self._network}")

    def _windows(self, attempt: Throttled) -> list[Window]:
        windows = [
            self._of_network(attempt),
            _of_subject(attempt),
        ]
        if attempt.purpose.sends_mail:
            counter = f"mails:network:{self._network}"
            windows.append(Window(counter, MAILS_OF_NETWORK, _HOUR, f"{attempt.id}"))
        return windows

    def _of_network(self, attempt: Throttled) -> Window:
        counter = f"network:{attempt.purpose.title}:{self._network}"
        return Window(counter, DIFFERENT_SUBJECTS, _HOUR, attempt.name)

    def _counted(self, windows: Sequence[Window]) -> dict[str, Any]:
        return {
            "counters": [self._seal.hash(window.counter) for window in windows],
            "items": [self._seal.hash(window.item) for window in windows],
            "most": [window.most for window in windows],
            "seconds": [int(window.per.total_seconds()) for window in windows],
        }


def _of_subject(attempt: Throttled) -> Window:
    return Window(f"subject:{attempt.name}", UNKNOWN_NETWORKS, _HOUR, f"{attempt.id}")
