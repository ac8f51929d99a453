"""What a password has to be: long, and hard to guess for those who know whose it is."""

import re
import unicodedata

from zxcvbn_rs_py import zxcvbn

from portal.errors import InvalidInput

SHORTEST = 12
LONGEST = 1000
# How many guesses it has to withstand, as a power of ten. Online, a network has five at once, and
# all of them together a hundred an hour.
_LEAST_GUESSES = 8
# How many letters and digits of a password are none of the person's own words.
_LEAST_OWN = 6
# What is longer is judged by its beginning: the time grows with the square, and to a second.
_JUDGED = 72
_SHORTEST_WORD = 3
_WORD = re.compile(r"\w+")


def comparable(text: str) -> str:
    """Give the one form of Unicode in which passwords are compared (NFKC; NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", text)


def password(text: str, *known: str | None) -> str:
    """Give a password as it is, or say what is wrong with it; nothing of it is trimmed.

    ``known`` is what others know of the person: names and the e-mail address.
    """
    if not SHORTEST <= len(text) <= LONGEST or len(comparable(text)) < SHORTEST:
        raise InvalidInput(
            "Must have from {least} to {most} characters.", least=SHORTEST, most=LONGEST
        )
    # Logging in refuses control characters, and halves of surrogate pairs have no bytes.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise InvalidInput("Must be one line of text without control characters.")
    words = _words(known)
    if len(set(text)) == 1 or _is_own(text, words) or _guesses(text, words) < _LEAST_GUESSES:
        raise InvalidInput(
            "This password is easy to guess. Take another one, such as four words that have nothing"
            " to do with one another."
        )
    return text


def _is_own(text: str, words: list[str]) -> bool:
    """Say whether little is left of a password when what is known is taken out."""
    whole = left = comparable(text).casefold()
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left != whole and sum(map(str.isalnum, left)) < _LEAST_OWN


def _guesses(text: str, words: list[str]) -> float:
    """Give how many guesses it takes, as a power of ten."""
    return zxcvbn(comparable(text)[:_JUDGED], words).guesses_log10


def _words(known: tuple[str | None, ...]) -> list[str]:
    """Give what people make passwords of who use what is known of them."""
    words = []
    for one in (comparable(one).casefold() for one in known if one):
        parts = _WORD.findall(one)
        words += [word[:_JUDGED] for word in (one, "".join(parts), *parts)]
    return [word for word in words if len(word) >= _SHORTEST_WORD]
