"""Sentences for users, in their language; the English sentence is the key.

Catalogues are the ``.po`` files in ``portal/locale``; they are read as they are.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from math import inf
from pathlib import Path
from types import MappingProxyType

from babel.dates import format_date, format_datetime
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from portal.errors import translatable
from portal.language.phrase import Money, Named, Phrase, Seconds, Texts, Translated
from portal.language.titles import title_of
from portal.viewer import Language

CATALOGUES = Path(__file__).parent.parent / "locale"
# What stands between a context and its words, as gettext has it.
_CONTEXT = "\x04"
# How days and numbers are written: in Europe's English, the day comes before the month.
LOCALES: Mapping[Language, str] = MappingProxyType(
    {Language.NL: "nl_NL", Language.EN: "en_GB", Language.DE: "de_DE"}
)
_YES, _NO = translatable("Yes"), translatable("No")
# How long a wait is told in a unit, and in which words; a longer one in hours.
_WAITS = (
    (120, 1, (translatable("1 second"), translatable("{count} seconds"))),
    (7_200, 60, (translatable("1 minute"), translatable("{count} minutes"))),
    (inf, 3600, (translatable("1 hour"), translatable("{count} hours"))),
)


def translate(message: str, language: Language, **values: object) -> str:
    """Give a sentence in a language, its placeholders filled with values as its readers write."""
    return _filled(_catalogue(language).get(message, message), language, values)


def translate_in(context: str, message: str, language: Language, **values: object) -> str:
    """Give words in a language that mean something else elsewhere: the context says what here."""
    words = _catalogue(language).get(f"{context}{_CONTEXT}{message}", message)
    return _filled(words, language, values)


def translate_count(one: str, many: str, count: int, language: Language, **values: object) -> str:
    """Give a sentence for one or for several, in a language; ``{count}`` is how many."""
    forms = _plurals(language).get(one, (one, many))
    # The same rule in English, Dutch and German.
    return _filled(forms[count != 1], language, {"count": count, **values})


def _filled(words: str, language: Language, values: Mapping[str, object]) -> str:
    return words.format(**{name: said(value, language) for name, value in values.items()})


def said(value: object, language: Language) -> str:
    """Put a value into words, by its type; text stays as it is."""
    match value:
        case Phrase():
            words = translate(value.message, language, **value.values)
        case Texts() | Translated():
            words = value.in_language(language)
        case Named() | Enum():
            words = translate(title_of(value), language)
        case datetime():
            words = moment(value, language)
        case date():
            words = day(value, language)
        case Money():
            words = _amount(value, language)
        case Seconds():
            words = _waiting(value, language)
        case int() | Decimal():
            words = _number(value, language)
        case list() | tuple():
            words = ", ".join(said(part, language) for part in value)
        case _:
            words = str(value)
    return words


# An answer may speak of hundreds of days, and of the same ones again and again.
@lru_cache(10_000)
def day(value: date, language: Language) -> str:
    """Write a day out: 31 August 2027."""
    return format_date(value, "long", locale=LOCALES[language])


def moment(value: datetime, language: Language) -> str:
    """Write an instant to the minute, in its own time zone."""
    time = format_datetime(value, "HH:mm z", tzinfo=value.tzinfo, locale=LOCALES[language])
    return f"{day(value, language)}, {time}"


def _number(value: int | Decimal, language: Language) -> str:
    if isinstance(value, bool):
        return translate(_YES if value else _NO, language)
    return format_decimal(value, locale=LOCALES[language], decimal_quantization=False)


def _amount(money: Money, language: Language) -> str:
    """Write an amount to cents, and to what it has beyond them."""
    amount = money.amount
    is_in_cents = amount == round(amount, 2)
    return format_currency(
        amount if is_in_cents else amount.normalize(),
        money.currency,
        locale=LOCALES[language],
        decimal_quantization=is_in_cents,
    )


def _waiting(seconds: int, language: Language) -> str:
    """Write a time to wait, in the unit that fits it, rounded up."""
    _, unit, (one, many) = next(wait for wait in _WAITS if seconds <= wait[0])
    count = -(-seconds // unit)
    return translate(one if count == 1 else many, language, count=count)


@cache
def _catalogue(language: Language) -> dict[str, str]:
    """Give the words by their sentences, which a context stands before."""
    return {
        f"{entry.context}{_CONTEXT}{entry.id}" if entry.context else str(entry.id): entry.string
        for entry in _entries(language)
        if isinstance(entry.id, str) and isinstance(entry.string, str)
    }


@cache
def _plurals(language: Language) -> dict[str, tuple[str, str]]:
    return {
        entry.id[0]: (entry.string[0], entry.string[1])
        for entry in _entries(language)
        if isinstance(entry.id, (list, tuple)) and isinstance(entry.string, (list, tuple))
    }


@cache
def _entries(language: Language) -> Sequence[Message]:
    path = CATALOGUES / f"{language.lower()}.po"
    if not path.exists():
        return ()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language.lower())
    return [entry for entry in catalogue if entry.id and entry.string and not entry.fuzzy]
