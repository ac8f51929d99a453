"""What a check has found."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from portal.database.addresses import Addresses
from portal.settings.settings import Settings


class Verdict(StrEnum):
    """How a finding is marked on the screen."""

    WELL = "ok"
    WRONG = "WRONG"
    UNSEEN = "-"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence for the operator; what is WRONG makes the exit status 1."""

    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Examined:
    """The installation that is looked at, and how many processes are to serve it."""

    settings: Settings
    addresses: Addresses
    processes: int = 1


Check = Callable[[Examined], Awaitable[list[Finding]]]
"""Looks at one thing, and says what it found."""


def well(text: str) -> Finding:
    """Say what is as it should be."""
    return Finding(Verdict.WELL, text)


def wrong(text: str) -> Finding:
    """Say what is not, and the next step."""
    return Finding(Verdict.WRONG, text)


def unseen(text: str) -> Finding:
    """Say what was not looked at, and how to see it."""
    return Finding(Verdict.UNSEEN, f"not looked at: {text}")


def faults(sentences: list[str], otherwise: str) -> list[Finding]:
    """Give what is wrong, or the one sentence that nothing is."""
    return [wrong(sentence) for sentence in sentences] or [well(otherwise)]
