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
from portal.web.budget import Budgets
from portal.web.endpoint import GraphQLEndpoint
from portal.web.execution import Execution
from portal.web.fence import Fence
from portal.web.gate import Gate
from portal.web.graphiql import Graphiql
from portal.web.headers import SecurityHeaders
from portal.web.health import Health
from portal.web.login import Sessions
from portal.web.origin import Origins
from schema.root import schema


def create_app(settings: Settings, addresses: Addresses) -> Starlette:
    """Build the application; its connections open with the first request and close at its end."""
    limits = settings.limits
    # Two more connections than operations: for logins that are looked up, and for what follows.
    database = Database(addresses, size=settings.concurrency + 2, seconds=limits.seconds + 2)
    gate = Gate(settings.concurrency, settings.queue_seconds)
    development = settings.env is Environment.DEVELOPMENT
    budgets = Budgets(database.app, settings.budget, settings.budget_per_second)
    graphiql = Graphiql(settings.data / "graphiql") if development else None
    execution = Execution(schema._schema, database, limits)  # noqa: SLF001 -- no public name
    sessions = Sessions(database, gate)
    routes: list[BaseRoute] = [
        Route("/graphql", GraphQLEndpoint(execution, database, gate, budgets, graphiql)),
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
        await database.close()

    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Fence),
            Middleware(Origins, frozenset(settings.origins)),
            Middleware(BodyLimit, limits),
        ],
        exception_handlers={HTTPException: http_failure},
        lifespan=lifespan,
    )
    # A redirect would be built from the Host header, which anyone may write.
    app.router.redirect_slashes = False
    return app
