"""Global ids: opaque to callers, a type name and a UUID to us."""

import binascii
from base64 import b64decode, b64encode
from functools import lru_cache
from uuid import UUID

LONGEST = 200


def encode(type_name: str, id: UUID) -> str:
    """Give the id under which callers know a row."""
    return b64encode(f"{type_name}:{id}".encode()).decode()


def decode(text: str) -> tuple[str, UUID] | None:
    """Give the type name and the UUID in an id; None for what ``encode`` never gave."""
    return _decoded(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=4096)
def _decoded(text: str) -> tuple[str, UUID] | None:
    try:
        type_name, _, key = b64decode(text, validate=True).decode("ascii").partition(":")
        id = UUID(key)
    except (binascii.Error, UnicodeError, ValueError):
        return None
    # Base64 and UUIDs have many spellings; a row has one id.
    return (type_name, id) if encode(type_name, id) == text else None
