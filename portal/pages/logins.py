"""Logging in and out: the one form that is no mutation, and whose session a cookie keeps."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.errors import Forbidden, InvalidInput, PortalError, Unauthenticated
from portal.pages.cookies import Cookies
from portal.pages.html import own_path
from portal.pages.posted import Fault, Posted
from portal.web.failure import described
from portal.web.login import Sessions

_WRONG = (Unauthenticated, InvalidInput, Forbidden)


class Logins:
    """The sessions of browsers; the tokens are those of every client."""

    def __init__(self, sessions: Sessions, cookies: Cookies) -> None:
        self._sessions = sessions
        self._cookies = cookies

    async def open(self, request: Request, posted: Posted) -> Response | None:
        """Open a session and go on; None with faults in what was sent."""
        fields: Mapping[str, str | None] = {
            "email": posted.last("email").strip(),
            "password": posted.last("password"),
            "as": posted.last("as") or None,
        }
        try:
            session = await self._sessions.opened(request, fields)
        except _WRONG as error:
            posted.faults = _faults(error, posted)
            return None
        answer = RedirectResponse(own_path(posted.last("next")), 303)
        self._cookies.open(answer, session.token, session.expires_at)
        return answer

    async def close(self, request: Request) -> Response:
        """End the session, here and wherever it is remembered."""
        token = self._cookies.token(request)
        if token is not None:
            await self._sessions.ended(token)
        answer = RedirectResponse("/login", 303)
        self._cookies.close(answer)
        return answer


def _faults(error: PortalError, posted: Posted) -> list[Fault]:
    found = []
    for problem in error.problems:
        (entry,) = described(problem, posted.language)
        found.append(Fault(".".join(problem.path) or "email", str(entry["message"])))
    return found
