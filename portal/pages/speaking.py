"""How a page speaks: its words, and values as its readers write them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent
from markupsafe import Markup

from portal.language.messages import LOCALES, translate, translate_count, translate_in
from portal.language.titles.value import VALUES
from portal.viewer import Language

_CENTS = 2
_remembered = lru_cache(10_000)


def words_in(language: Language) -> dict[str, Callable[..., str]]:
    """Give what templates say sentences with."""
    return {
        "_": lambda message, **values: translate(message, language, **values),
        "ngettext": lambda one, many, count, **values: translate_count(
            one, many, count, language, **values
        ),
        "pgettext": lambda context, message, **values: translate_in(
            context, message, language, **values
        ),
    }


def filters_in(language: Language) -> dict[str, Callable[..., Any]]:
    """Give what templates write values with."""
    locale = LOCALES[language]
    by_locale: dict[str, Callable[..., str]] = {
        "day": _day,
        "moment": _moment,
        "money": _money,
        "number": _number,
        "percent": _percent,
        "country": _country,
    }
    return {
        **{name: partial(write, locale) for name, write in by_locale.items()},
        "said": partial(_said, language),
        "word": partial(_word, language),
        "text": partial(_text, language),
    }


@lru_cache
def countries_in(language: Language) -> list[tuple[str, str]]:
    """Give the countries by their names."""
    names = Locale.parse(LOCALES[language]).territories
    # The others are continents and the like.
    found = [(key, name) for key, name in names.items() if key.isalpha() and len(key) == len("NL")]
    return sorted(found, key=lambda one: one[1])


@_remembered
def _day(locale: str, value: str, form: Literal["full", "long", "medium", "short"] = "long") -> str:
    return format_date(date.fromisoformat(value), form, locale=locale)


@_remembered
def _moment(locale: str, value: str, zone: str, form: str = "d MMMM y, HH:mm") -> str:
    at = datetime.fromisoformat(value)
    # In German the day is an ordinal.
    form = form.replace("d MMMM", "d. MMMM") if locale == LOCALES[Language.DE] else form
    return format_datetime(at, form, tzinfo=ZoneInfo(zone), locale=locale)


@_remembered
def _money(locale: str, value: str, currency: str) -> str:
    amount = Decimal(value)
    is_in_cents = amount == round(amount, _CENTS)
    return format_currency(
        amount if is_in_cents else amount.normalize(),
        currency,
        locale=locale,
        decimal_quantization=is_in_cents,
    )


@_remembered
def _number(locale: str, value: str | int) -> str:
    return format_decimal(Decimal(value), locale=locale, decimal_quantization=False)


@_remembered
def _percent(locale: str, value: str) -> str:
    return format_percent(Decimal(value) / 100, locale=locale, decimal_quantization=False)


def _country(locale: str, value: str) -> str:
    return str(Locale.parse(locale).territories.get(value, value))


def _said(language: Language, value: str, enum: str) -> str:
    """Say the value of an enum, in the middle of a sentence."""
    return translate(VALUES[f"{enum}.{value}"], language)


def _word(language: Language, value: str, enum: str) -> str:
    """Say the value of an enum, as words of its own."""
    words = _said(language, value, enum)
    return words[:1].upper() + words[1:]


def _text(language: Language, value: Mapping[str, str]) -> Markup | str:
    """Write what the operator wrote, and say where that is in another language."""
    if value["language"] == language:
        return value["value"]
    return Markup('<span lang="{}">{}</span>').format(value["language"].lower(), value["value"])
