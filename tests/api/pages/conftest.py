"""Browsers of the viewers of a world."""

from collections.abc import AsyncIterator, Callable

import pytest
from httpx import AsyncClient
from starlette.applications import Starlette

from tests.api.asking import client_of
from tests.api.pages.browsing import Browser
from tests.world import World
from tests.world.account_world import Kind

Browsing = Callable[[Kind], Browser]
SESSION = "portal"


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[Browser]:
    """A browser of nobody in particular."""
    async with client_of(app) as client:
        yield Browser(client)


@pytest.fixture
async def browsing(app: Starlette, world: World) -> AsyncIterator[Browsing]:
    """A browser in which somebody has logged in."""
    clients: list[AsyncClient] = []

    def browser_of(kind: Kind) -> Browser:
        client = client_of(app)
        clients.append(client)
        client.cookies.set(SESSION, world.own.tokens[kind] or "")
        return Browser(client)

    yield browser_of
    for client in clients:
        await client.aclose()
