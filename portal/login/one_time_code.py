"""Codes that people read in a mail and type: short, used once, kept as a hash."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from portal.errors import InvalidInput

LIFE = timedelta(minutes=30)
LENGTH = 8
# Without letters and digits that look alike: 0 and O, 1, I and L, U and V.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Code:
    """What somebody typed, in its form, and the id of what it is for."""

    id: UUID
    text: str = field(repr=False)


def new_code() -> str:
    """Make a code, of 39 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_form(text: str) -> str:
    """Give a code as it was made from what somebody typed; case, blanks and hyphens are free."""
    code = text[:100].replace(" ", "").replace("-", "").upper()
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise InvalidInput("This is not a code: it has {length} letters and digits.", length=LENGTH)
    return code


def hash_of_code(id: UUID, code: str) -> bytes:
    """Give the hash under which a code is kept; what it is for makes each one differ."""
    return sha256(f"{id}:{code}".encode()).digest()


def wrong_code() -> InvalidInput:
    """Give the one answer to a code that opens nothing, whatever the reason."""
    return InvalidInput("The code is wrong, used or out of date.", path=["input", "code"])
