"""Codes by which anybody can ask whether a document is the operator's."""

from enum import StrEnum
from secrets import choice

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O and U, which are read as something else."""
LENGTH = 10
_LONGEST = 2 * LENGTH
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def new_code() -> str:
    """Draw a code: of a million billion ones, so that nobody tries them out."""
    return "".join(choice(ALPHABET) for _ in range(LENGTH))


def code_of(text: str) -> str | None:
    """Read a code as somebody typed it; None for what is none."""
    if len(text) > _LONGEST:
        return None
    code = text.upper().translate(_READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def compact(iban: str) -> str:
    """Give an IBAN without what people put between its parts."""
    return "".join(iban.split()).upper()


class VerificationResult(StrEnum):
    """Whether a document was issued as it is printed."""

    MATCH = "MATCH"
    MISMATCH = "MISMATCH"
    UNKNOWN = "UNKNOWN"


class Mismatch(StrEnum):
    """What is printed otherwise than it was issued."""

    IBAN = "IBAN"
    AMOUNT = "AMOUNT"
