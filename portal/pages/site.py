"""The site: every page under its path, for whoever the cookie stands for."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from graphql import GraphQLSchema
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, compile_path

from portal.errors import PortalError
from portal.pages.bodies import Forms
from portal.pages.carrying import Carried
from portal.pages.cookies import Cookies
from portal.pages.failed import Failed, FailurePages, failed
from portal.pages.html import is_form, sent
from portal.pages.logins import Logins
from portal.pages.page import Page
from portal.pages.posted import Posted
from portal.pages.showing import Showing
from portal.pages.static_files import PATH as STATIC
from portal.pages.static_files import StaticFiles
from portal.pages.submission import Outcome, Submission
from portal.pages.templates import Templates, address
from portal.pages.visit import Visit
from portal.viewer import Role
from portal.web.answer import failure_answer, language_for
from portal.web.bearer import ANONYMOUS_IN, shift_in
from portal.web.graphql.budget import network_of_request
from portal.web.graphql.operations import Caller, Operations
from portal.web.login import Sessions
from portal.web.uploads import PATH as UPLOADS
from portal.web.uploads import Uploads
from portal.web.viewers import Viewers

_LOGIN = "people/login"

Handler = Callable[[Request], Awaitable[Response]]
Make = Callable[[Visit], Awaitable[Response]]


class Site:
    """The pages, put together."""

    def __init__(  # noqa: PLR0913, PLR0917 -- the parts that a page is made of
        self,
        schema: GraphQLSchema,
        shown: Mapping[Role, GraphQLSchema],
        pages: Mapping[str, Page],
        operations: Operations,
        viewers: Viewers,
        sessions: Sessions,
        uploads: Uploads,
        *,
        is_secure: bool,
    ) -> None:
        self._schema = schema
        self._shown = shown
        self._operations = operations
        self._viewers = viewers
        self._sessions = sessions
        self._forms = Forms(uploads)
        self._files = StaticFiles()
        # A page is fetched when a link to it is pressed, and not only when it is let go.
        self._links = {"Speculation-Rules": f'"{self._files.address("links.speculationrules")}"'}
        self._pages = pages
        templates = Templates(schema, pages, self._files)
        self._cookies = cookies = Cookies(is_secure=is_secure)
        self.failures = FailurePages(templates)
        self._showing = Showing(schema, pages, templates, cookies, self.failures)
        self._logins = Logins(
            sessions,
            viewers,
            forms=self._forms,
            cookies=cookies,
            showing=self._showing,
            resume=self._resumed,
        )
        # By the last part of their paths, so that hardly any request is compared with them.
        self._with_file: dict[str, list[re.Pattern[str]]] = {}
        for place in (page.place for page in pages.values() if page.place.takes_file):
            pattern, _, _ = compile_path(place.path)
            self._with_file.setdefault(place.path.rpartition("/")[2], []).append(pattern)

    def takes_file(self, path: str) -> bool:
        """Whether a request for a path may have a file in it."""
        patterns = self._with_file.get(path.rpartition("/")[2], ())
        return path == UPLOADS or any(pattern.fullmatch(path) for pattern in patterns)

    def routes(self) -> list[BaseRoute]:
        """Give the routes; ``/login`` and ``/logout`` are the API's as well, which takes JSON."""
        login = self._pages[_LOGIN]
        pages = sorted(self._pages.values(), key=lambda page: _specific(page.place.path))
        return [
            Route(f"{STATIC}{{name}}", self._files.answer),
            Route("/favicon.ico", self._files.icon),
            Route(
                "/logout",
                self._or(self._handler(login, self._logins.close), self._sessions.end),
                methods=["POST"],
            ),
            Route(
                "/login",
                self._or(self._handler(login, self._logins.form), self._sessions.open),
                methods=["GET", "POST"],
            ),
            *(
                Route(
                    page.place.path,
                    self._handler(page, self._shown_or_done),
                    methods=["GET", "POST"] if page.operation("Change") else ["GET"],
                )
                for page in pages
                if page.name != _LOGIN
            ),
        ]

    def _handler(self, page: Page, make: Make) -> Handler:
        async def answer(request: Request) -> Response:
            return await self._answered(request, page, make)

        return answer

    def _or(self, own: Handler, api: Handler) -> Handler:
        """Answer a browser with a page, and a program that sends JSON as the API does."""

        async def answer(request: Request) -> Response:
            is_page = request.method in {"GET", "HEAD"} or is_form(request)
            return await (own if is_page else api)(request)

        return answer

    async def _answered(self, request: Request, page: Page, make: Make) -> Response:
        """Answer with a page, or with one that says why there is none."""
        language = language_for(request)
        try:
            visit = await self._visit(request, page)
            language = visit.language
            answer = await make(visit)
        except Failed as failure:
            answer = self.failures.page(failure.status, failure.message, language)
        except PortalError as error:
            failed = failure_answer(error, language, request.scope["path"])
            answer = self.failures.page_of(failed, language)
        answer.headers.update(self._links)
        return await sent(request, answer)

    async def _visit(self, request: Request, page: Page, token: str | None = None) -> Visit:
        token = token or self._cookies.token(request)
        network = network_of_request(request)
        async with self._operations.limiter.place(network):
            known = await self._viewers.of_token(token) if token else None
            # An app's token is no session.
            is_logged_in = known is not None and known[0].role is not Role.PARTNER
            if known is None or not is_logged_in:
                shift = await shift_in(self._viewers.installation)
                known = ANONYMOUS_IN[language_for(request)], shift
        caller = Caller(*known, network)
        return Visit(request, page, caller, self._operations, is_logged_in)

    async def _shown_or_done(self, visit: Visit) -> Response:
        request, page = visit.request, visit.page
        if not visit.is_logged_in and not page.place.is_open:
            return await self._login_first(visit)
        if not page.place.is_open and not page.is_for(self._shown[visit.caller.viewer.role]):
            raise failed((), visit.language)
        if request.method != "POST":
            return await self._showing.page(visit, Outcome(Posted({}, visit.language)))
        posted = await self._forms.posted(visit)
        outcome = await Submission(visit, posted, self._schema).outcome()
        if outcome.result is None or page.place.shows_result:
            return await self._showing.page(visit, outcome)
        place = page.place
        parts = {**request.path_params, "result": outcome.result}
        # Without a fragment the browser would keep the one that the form was sent to.
        answer = RedirectResponse(f"{address(place.then or place.back, parts)}#main", 303)
        self._cookies.note_done(answer, page.name)
        return answer

    async def _login_first(self, visit: Visit) -> Response:
        request = visit.request
        if request.method == "POST" and is_form(request):
            login = replace(visit, page=self._pages[_LOGIN])
            asked = await self._logins.asked_amid(visit, login)
            if asked is not None:
                return asked
        path, query = (
            request.scope["path"],
            request.scope["query_string"].decode("ascii", "replace"),
        )
        following = f"{path}?{query}" if query else path
        return RedirectResponse(f"/login?{urlencode({'next': following})}", 303)

    async def _resumed(self, request: Request, carried: Carried, token: str) -> Response | None:
        """Show a form with what was typed before its session ended; None where it is gone."""
        for page in self._pages.values():
            pattern, _, _ = compile_path(page.place.path)
            if found := pattern.fullmatch(carried.path):
                asked = {"path": carried.path, "path_params": found.groupdict()}
                there = Request({**request.scope, **asked, "query_string": b""}, request.receive)
                visit = await self._visit(there, page, token)
                posted = Posted(carried.values, visit.language)
                try:
                    return await self._showing.page(visit, Outcome(posted), is_resumed=True)
                except Failed:
                    return None
        return None


def _specific(path: str) -> list[tuple[bool, str]]:
    """Order paths so that a word comes before a variable in its place."""
    return [(part.startswith("{"), part) for part in path.split("/")]
