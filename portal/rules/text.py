"""Text before anything reads it: its length is asked first, then it is brought into one form.

Bringing text into a form of Unicode (UAX 15) takes the square of the time for a run of combining
marks, and libraries were not made for text of any length.
"""

import unicodedata

from portal.errors import InvalidInput

# The Stream-Safe Text Format of UAX 15.
MOST_MARKS = 30
# No character of NFC is typed as more of them, whatever the keyboard.
LONGEST_DECOMPOSITION = 4


def composed(text: str, longest: int) -> str:
    """Give text trimmed and composed (NFC), of ``longest`` characters at most."""
    trimmed = text.strip()
    check_length(trimmed, LONGEST_DECOMPOSITION * longest, longest)
    check_marks(trimmed)
    normal = unicodedata.normalize("NFC", trimmed).strip()
    check_length(normal, longest)
    return normal


def check_length(text: str, most: int, told: int | None = None) -> None:
    """Refuse text of more characters; ``told`` is what its author is told to keep to."""
    if len(text) > most:
        raise InvalidInput("May have at most {most} characters.", most=told or most)


def check_marks(text: str) -> None:
    """Refuse text with more combining marks on one letter than any language has."""
    if text.isascii():
        return
    run = 0
    for one in text:
        marks = [unicodedata.combining(part) > 0 for part in unicodedata.normalize("NFKD", one)]
        if all(marks):
            run += len(marks)
        else:
            run = marks[::-1].index(False)
        if run > MOST_MARKS:
            raise InvalidInput("May have at most {most} accents on one letter.", most=MOST_MARKS)
