"""Every page in every way of looking at it, in a world where nothing is empty."""

import pytest

from portal.viewer import Language
from tests.browser.visitor import visiting
from tests.pages import PAGES
from tests.world import Kind

NARROW = {"width": 360, "height": 740}
# Each page is met in each language, by keyboard, without scripts, in a narrow window, in the dark.
WAYS = {
    "nl, 360 pixels, dark": (
        Language.NL,
        (Kind.OWNER, Kind.MANAGER),
        {"locale": "nl-NL", "viewport": NARROW, "color_scheme": "dark"},
    ),
    "de, without scripts": (
        Language.DE,
        (Kind.MANAGER, Kind.OWNER),
        {"locale": "de-DE", "scripts": False},
    ),
    "en, by keyboard": (Language.EN, (Kind.OWNER, Kind.MANAGER), {"locale": "en-GB"}),
}
# What is folded away is a part of the page as well.
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("way", WAYS)
async def test_a_page_has_no_barrier(browser, server, worlds, way, name):
    language, kinds, conditions = WAYS[way]
    page, world = PAGES[name], worlds[language]
    async with visiting(browser, server.address, **conditions) as visitor:
        await visitor.open_as(page, world, kinds)
        assert await visitor.page.locator("html").get_attribute("lang") == language.lower()
        await visitor.page.evaluate(OPEN_ALL)
        assert await visitor.barriers() == {}
        assert await visitor.overflow() <= 0
        if "keyboard" in way:
            assert await visitor.unreached() == []
