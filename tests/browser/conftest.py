"""A real browser, and a portal served by its command for it to look at."""

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager

import pytest
from playwright.async_api import async_playwright
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from portal.database.addresses import Addresses
from portal.models import Account, Module, Person, Tariff
from portal.viewer import Language
from tests import factories
from tests.browser import programs
from tests.browser.visitor import Visitor, Way, Windows
from tests.server import Server, serving
from tests.world import World, make_world

Visiting = Callable[[str, Way], AbstractAsyncContextManager[Visitor]]
# Wider than a telephone, and without a place to break.
_LONG = "Rechtsschutzversicherungsgesellschaftsangestellte"
_NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def pytest_xdist_auto_num_workers() -> int:
    """Give one process for each processor: a browser and a portal work beside it."""
    return os.cpu_count() or 1


@pytest.fixture(scope="session")
async def visiting() -> AsyncIterator[Visiting]:
    """Start Chromium, and give how to visit an address with it."""
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(**programs.chromium(), args=[_NOWHERE_ELSE]) as browser,
    ):
        yield Windows(browser).visiting


@pytest.fixture(scope="session")
def server(
    visiting: Visiting, addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Serve the portal; where there is no browser, it is not even started."""
    with serving(addresses, tmp_path_factory.mktemp("data")) as server:
        yield server


@pytest.fixture(scope="session")
async def owner_engine(addresses: Addresses) -> AsyncIterator[AsyncEngine]:
    """Give the way of the role that owns the tables."""
    engine = create_async_engine(addresses.owner)
    yield engine
    await engine.dispose()


def _world_in(language: Language) -> World:
    """Make a world whose people read a language, and in which every name is long."""
    world = make_world()
    for row in [*world.own.rows, *world.foreign.rows]:
        if isinstance(row, Person):
            row.language = language
        if isinstance(row, Account | Module | Person | Tariff):
            row.name = f"{_LONG} {row.name}"
    return world


@pytest.fixture(scope="session")
async def worlds(owner_engine: AsyncEngine) -> Mapping[Language, World]:
    """Make a world in each language: tests may look at it, and change nothing in it."""
    made = {language: _world_in(language) for language in Language}
    for world in made.values():
        await factories.write(owner_engine, [*world.own.rows, *world.foreign.rows])
    return made
