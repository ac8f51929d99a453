"""Guessing gets slower: attempts are counted in the database, and each costs a longer wait.

An attempt is counted before it is made, in a transaction of its own: a thousand at once wait for
one another, and one that fails leaves its count behind. Success forgets the count.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.database import Database
from portal.errors import RateLimited
from portal.phrase import Seconds

_COUNT_ATTEMPT = sa.text("SELECT count_attempt(:subject, :free, :at)")
_FORGET_ATTEMPTS = sa.text("SELECT forget_attempts(:subject)")


class Purpose(Enum):
    """What is tried, with how many attempts come before the first wait.

    From there on the wait is 1 second, then 2, 4 and so on, up to 15 minutes; a day without
    an attempt starts again from nothing.
    """

    LOGIN = ("login", 5)
    PASSWORD_CHANGE = ("password change", 5)
    REGISTRATION = ("registration", 3)
    REGISTRATION_CODE = ("registration code", 5)
    PASSWORD_RESET = ("password reset", 3)
    PASSWORD_RESET_CODE = ("password reset code", 5)
    OFFER_NUMBER = ("offer number", 5)

    def __init__(self, title: str, free: int) -> None:
        self.title = title
        self.free = free


@dataclass(frozen=True, slots=True)
class Throttled:
    """What attempts are counted for: a purpose, and an address, a person or a code."""

    purpose: Purpose
    subject: str

    @property
    def key(self) -> bytes:
        """The hash under which it is counted: addresses that nobody has are not kept."""
        text = f"{self.purpose.title}:{self.subject}"
        return sha256(text.encode("utf-8", "surrogatepass")).digest()


async def count(database: Database, attempt: Throttled, now: datetime) -> None:
    """Count an attempt that may be made now; RateLimited with the seconds to wait otherwise."""
    parameters = {"subject": attempt.key, "free": attempt.purpose.free, "at": now}
    async with database.login.begin() as connection:
        seconds = await connection.scalar(_COUNT_ATTEMPT, parameters)
    if seconds:
        raise RateLimited(
            "Too many attempts. Try again in {seconds}.", path=["input"], seconds=Seconds(seconds)
        )


async def forget(connection: AsyncConnection, attempt: Throttled) -> None:
    """Start counting anew, once the transaction commits."""
    await connection.execute(_FORGET_ATTEMPTS, {"subject": attempt.key})
