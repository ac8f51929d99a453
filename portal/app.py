"""The composition root: every part made once and put together."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from portal import clock
from portal.actions.people.calendar_address import PATH as CALENDAR
from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.installation import Installation
from portal.login.seal import Seal, secret_of
from portal.pages.page import load_pages
from portal.pages.site import Site
from portal.rules.catalogue.price_rise import RisePolicy, SpecialRight
from portal.settings.manifest import read_manifest
from portal.settings.settings import Environment, Settings
from portal.web.answer import Shown, as_json, http_failure
from portal.web.calendar import Calendars
from portal.web.document_files import ROUTE as DOCUMENT_FILES
from portal.web.document_files import DocumentFiles
from portal.web.door.body import BodyLimit
from portal.web.door.error_boundary import ErrorBoundary
from portal.web.door.host import Hosts, names_of
from portal.web.door.limiter import Limiter
from portal.web.door.origin import Origins
from portal.web.door.shaper import Shaped, Shaper
from portal.web.door.shortcut import Shortcut
from portal.web.files import ROUTE as FILES
from portal.web.files import Files
from portal.web.graphiql.page import Graphiql
from portal.web.graphql.budget import Budgets
from portal.web.graphql.endpoint import GraphQLEndpoint
from portal.web.graphql.execution import Execution
from portal.web.graphql.introspection import shown_schemas
from portal.web.graphql.operations import Operations
from portal.web.graphql.persisted import PersistedQueries, TrustedDocuments
from portal.web.health import Health
from portal.web.login import Sessions
from portal.web.metrics import Metrics
from portal.web.security_text import PATH as SECURITY_TEXT
from portal.web.security_text import SecurityText
from portal.web.uploads import PATH as UPLOADS
from portal.web.uploads import Uploads
from portal.web.viewers import Viewers
from schema.root import schema

HASHING_PLACES = 3
"""Requests that hash a password, at once: one of them hashes while others read and write."""
UPLOAD_PLACES = 3
"""Files that may be in memory at once."""
# One that hashes takes longer than most operations.
_PATIENCE_SECONDS = 1.0


class _Application(Starlette):
    """Starlette, with our fence in the place of its own: that one answers in English."""

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; whatever asks who it belongs to is told."""
        scope["app"] = self
        await self._stack(scope, receive, send)

    @cached_property
    def _stack(self) -> ASGIApp:
        return self.build_middleware_stack()

    @override
    def build_middleware_stack(self) -> ASGIApp:
        """Leave the outermost layer out."""
        stack = super().build_middleware_stack()
        return stack.app if isinstance(stack, ServerErrorMiddleware) else stack


def _closing(*parts: Viewers | Health | Database) -> Callable[[Starlette], Any]:
    """Close the parts at the end, in their order."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            for part in parts:
                await part.close()

    return lifespan


def _http_failure(show: Shown) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        return show(request.scope, await http_failure(request, error))

    return answer


def connections_of(settings: Settings, addresses: Addresses) -> int:
    """Give how many connections a serving process may take of PostgreSQL."""
    # Two of their own: announcements, and health.
    return _database_of(settings, addresses).most_connections + 2


def _database_of(settings: Settings, addresses: Addresses) -> Database:
    # A place for hashing has its connections too.
    size = settings.concurrency + HASHING_PLACES
    return Database(addresses, size=size, seconds=settings.limits.seconds + 2)


def create_app(
    settings: Settings, addresses: Addresses, now: Callable[[], datetime] = clock.now
) -> Starlette:
    """Build the application; its connections open with the first request and close at its end."""
    limits = settings.limits
    database = _database_of(settings, addresses)
    limiter = Limiter(settings.concurrency, settings.queue_seconds)
    patience = max(_PATIENCE_SECONDS, settings.queue_seconds)
    hashing, ending = Limiter(HASHING_PLACES, patience), Limiter(1, patience)
    development = settings.env is Environment.DEVELOPMENT
    installation = Installation(
        database,
        Seal(secret_of(settings)),
        is_development=development,
        language=settings.language,
        most_mails=settings.limit_mails,
        rise_policy=RisePolicy(
            settings.rise_days,
            settings.rise_days_business,
            SpecialRight[settings.special_right.name],
        ),
        now=now,
    )
    budgets = Budgets(database.app, settings.budget, settings.budget_per_second)
    graphiql = Graphiql() if development else None
    core = schema._schema  # noqa: SLF001 -- no public name
    pages = load_pages(core) if settings.pages else {}
    manifest = settings.trusted_documents
    own = {page.name: page.source for page in pages.values()}
    trusted = manifest and TrustedDocuments({**read_manifest(manifest), **own})
    shown = shown_schemas(core, settings.introspection)
    execution = Execution(
        core,
        installation,
        limits,
        sources=trusted or PersistedQueries(),
        shown=shown,
        compiled=settings.compiled_reading,
    )
    viewers = Viewers(installation, addresses)
    sessions = Sessions(viewers, budgets, hashing, ending)
    shaper = Shaper()
    operations = Operations(execution, installation, limiter, hashing, budgets)
    graphql = GraphQLEndpoint(operations, viewers, shaper, graphiql)
    calendars = Calendars(installation, limiter, budgets)
    files = Files(installation, limiter, budgets)
    document_files = DocumentFiles(installation, limiter, budgets)
    places = Limiter(UPLOAD_PLACES, patience)
    uploads = Uploads(viewers, budgets, places, limiter, limits.upload)
    site = None
    if settings.pages:
        site = Site(
            core, shown, pages, operations, viewers, sessions, uploads, is_secure=not development
        )
    health = Health(addresses)
    routes: list[BaseRoute] = [
        *(site.routes() if site else ()),
        Route("/login", sessions.open, methods=["POST"]),
        Route("/logout", sessions.end, methods=["POST"]),
        Route(CALENDAR, calendars.answer),
        Route(FILES, files.answer),
        Route(DOCUMENT_FILES, document_files.answer),
        Route(UPLOADS, uploads.answer, methods=["POST"]),
        Route("/health", health.answer),
        Route("/live", health.live),
    ]
    if settings.security_contact:
        page = SecurityText(settings.security_contact, now)
        routes.append(Route(SECURITY_TEXT, page.answer))
    if settings.metrics_token:
        metrics = Metrics(execution.plans, settings.metrics_token.get_secret_value())
        routes.append(Route("/metrics", metrics.answer))
    if graphiql:
        routes += [
            Route("/graphiql/examples.json", graphiql.examples),
            Route("/graphiql/{name}", graphiql.file),
        ]

    takes_file = site.takes_file if site else UPLOADS.__eq__
    show = site.failures.shown if site else as_json

    app = _Application(
        routes=routes,
        middleware=[
            Middleware(ErrorBoundary, show),
            Middleware(Shaped, shaper, "/graphql"),
            Middleware(Hosts, names_of(settings)),
            Middleware(Origins, frozenset(settings.origins)),
            Middleware(BodyLimit, limits, takes_file),
            Middleware(Shortcut, "/graphql", graphql),
        ],
        exception_handlers={HTTPException: _http_failure(show)},
        lifespan=_closing(viewers, health, database),
    )
    app.state.limiters = {
        b"/graphql": limiter,
        CALENDAR.encode(): limiter,
        DOCUMENT_FILES.encode(): limiter,
        UPLOADS.encode(): places,
        b"/login": hashing,
        b"/logout": ending,
    }
    app.state.health = health
    # A redirect would be built from the Host header, which anyone may write.
    app.router.redirect_slashes = False
    return app
