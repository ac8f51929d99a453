"""The site: every page under its path, for whoever the cookie stands for."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from graphql import GraphQLSchema
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, compile_path

from portal.errors import PortalError
from portal.pages.bodies import Forms
from portal.pages.cookies import Cookies
from portal.pages.failed import Failed, FailurePages
from portal.pages.form import STORED, Form, found_in
from portal.pages.html import html, is_form, own_path, sent
from portal.pages.logins import Logins
from portal.pages.page import Page
from portal.pages.posted import Posted
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


class Site:
    """The pages, put together."""

    def __init__(  # noqa: PLR0913, PLR0917 -- the parts that a page is made of
        self,
        schema: GraphQLSchema,
        pages: Mapping[str, Page],
        operations: Operations,
        viewers: Viewers,
        sessions: Sessions,
        uploads: Uploads,
        *,
        is_secure: bool,
    ) -> None:
        self._schema = schema
        self._operations = operations
        self._viewers = viewers
        self._sessions = sessions
        self._forms = Forms(uploads)
        self._files = StaticFiles()
        self._pages = pages
        self._templates = Templates(self._pages, self._files)
        self._cookies = Cookies(is_secure=is_secure)
        self._logins = Logins(sessions, self._cookies)
        self.failures = FailurePages(self._templates)
        self._with_file = [
            compile_path(page.place.path)[0] for page in pages.values() if page.place.takes_file
        ]

    def takes_file(self, path: str) -> bool:
        """Whether a request for a path may have a file in it."""
        return path == UPLOADS or any(pattern.fullmatch(path) for pattern in self._with_file)

    def routes(self) -> list[BaseRoute]:
        """Give the routes; ``/login`` and ``/logout`` are the API's as well, which takes JSON."""
        pages = sorted(self._pages.values(), key=lambda page: _specific(page.place.path))
        return [
            Route(f"{STATIC}{{name}}", self._files.answer),
            Route("/favicon.ico", self._files.icon),
            Route("/logout", self._or(self._logout, self._sessions.end), methods=["POST"]),
            Route("/login", self._or(self._login, self._sessions.open), methods=["GET", "POST"]),
            *(
                Route(
                    page.place.path,
                    self._page(page),
                    methods=["GET", "POST"] if page.operation("Change") else ["GET"],
                )
                for page in pages
                if page.name != _LOGIN
            ),
        ]

    def _page(self, page: Page) -> Handler:
        async def answer(request: Request) -> Response:
            return await self._answered(request, page, self._shown_or_done)

        return answer

    def _or(self, own: Handler, api: Handler) -> Handler:
        """Answer a browser with a page, and a program that sends JSON as the API does."""

        async def answer(request: Request) -> Response:
            is_page = request.method in {"GET", "HEAD"} or is_form(request)
            return await (own if is_page else api)(request)

        return answer

    async def _login(self, request: Request) -> Response:
        return await self._answered(request, self._pages[_LOGIN], self._login_form)

    async def _logout(self, request: Request) -> Response:
        async def close(visit: Visit) -> Response:
            await self._forms.posted(visit)
            return await self._logins.close(request)

        return await self._answered(request, self._pages[_LOGIN], close)

    async def _answered(
        self, request: Request, page: Page, make: Callable[[Visit], Awaitable[Response]]
    ) -> Response:
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
        return await sent(request, answer)

    async def _visit(self, request: Request, page: Page) -> Visit:
        token = self._cookies.token(request)
        async with self._operations.limiter:
            known = await self._viewers.of_token(token) if token else None
            # An app's token is no session.
            is_logged_in = known is not None and known[0].role is not Role.PARTNER
            if known is None or not is_logged_in:
                shift = await shift_in(self._viewers.installation)
                known = ANONYMOUS_IN[language_for(request)], shift
        caller = Caller(*known, network_of_request(request))
        return Visit(request, page, caller, self._operations, is_logged_in)

    async def _shown_or_done(self, visit: Visit) -> Response:
        request, page = visit.request, visit.page
        if not visit.is_logged_in and not page.place.is_open:
            path = request.scope["path"]
            return RedirectResponse(f"/login?{urlencode({'next': path})}", 303)
        if request.method != "POST":
            return await self._shown(visit, Outcome(Posted({}, visit.language)))
        posted = await self._forms.posted(visit)
        outcome = await Submission(visit, posted, self._schema).outcome()
        if outcome.result is None or page.place.shows_result:
            return await self._shown(visit, outcome)
        place = page.place
        parts = {**request.path_params, "result": outcome.result}
        # Without a fragment the browser would keep the one that the form was sent to.
        answer = RedirectResponse(f"{address(place.then or place.back, parts)}#main", 303)
        self._cookies.note_done(answer, page.name)
        return answer

    async def _shown(self, visit: Visit, outcome: Outcome) -> Response:
        """Show a page: of a form, with what was typed and what is wrong with it."""
        request, page = visit.request, visit.page
        data = await visit.show(self._schema)
        change = page.operation("Change")
        form = change and Form(
            self._schema,
            change,
            visit.language,
            found_in(data, STORED),
            outcome.posted.values,
            outcome.posted.faults,
            outcome.added,
        )
        values = self._around(visit) | data
        values |= {"form": form, "preview": outcome.preview, "result": outcome.result}
        answer = html(self._templates.render(page.template, visit.language, values), outcome.status)
        self.failures.operator = data["operator"]
        if self._cookies.done(request):
            self._cookies.forget_done(answer)
        return answer

    def _around(self, visit: Visit) -> dict[str, Any]:
        """Give what every template may need."""
        request, place = visit.request, visit.page.place
        done = self._pages.get(self._cookies.done(request) or "")
        return {
            "page": visit.page.name,
            "here": request.scope["path"],
            "parts": request.path_params,
            "query": dict(request.query_params),
            "back": address(place.back, request.path_params),
            "is_logged_in": visit.is_logged_in,
            "refused": visit.refused,
            "errors": visit.errors,
            "done": done and self._templates.block(done.template, "done", visit.language),
        }

    async def _login_form(self, visit: Visit) -> Response:
        posted = Posted({}, visit.language)
        if visit.request.method == "POST":
            posted = await self._forms.posted(visit)
            opened = await self._logins.open(visit.request, posted)
            if opened is not None:
                return opened
        elif visit.is_logged_in:
            return RedirectResponse(own_path(visit.request.query_params.get("next")), 303)
        data = await visit.ask("Show", {})
        values = self._around(visit) | data
        values |= {
            "email": posted.last("email"),
            "next": own_path(posted.last("next") or visit.request.query_params.get("next")),
            "faults": posted.faults,
        }
        status = 422 if posted.faults else 200
        answer = html(self._templates.render(visit.page.template, visit.language, values), status)
        if self._cookies.done(visit.request):
            self._cookies.forget_done(answer)
        return answer


def _specific(path: str) -> list[tuple[bool, str]]:
    """Order paths so that a word comes before a variable in its place."""
    return [(part.startswith("{"), part) for part in path.split("/")]
