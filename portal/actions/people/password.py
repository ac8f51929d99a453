"""A new password: by somebody who knows the present one, or who reads the person's mail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.people.registration import CodeSent
from portal.errors import InvalidInput, faults_below
from portal.language import global_id
from portal.login.hashing import hashed, verify
from portal.login.one_time_code import LIFE, Code, hash_of_code, new_code, wrong_code
from portal.login.throttle import Purpose, Throttle, Throttled
from portal.mail.outbox import Recipient, post
from portal.mail.people.content import PasswordChanged, PasswordResetCode
from portal.rules.people.password import password as password_form
from portal.viewer import Language

_PRESENT = ("input", "presentPassword")
_OWN = sa.text("SELECT email, name, language, hash FROM own_password()")
_CHANGE = sa.text("SELECT change_password(:old_hash, :new_hash, :token_hash, :at)")
_START = sa.text(
    "SELECT known_name, known_language"
    " FROM start_password_reset(:id, :email, :code_hash, :at, :expires_at)"
)
_TAKE = sa.text("SELECT email, name, language FROM take_password_reset(:id, :code_hash, :at)")
_FINISH = sa.text("SELECT finish_password_reset(:id, :code_hash, :hash, :network, :at)")


async def change(
    session: AsyncSession, present: str, new: str, token_hash: bytes | None, now: datetime
) -> int:
    """Set the viewer's password; give how many other sessions that ended."""
    own = await own_login(session, present, _PRESENT)
    with faults_below("input", "newPassword"):
        password_form(new, own.name, own.email)
    values = {
        "old_hash": own.hash,
        "new_hash": await hashed(new),
        "token_hash": token_hash,
        "at": now,
    }
    ended: int | None = await session.scalar(_CHANGE, values)
    if ended is None:
        raise wrong_password(_PRESENT)
    await _tell(session, own, now)
    return ended


async def own_login(session: AsyncSession, password: str, path: Sequence[str]) -> sa.Row[Any]:
    """Give the viewer's address, name, language and hash, where the password is the right one."""
    own = (await session.execute(_OWN)).one_or_none()
    kept = await verify(own.hash if own else None, password)
    if own is None or kept is None:
        raise wrong_password(path)
    return own


def wrong_password(path: Sequence[str]) -> InvalidInput:
    """Give the answer to a password that is not the viewer's."""
    return InvalidInput("This is not your password.", path=path)


async def request_reset(
    session: AsyncSession, email: str, language: Language, now: datetime
) -> CodeSent:
    """Post a code to whoever has the e-mail address.

    When nobody has it, the same is done and the mail taken back, so that it takes as long.
    """
    id, code = uuid4(), new_code()
    sent = CodeSent(global_id.encode("PasswordReset", id), now + LIFE)
    values = {
        "id": id,
        "email": email,
        "code_hash": hash_of_code(id, code),
        "at": now,
        "expires_at": sent.expires_at,
    }
    known = (await session.execute(_START, values)).one_or_none()
    minutes = int(LIFE.total_seconds()) // 60
    mail = await session.begin_nested()
    await post(
        session,
        PasswordResetCode(name=known.known_name if known else "", code=code, minutes=minutes),
        to=Recipient(email, Language(known.known_language) if known else language),
        now=now,
    )
    await (mail.commit() if known else mail.rollback())
    return sent


async def reset(
    session: AsyncSession, throttle: Throttle, code: Code, new: str, now: datetime
) -> int:
    """Set the password of whoever was sent the code; give how many sessions that ended."""
    proof = {"id": code.id, "code_hash": hash_of_code(code.id, code.text), "at": now}
    person = (await session.execute(_TAKE, proof)).one_or_none()
    if person is None:
        raise wrong_code()
    with faults_below("input", "newPassword"):
        password_form(new, person.name, person.email)
    ended: int = await session.scalar(
        _FINISH, {**proof, "hash": await hashed(new), "network": throttle.network}
    )
    # Whoever has guessed at the old password does not keep its owner waiting.
    await throttle.forget(await session.connection(), Throttled(Purpose.LOGIN, person.email))
    await _tell(session, person, now)
    return ended


async def _tell(session: AsyncSession, person: sa.Row[Any], now: datetime) -> None:
    """Tell somebody of a new password, who may not be the one who set it."""
    recipient = Recipient(person.email, Language(person.language))
    await post(session, PasswordChanged(name=person.name), to=recipient, now=now)
