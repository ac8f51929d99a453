"""Ways to ask an application, without a socket."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from portal import clock
from portal.app import create_app
from portal.database.addresses import Addresses
from portal.settings.settings import Settings
from tests import factories

Api = Callable[..., Awaitable[dict[str, Any]]]


@asynccontextmanager
async def application(
    settings: Settings, addresses: Addresses, now: Callable[[], datetime] = clock.now
) -> AsyncIterator[Starlette]:
    """Run an application for a while: at its end nothing of it goes on.

    Its operations may take longer than elsewhere, unless it says so: the machine may be busy.
    """
    if "limit_seconds" not in settings.model_fields_set:
        settings = settings.model_copy(update={"limit_seconds": 60})
    app = create_app(settings, addresses, now)
    async with app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def own_client(
    settings: Settings,
    addresses: Addresses,
    now: Callable[[], datetime] = clock.now,
    **options: Any,
) -> AsyncIterator[AsyncClient]:
    """Run an application for a while, and give a client of it; ``options`` are the client's."""
    async with application(settings, addresses, now) as app, client_of(app, **options) as client:
        yield client


def client_of(app: Starlette, address: str | None = None, **options: Any) -> AsyncClient:
    """Give a client at an address, or at one in a network of its own.

    An exception that nobody answers fails the test. ``options`` are those of httpx.
    """
    transport = ASGITransport(app, client=(address or factories.network(), 1))
    return AsyncClient(transport=transport, **({"base_url": "http://localhost"} | options))


def api_of(client: AsyncClient) -> Api:
    """Give the way to ask over a client."""

    async def api(document: str, viewer: str | None = None, **variables: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {viewer}"} if viewer else {}
        asked = {"query": document, "variables": variables}
        response = await client.post("/graphql", json=asked, headers=headers)
        answer: dict[str, Any] = response.json()
        assert response.status_code == 200, answer
        return without_cost(answer)

    return api


def without_cost(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out what every answer says of its cost."""
    extensions = answer.get("extensions", {})
    extensions.pop("cost", None)
    if not extensions:
        answer.pop("extensions", None)
    return answer
