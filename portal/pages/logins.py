"""Logging in and out: the one form that is no mutation, and whose session a cookie keeps."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.errors import Code, Forbidden, InvalidInput, RateLimited, Unauthenticated
from portal.login.credentials import LoggedIn
from portal.pages.bodies import Forms
from portal.pages.carrying import Carried, Carrier
from portal.pages.cookies import Cookies
from portal.pages.html import own_path
from portal.pages.posted import Posted
from portal.pages.showing import Showing
from portal.pages.submission import Outcome
from portal.pages.visit import Visit
from portal.web.failure import described
from portal.web.graphql.budget import network_of_request
from portal.web.login import Sessions
from portal.web.viewers import Viewers

_WRONG = (Unauthenticated, InvalidInput, Forbidden, RateLimited)
_ENDED = 401
_TOO_OFTEN = 429

Resume = Callable[[Request, Carried, str], Awaitable[Response | None]]


class Logins:
    """The sessions of browsers; the tokens are those of every client.

    ``resume`` shows a form again, to the person who typed into it before the session had ended.
    """

    def __init__(  # noqa: PLR0913 -- the parts of a login
        self,
        sessions: Sessions,
        viewers: Viewers,
        *,
        forms: Forms,
        cookies: Cookies,
        showing: Showing,
        resume: Resume,
    ) -> None:
        self._sessions = sessions
        self._viewers = viewers
        self._carrier = Carrier(viewers.installation.seal)
        self._forms = forms
        self._cookies = cookies
        self._showing = showing
        self._resume = resume

    async def form(self, visit: Visit) -> Response:
        """Show the form; open a session with what it sent, and go on."""
        request = visit.request
        if request.method != "POST":
            following = own_path(request.query_params.get("next"))
            if visit.is_logged_in:
                return RedirectResponse(following, 303)
            return await self._shown(visit, Posted({}, visit.language), following)
        posted = await self._forms.posted(visit)
        following = own_path(posted.last("next"))
        session = await self._opened(request, posted)
        if session is None:
            answer = await self._shown(visit, posted, following, posted.last("carried"))
            if posted.faults[0].code == Code.RATE_LIMITED:
                answer.status_code = _TOO_OFTEN
            return answer
        return await self._entered(request, posted, session, following)

    async def asked_amid(self, visit: Visit, login: Visit) -> Response | None:
        """Ask for a login in the middle of a form, and carry along what was typed.

        None where nobody knows who typed it.
        """
        path = visit.request.scope["path"]
        person = self._cookies.person(visit.request)
        posted = await self._forms.posted(visit)
        carried = self._carrier.hidden(path, person, posted) if person else ""
        if not carried:
            return None
        answer = await self._shown(login, Posted({}, visit.language), own_path(path), carried)
        answer.status_code = _ENDED
        return answer

    async def close(self, visit: Visit) -> Response:
        """End the session, here and wherever it is remembered."""
        await self._forms.posted(visit)
        token = self._cookies.token(visit.request)
        if token is not None:
            await self._sessions.ended(token, network_of_request(visit.request))
        answer = RedirectResponse("/login", 303)
        self._cookies.close(answer)
        return answer

    async def _shown(
        self, visit: Visit, posted: Posted, following: str, carried: str = ""
    ) -> Response:
        more = {"email": posted.last("email"), "next": following, "carried": carried}
        return await self._showing.page(visit, Outcome(posted), faults=posted.faults, **more)

    async def _opened(self, request: Request, posted: Posted) -> LoggedIn | None:
        """Open a session; None with faults in what was sent."""
        fields: Mapping[str, str | None] = {
            "email": posted.last("email").strip(),
            "password": posted.last("password"),
            "as": posted.last("as") or None,
        }
        try:
            return await self._sessions.opened(request, fields)
        except _WRONG as error:
            for problem in error.problems:
                (entry,) = described(problem, posted.language)
                name = ".".join(problem.path) or "email"
                posted.refuse(name, str(entry["message"]), problem.code)
            return None

    async def _entered(
        self, request: Request, posted: Posted, session: LoggedIn, following: str
    ) -> Response:
        known = await self._viewers.of_token(session.token)
        person_id = known[0].id if known else None
        carried = self._carrier.found(posted.last("carried"), person_id)
        resumed = await self._resume(request, carried, session.token) if carried else None
        answer = resumed or RedirectResponse(following, 303)
        person = self._carrier.name(person_id) if person_id else ""
        self._cookies.open(answer, session.token, session.expires_at, person)
        return answer
