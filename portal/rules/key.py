"""What names are ordered, found and told apart by: one text for all that people take for the same.

Stored beside the name, so that lists, searches and unique names are the same in every database,
whatever collations it has.
"""

import re
import unicodedata

from portal.errors import translatable

# What an index of PostgreSQL holds of a text, at four bytes a character.
_LONGEST = 500
# Accents, and the points of Hebrew and Arabic, which most people leave out.
_ACCENTS = range(200, 255)
_POINTS = range(10, 36)
# Letters that Unicode does not take apart, and signs that keyboards have in several shapes.
_PLAIN = str.maketrans("øđðħłŧŋ\u0131", "oddhltni") | str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-"),
    }
)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
NO_KEY = translatable(
    "A key has letters without accents, digits, and the signs _ . - behind the first one."
)
# Before every character of a line, and in none.
_BEHIND = "\x01"


def is_key(text: str) -> bool:
    """Say whether a text is what programs may know a thing by."""
    return _KEY.fullmatch(text) is not None


def folded(text: str) -> str:
    """Give text without regard to case, accents and Unicode form, as a search compares it."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = "".join(one for one in apart.translate(_PLAIN) if not _is_accent(one))
    return unicodedata.normalize("NFC", " ".join(letters.split()))


def sort_key(text: str) -> str:
    """Give what a name is ordered by, compared byte by byte; it contains the folded name.

    Signs before the first letter or digit count last: ``'t Hoekje`` stands under t.
    """
    name = folded(text)
    start = next((place for place, one in enumerate(name) if one.isalnum()), 0)
    key = name if start == 0 else f"{name[start:]}{_BEHIND}{name}"
    return key[:_LONGEST]


def unique_key(text: str) -> str:
    """Give what a name is told apart by: case, Unicode form and how many blanks do not matter."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", apart).split())[:_LONGEST]


def number_key(text: str) -> str:
    """Give what a number that people read out is told apart by: blanks do not matter either."""
    # An accent that stood behind a blank stands on a letter now.
    return unicodedata.normalize("NFC", unique_key(text).replace(" ", ""))


def _is_accent(one: str) -> bool:
    place = unicodedata.combining(one)
    return place in _ACCENTS or place in _POINTS
