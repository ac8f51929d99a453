"""Who is asking, from the request's Authorization header."""

from dataclasses import replace
from datetime import datetime

from starlette.requests import Request

from permissions.scopes import viewer_of
from portal.credentials import look_up
from portal.database import Database
from portal.errors import Unauthenticated
from portal.viewer import ANONYMOUS, Viewer
from portal.web.answer import language_for

# Far longer than a token of ours; nothing longer is worth hashing.
_LONGEST_TOKEN = 4096


def bearer_token(request: Request) -> str | None:
    """Give the token of the request; None without one, Unauthenticated for another scheme."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
        raise _refused()
    return token


async def viewer_for(request: Request, database: Database, now: datetime) -> Viewer:
    """Give the caller: one statement with a token, none without.

    A token that is unknown, revoked or over is Unauthenticated, never anonymous: a client must
    notice that its session ended.
    """
    token = bearer_token(request)
    if token is None:
        return replace(ANONYMOUS, language=language_for(request))
    credential = await look_up(database, token, now)
    if credential is None:
        raise _refused()
    return viewer_of(credential)


def _refused() -> Unauthenticated:
    return Unauthenticated("The token is not valid, or not valid any more. Log in again.")
