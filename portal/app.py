"""The composition root: every part made once and put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from portal.addresses import Addresses
from portal.database import Database
from portal.settings import Environment, Settings
from portal.web.answer import http_failure
from portal.web.body import BodyLimit
from portal.web.endpoint import GraphQLEndpoint
from portal.web.execution import Execution
from portal.web.fence import Fence
from portal.web.graphiql import Graphiql
from portal.web.headers import SecurityHeaders
from portal.web.health import Health
from portal.web.limits import Limits
from portal.web.login import Sessions
from portal.web.shortcut import Shortcut
from portal.web.viewers import Viewers
from schema.root import schema


def create_app(settings: Settings, addresses: Addresses, limits: Limits | None = None) -> Starlette:
    """Build the application; its connections open with the first request and close at its end."""
    limits = limits or Limits()
    database = Database(addresses)
    development = settings.env is Environment.DEVELOPMENT
    graphiql = Graphiql(settings.data / "graphiql") if development else None
    execution = Execution(
        schema._schema,  # noqa: SLF001 -- no public name
        database,
        limits,
        compiled=settings.compiled_reading,
    )
    sessions = Sessions(database)
    viewers = Viewers(database, addresses)
    graphql = GraphQLEndpoint(execution, database, viewers, graphiql)
    routes: list[BaseRoute] = [
        Route("/login", sessions.open, methods=["POST"]),
        Route("/logout", sessions.end, methods=["POST"]),
        Route("/health", Health(database).answer),
    ]
    if graphiql:
        routes += [
            Route("/graphiql/examples.json", graphiql.examples),
            Route("/graphiql/{name}", graphiql.file),
        ]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await viewers.close()
        await database.close()

    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Fence),
            Middleware(BodyLimit, limits),
            Middleware(Shortcut, "/graphql", graphql),
        ],
        exception_handlers={HTTPException: http_failure},
        lifespan=lifespan,
    )
    # A redirect would be built from the Host header, which anyone may write.
    app.router.redirect_slashes = False
    return app
