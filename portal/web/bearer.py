"""Who is asking, from the request's Authorization header."""

from dataclasses import replace
from datetime import timedelta

from starlette.requests import Request

from portal.actions.clock import shift_of
from portal.clock import UNMOVED
from portal.errors import Unauthenticated
from portal.installation import Installation
from portal.viewer import ANONYMOUS, Language, Viewer
from portal.web.answer import language_for
from portal.web.door.headers import header
from portal.web.viewers import Viewers

# Far longer than a token of ours; nothing longer is worth hashing.
_LONGEST_TOKEN = 4096
ANONYMOUS_IN = {language: replace(ANONYMOUS, language=language) for language in Language}


def bearer_token(request: Request) -> str | None:
    """Give the token of the request; None without one, Unauthenticated for another scheme."""
    given = header(request.scope, b"authorization")
    if given is None:
        return None
    scheme, _, token = given.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
        raise _refused()
    return token


async def caller_for(request: Request, viewers: Viewers) -> tuple[Viewer, timedelta]:
    """Give the caller, and how far the clock is moved: one statement at most with a token.

    In development there is one without a token too, for the clock.

    A token that is unknown, revoked or over is Unauthenticated, never anonymous: a client must
    notice that its session ended.
    """
    token = bearer_token(request)
    if token is None:
        return ANONYMOUS_IN[language_for(request)], await shift_in(viewers.installation)
    caller = await viewers.of_token(token)
    if caller is None:
        raise _refused()
    return caller


async def shift_in(installation: Installation) -> timedelta:
    """Say how far the clock is moved, which it is in development alone."""
    if not installation.is_development:
        return UNMOVED
    async with installation.database.app.connect() as connection:
        return await shift_of(connection)


def _refused() -> Unauthenticated:
    return Unauthenticated("The token is not valid, or not valid any more. Log in again.")
