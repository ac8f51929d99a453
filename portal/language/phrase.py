"""What a sentence says before it has a language: English words, and values that know their kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portal.viewer import Language


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

    def in_language(self, language: Language) -> str:
        """Give the words for a reader."""
        texts = self.by_language
        return texts.get(language.lower()) or texts.get("en") or next(iter(texts.values()))


@dataclass(frozen=True, slots=True)
class Text:
    """Words, and the language that they are in; besides, all that the operator wrote of them."""

    value: str
    language: Language
    original: str
    nl: str | None = None
    de: str | None = None
    en: str | None = None


@dataclass(frozen=True, slots=True)
class Translated:
    """What the operator has written in its own language, and translations in lower case of that."""

    own: str
    by_language: Mapping[str, str]

    def in_language(self, language: Language) -> str:
        """Give the words for a reader."""
        return self.by_language.get(language.lower(), self.own)

    def read_by(self, reader: Language, operator: Language) -> Text:
        """Give the words in the language of a reader, or else in that of the operator."""
        is_theirs = reader.lower() in self.by_language
        translations = (self.by_language.get(language) for language in ("nl", "de", "en"))
        words = self.in_language(reader)
        return Text(words, reader if is_theirs else operator, self.own, *translations)


class Named(str):
    """A name of a field, a mutation or a limit: programs get the name, people its title."""

    __slots__ = ()


class Seconds(int):
    """A time to wait: programs get the number, people the time in words."""
