"""Forms of text: each function gives the form that is stored, or says what is wrong."""

import unicodedata
from functools import cache
from importlib.resources import files

import pycountry
from email_validator import EmailNotValidError, validate_email
from schwifty import IBAN
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from portal.errors import InvalidInput
from portal.rules.key import NO_KEY, is_key
from portal.rules.text import composed

# The longest that mail can carry (RFC 5321, 4.5.3.1.3, without brackets), that ISO 13616 has, and
# the Union knows.
LONGEST_EMAIL = 254
LONGEST_IBAN = 34
LONGEST_VAT_NUMBER = 20
# People type numbers in groups.
_WITH_BLANKS = 2
# Control characters, halves of surrogate pairs, and the separators of lines and paragraphs.
_NOT_IN_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_JOINER = "\u200d"
_JOINERS = frozenset({"\u200c", _JOINER})
_DIRECTION_MARKS = frozenset({"\u200e", "\u200f", "\u061c"})
# Scripts whose letters change their shape with a joiner, as Unicode names their characters.
_JOINING_SCRIPTS = frozenset(
    {
        *("ARABIC", "SYRIAC", "NKO", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI"),
        *("GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA"),
        *("KHMER", "MYANMAR", "TIBETAN"),
    }
)
# Of the IANA database, by how its names begin.
_AREAS = frozenset(
    {
        *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia"),
        *("Europe", "Indian", "Pacific", "UTC"),
    }
)
# Letters and marks that show nothing: fillers of Hangul and Khmer, a blank of Braille.
_BLANK = frozenset({"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"})


def line(text: str, longest: int) -> str:
    """Give one line of text that reads as it is written: trimmed, composed (NFC).

    Control characters are refused, and so are characters that show nothing, for two names that look
    alike would differ: zero-width spaces, soft hyphens, byte order marks, tags, fillers; and all
    that turns the direction around (embeddings, overrides, isolates). What words need is kept: a
    zero-width joiner or non-joiner between two letters of one script that joins its letters
    (Arabic, the scripts of India and others), a joiner between two emoji, and a direction mark in
    text that has right-to-left letters.
    """
    written = composed(text, longest)
    if written.isascii() and written.isprintable():
        return written
    if any(unicodedata.category(character) in _NOT_IN_A_LINE for character in written):
        raise InvalidInput("Must be one line of text without control characters.")
    right_to_left = any(unicodedata.bidirectional(one) in {"R", "AL"} for one in _letters(written))
    for index, one in enumerate(written):
        if unicodedata.category(one) != "Cf" and one not in _BLANK:
            continue
        if one in _DIRECTION_MARKS and right_to_left:
            continue
        if one in _JOINERS and _joins(written, index):
            continue
        raise InvalidInput(
            "Must not have characters that are invisible or turn the direction of reading."
        )
    return written


def _letters(text: str) -> str:
    return "".join(one for one in text if unicodedata.category(one).startswith("L"))


def _joins(text: str, index: int) -> bool:
    """Say whether a joiner stands between two letters of one script, or two emoji, it joins."""
    if not 0 < index < len(text) - 1:
        return False
    before, after = text[index - 1], text[index + 1]
    if text[index] == _JOINER and unicodedata.category(after) == "So":
        # A presentation selector or a skin tone may follow the first one.
        return before == "\ufe0f" or unicodedata.category(before) in {"So", "Sk"}
    return _script(before) == _script(after) and _script(before) in _JOINING_SCRIPTS


def _script(one: str) -> str:
    """Give the script of a letter or a mark; nothing for anything else."""
    is_part_of_word = unicodedata.category(one)[0] in "LM"
    return unicodedata.name(one, "").partition(" ")[0] if is_part_of_word else ""


def lines(text: str, longest: int) -> str:
    """Give text of one line or more: trimmed, composed (NFC), line feeds between its lines."""
    written = composed(text.replace("\r\n", "\n"), longest)
    within = written.replace("\n", "").replace("\t", "")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in within):
        raise InvalidInput("Must be text without control characters.")
    return written


def iban(text: str, longest: int = LONGEST_IBAN) -> str:
    """Give an IBAN in its compact form; structure, check digits and the country's own check."""
    try:
        return IBAN(composed(text, _WITH_BLANKS * longest), validate_bban=True).compact
    except (InvalidInput, ValueError):
        raise InvalidInput("This is not a valid IBAN.") from None


def vat_number(text: str, longest: int = LONGEST_VAT_NUMBER) -> str:
    """Give a VAT number of the European Union in its compact form, country code first."""
    try:
        return vat.validate(composed(text, _WITH_BLANKS * longest))
    except (InvalidInput, ValidationError):
        raise InvalidInput(
            "This is not a valid VAT number of a country of the European Union."
        ) from None


def country(text: str, longest: int = 2) -> str:
    """Give a country's ISO 3166-1 alpha-2 code."""
    wrong = InvalidInput("Must be a country code of two letters (ISO 3166-1).")
    code = text.strip()
    # Of other alphabets some single letters become two when they are made capital.
    if not code.isascii() or len(code) != longest:
        raise wrong
    if pycountry.countries.get(alpha_2=code.upper()) is None:
        raise wrong
    return code.upper()


def email(text: str, longest: int = LONGEST_EMAIL) -> str:
    """Give an e-mail address in lower case; whether anybody reads it is not asked.

    However an address is typed it has one form: composed (NFC), its domain in the letters that
    people read, not in those of the network (``xn--``).
    """
    try:
        typed = composed(text, longest)
        address = validate_email(typed, check_deliverability=False).normalized.lower()
        return composed(address, longest)
    except (InvalidInput, EmailNotValidError):
        raise InvalidInput("This is not an e-mail address.") from None


def key(text: str, longest: int) -> str:
    """Give the key of a thing: what programs know it by, whatever it is called."""
    written = composed(text, longest)
    if not is_key(written):
        raise InvalidInput(NO_KEY)
    return written


def time_zone(text: str, longest: int = 60) -> str:
    """Give the name of a time zone as the IANA database spells it."""
    zone = text.strip()
    if len(zone) > longest or zone not in _places():
        raise InvalidInput("This is not a time zone, for example Europe/Amsterdam.")
    return zone


@cache
def _places() -> frozenset[str]:
    """List the zones of places, and UTC: neither Factory nor offsets, which no clock on a wall has.

    They are those of the package tzdata: a machine's own list holds more, such as localtime.
    """
    zones = (files("tzdata") / "zones").read_text("utf-8").split()
    return frozenset(zone for zone in zones if zone.partition("/")[0] in _AREAS)
