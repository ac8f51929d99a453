"""Passwords: kept as Argon2 hashes, made and compared beside everything else."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.rules.people.password import LONGEST, comparable

Answer = TypeVar("Answer")

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with when nobody has the e-mail address, so that the answer takes as long.
_nobody = _hasher.hash(secrets.token_urlsafe())
# One at a time: whoever hashes keeps one processor busy, and no more of them.
_hashing = ThreadPoolExecutor(1, "hashing")


def hash_password(password: str) -> str:
    """Give the Argon2 hash of a password; takes tens of milliseconds of CPU."""
    return _hasher.hash(comparable(password))


async def hashed(password: str) -> str:
    """Give the same, beside everything else."""
    return await _beside(hash_password, password)


async def verify(password_hash: str | None, password: str) -> str | None:
    """Give the hash to keep of the right password; with nothing to compare it takes as long.

    It is another one where the password was hashed as it was typed, before there was one form.
    """
    return await _beside(_verify, password_hash or _nobody, password)


async def _beside(work: Callable[..., Answer], *given: str) -> Answer:
    return await asyncio.get_running_loop().run_in_executor(_hashing, work, *given)


def _verify(password_hash: str, password: str) -> str | None:
    if len(password) > LONGEST:
        return None
    form = comparable(password)
    if _is_of(password_hash, form):
        return password_hash
    if form != password and _is_of(password_hash, password):
        return hash_password(password)
    return None


def _is_of(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
