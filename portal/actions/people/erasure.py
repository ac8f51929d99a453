"""Erasing a person who has no account, as that person wants it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.people.password import own_login, wrong_password
from portal.errors import RuleBroken
from portal.mail.outbox import Recipient, post
from portal.mail.people.content import ProfileDeleted
from portal.viewer import Language

_ERASE = sa.text("SELECT obstacle, ended FROM erase_viewer(:hash, :at)")
_PATH = ("input", "password")


async def erase(session: AsyncSession, password: str, now: datetime) -> int:
    """Erase the viewer, who is told by mail; give how many sessions that ended."""
    own = await own_login(session, password, _PATH)
    outcome = (await session.execute(_ERASE, {"hash": own.hash, "at": now})).one()
    match outcome.obstacle:
        case "PASSWORD":
            raise wrong_password(_PATH)
        case "STAFF":
            raise RuleBroken(
                "You work for the operator: first a manager has to deactivate you.", path=["input"]
            )
        case "MEMBER":
            raise RuleBroken(
                "You are a member of an account: first leave it, or delete it.", path=["input"]
            )
    recipient = Recipient(own.email, Language(own.language))
    await post(session, ProfileDeleted(name=own.name), to=recipient, now=now)
    ended: int = outcome.ended
    return ended
