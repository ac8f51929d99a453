"""A real browser, and a portal served by its command for it to look at."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, async_playwright

from portal.database.addresses import Addresses
from tests.browser import programs
from tests.server import Server, serving

_NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium, without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**programs.chromium(), args=[_NOWHERE_ELSE])
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def server(
    browser: Browser, addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Serve the portal; where there is no browser, it is not even started."""
    with serving(addresses, tmp_path_factory.mktemp("data")) as server:
        yield server
