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
# Letters and marks that show nothing: fillers of Hangul and Khmer, a blank of Braille.
_BLANK = frozenset({"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"})


def line(text: str) -> str:
    """Give one line of text: trimmed, composed (NFC), without control characters."""
    composed = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(character) in _NOT_IN_A_LINE for character in composed):
        raise InvalidInput("Must be one line of text without control characters.")
    return composed


def name(text: str) -> str:
    """Give the name of a person or an account: a line that reads as it is written.

    Characters that show nothing are refused, for two names that look alike would differ: zero-width
    spaces, soft hyphens, byte order marks, tags, fillers; and so is all that turns the direction
    around (embeddings, overrides, isolates). What words need is kept: a zero-width joiner or
    non-joiner between two letters of one script that joins its letters (Arabic, the scripts of
    India and others), a joiner between two emoji, and a direction mark in a name that has
    right-to-left letters.
    """
    written = line(text)
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


def lines(text: str) -> str:
    """Give text of one line or more: trimmed, composed (NFC), line feeds between its lines."""
    composed = unicodedata.normalize("NFC", text).strip().replace("\r\n", "\n")
    within = composed.replace("\n", "").replace("\t", "")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in within):
        raise InvalidInput("Must be text without control characters.")
    return composed


def iban(text: str) -> str:
    """Give an IBAN in its compact form; structure, check digits and the country's own check."""
    try:
        return IBAN(text, validate_bban=True).compact
    except ValueError:
        raise InvalidInput("This is not a valid IBAN.") from None


def vat_number(text: str) -> str:
    """Give a VAT number of the European Union in its compact form, country code first."""
    try:
        return vat.validate(text)
    except ValidationError:
        raise InvalidInput(
            "This is not a valid VAT number of a country of the European Union."
        ) from None


def country(text: str) -> str:
    """Give a country's ISO 3166-1 alpha-2 code."""
    code = text.upper()
    # Of other alphabets some single letters become two when they are made capital.
    if not text.isascii() or len(code) != 2 or pycountry.countries.get(alpha_2=code) is None:  # noqa: PLR2004  (alpha-2)
        raise InvalidInput("Must be a country code of two letters (ISO 3166-1).")
    return code


def email(text: str) -> str:
    """Give an e-mail address in lower case; whether anybody reads it is not asked."""
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise InvalidInput("This is not an e-mail address.") from None


def time_zone(text: str) -> str:
    """Give the name of a time zone as the IANA database spells it."""
    if text not in _time_zones():
        raise InvalidInput("This is not a time zone, for example Europe/Amsterdam.")
    return text


@cache
def _time_zones() -> frozenset[str]:
    """List the zones of the package tzdata: a machine's own list holds more, such as localtime."""
    return frozenset((files("tzdata") / "zones").read_text("utf-8").split())
