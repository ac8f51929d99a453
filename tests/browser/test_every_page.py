"""Every page in every way of looking at it, in a world where nothing is empty."""

import pytest

from portal.viewer import Language
from tests.browser.visitor import Way
from tests.pages import PAGES
from tests.world import Kind

# Each page is met in each language, by keyboard, without scripts, in a narrow window, in the dark.
WAYS = {
    Way(Language.NL, narrow=True, dark=True): (Kind.OWNER, Kind.MANAGER),
    Way(Language.DE, scriptless=True): (Kind.MANAGER, Kind.OWNER),
    Way(Language.EN, keyboard=True): (Kind.OWNER, Kind.MANAGER),
}
# What is folded away is a part of the page as well.
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_a_page_has_no_barrier(visiting, server, worlds, way, name):
    async with visiting(server.address, way) as visitor:
        await visitor.open_as(PAGES[name], worlds[way.language], WAYS[way])
        language = await visitor.page.locator("html").get_attribute("lang")
        assert language == way.language.lower()
        await visitor.page.evaluate(OPEN_ALL)
        assert await visitor.barriers() == {}
        assert await visitor.overflow() <= 0
        if way.keyboard:
            assert await visitor.unreached() == []
