"""Tokens: opaque, 256 bits, kept as their SHA-256; and the logins that open a session."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from portal.clock import UNMOVED
from portal.database.deadlock import until_done
from portal.database.engines import Database
from portal.errors import Forbidden, InvalidInput
from portal.login.hashing import verify
from portal.login.throttle import Purpose, Throttle, Throttled
from portal.rules.form import email as email_form
from portal.viewer import STAFF, MemberRole, Role, Scope

SESSION_LIFE = timedelta(hours=12)
TOKEN_BYTES = 32

_FIND_CREDENTIALS = (
    "SELECT json_build_object('shift', (SELECT extract(epoch FROM shift) FROM clock), 'found',"
    " (SELECT json_agg(find_credential(hash, $2) ORDER BY place)"
    " FROM unnest($1::bytea[]) WITH ORDINALITY AS asked(hash, place)))"
)
_FIND_PASSWORD = sa.text("SELECT person_id, name, role, hash FROM find_password(:email)")
_ISSUE_SESSION = sa.text(
    "SELECT issue_session(:id, :token_hash, :person_id, :role, :at, :expires_at)"
)
_REHASH = sa.text("SELECT rehash_password(:person_id, :old_hash, :new_hash)")
_NOTE_NETWORK = sa.text("SELECT note_network(:person_id, :network, :at)")
_REVOKE_CREDENTIAL = sa.text("SELECT revoke_credential(:token_hash, :at)")


@dataclass(frozen=True, slots=True)
class Credential:
    """Whom a token stands for, and what that person or app holds.

    ``clock_shift`` is how far the clock is moved, which counts in development alone.
    """

    role: Role
    id: UUID
    name: str
    language: str
    profile: frozenset[Scope]
    memberships: Mapping[UUID, MemberRole]
    authorizations: tuple[tuple[UUID, frozenset[Scope]], ...]
    token_hash: bytes | None = field(default=None, repr=False)
    clock_shift: timedelta = UNMOVED


class Side(StrEnum):
    """As what somebody logs in who is both."""

    CUSTOMER = "CUSTOMER"
    STAFF = "STAFF"


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody sends to log in; left out, the side is that of staff for who is staff."""

    email: str
    password: str = field(repr=False)
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session; the token is shown once and kept nowhere."""

    token: str
    expires_at: datetime
    role: Role
    name: str


def new_token() -> tuple[str, bytes]:
    """Make a token, and the hash that is kept of it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, hash_of(token)


def hash_of(token: str) -> bytes:
    """Give the hash under which a token is kept."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


async def look_up(
    database: Database, tokens: Sequence[str], now: datetime
) -> list[Credential | None]:
    """Find whom each token stands for, in one statement; None for one that is unknown or over."""
    return await of_hashes(database, [hash_of(token) for token in tokens], now)


async def of_hashes(
    database: Database, hashes: Sequence[bytes], now: datetime
) -> list[Credential | None]:
    """Find the same by the hashes of the tokens, which no token follows from."""
    answer = orjson.loads(await database.login_reading.fetch(_FIND_CREDENTIALS, [[*hashes], now]))
    shift = timedelta(seconds=answer["shift"]) if answer["shift"] else UNMOVED
    return [
        found and _credential(found, token_hash, shift)
        for found, token_hash in zip(answer["found"], hashes, strict=True)
    ]


def _credential(found: Mapping[str, Any], token_hash: bytes, shift: timedelta) -> Credential:
    return Credential(
        role=Role(found["role"]),
        id=UUID(found["id"]),
        name=found["name"],
        language=found["language"],
        profile=frozenset(map(Scope, found["profile"] or ())),
        memberships={UUID(k): MemberRole(v) for k, v in (found["memberships"] or {}).items()},
        authorizations=tuple(
            (UUID(account_id), frozenset(map(Scope, scopes)))
            for account_id, scopes in found["authorizations"] or ()
        ),
        token_hash=token_hash,
        clock_shift=shift,
    )


async def log_in(
    database: Database, throttle: Throttle, login: Login, now: datetime
) -> LoggedIn | None:
    """Open a session for the right password; None for a wrong one and an unknown e-mail alike.

    Raises ``RateLimited`` when too many were wrong, alike for an unknown e-mail too; ``Forbidden``
    for the right one of somebody who is not staff and wants to log in as such.
    """
    address = known_form(login.email)
    attempt = Throttled(Purpose.LOGIN, address)
    await throttle.count(database, attempt, now)
    async with database.login.connect() as connection:
        found = (await connection.execute(_FIND_PASSWORD, {"email": address})).one_or_none()
    kept = await verify(found.hash if found else None, login.password)
    if found is None or kept is None:
        return None
    role = role_at(login.side, Role(found.role))
    token, token_hash = new_token()
    session = LoggedIn(token, now + SESSION_LIFE, role, found.name)

    async def issue() -> None:
        async with database.login.begin() as connection:
            await connection.execute(
                _ISSUE_SESSION,
                {
                    "id": uuid7(),
                    "token_hash": token_hash,
                    "person_id": found.person_id,
                    "role": role,
                    "at": now,
                    "expires_at": session.expires_at,
                },
            )
            if kept != found.hash:
                await connection.execute(
                    _REHASH,
                    {"person_id": found.person_id, "old_hash": found.hash, "new_hash": kept},
                )
            await connection.execute(
                _NOTE_NETWORK,
                {"person_id": found.person_id, "network": throttle.network, "at": now},
            )
            await throttle.forget(connection, attempt)

    await until_done(issue)
    return session


def role_at(side: Side | None, role: Role) -> Role:
    """Give the role of a login of somebody with a role, on the side that was chosen."""
    if side is Side.CUSTOMER:
        return Role.CUSTOMER
    if side is Side.STAFF and role not in STAFF:
        raise Forbidden("You do not work for the operator.", path=["as"])
    return role


def known_form(email: str) -> str:
    """Give an e-mail address as people are found by it; what is none is found by nobody."""
    try:
        return email_form(email)
    except InvalidInput:
        return email


async def revoke(database: Database, token: str, now: datetime) -> None:
    """End a token's life."""

    async def once() -> None:
        async with database.login.begin() as connection:
            await connection.execute(_REVOKE_CREDENTIAL, {"token_hash": hash_of(token), "at": now})

    await until_done(once)
    database.writes += 1
