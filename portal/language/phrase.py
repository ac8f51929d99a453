"""What a sentence says before it has a language: English words, and values that know their kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Phrase:
    """An English sentence or part of one; values for its {placeholders} may be phrases too."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Texts:
    """What somebody else has written, by language in lower case: en where one is missing."""

    by_language: Mapping[str, str]


class Named(str):
    """A name of a field, a mutation or a limit: programs get the name, people its title."""

    __slots__ = ()


class Seconds(int):
    """A time to wait: programs get the number, people the time in words."""
