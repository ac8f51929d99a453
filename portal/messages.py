"""Sentences for users, in their language; the English sentence is the key.

Catalogues are the ``.po`` files in ``portal/locale``; they are read as they are.
"""

from functools import cache
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.pofile import read_po

from portal.viewer import Language
from portal.weighting import weighted

CATALOGUES = Path(__file__).parent / "locale"


def translate(message: str, language: Language, **values: object) -> str:
    """Give a sentence in a language, its placeholders filled."""
    return _catalogue(language).get(message, message).format(**values)


def language_of(accept_language: str | None) -> Language:
    """Choose a language for somebody who is not logged in, by the Accept-Language header.

    The weightiest that there is wins, of equals the first; without any it is English.
    """
    ranges = sorted(weighted(accept_language or ""), key=lambda one: one[1], reverse=True)
    wanted = [name for name, weight in ranges if weight]
    chosen = negotiate_locale(wanted, [language.lower() for language in Language], sep="-")
    return Language(chosen.upper()) if chosen else Language.EN


@cache
def _catalogue(language: Language) -> dict[str, str]:
    path = CATALOGUES / f"{language.lower()}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language.lower())
    return {
        str(entry.id): str(entry.string)
        for entry in catalogue
        if entry.id and entry.string and not entry.fuzzy
    }
