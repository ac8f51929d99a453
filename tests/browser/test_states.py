"""Pages in the states that seldom are looked at: empty, refused, overtaken, missing, overloaded."""

import pytest

from portal.language.global_id import encode
from portal.viewer import Language, Role
from tests import factories
from tests.browser.test_every_page import NARROW
from tests.browser.visitor import visiting
from tests.pages import PAGES, paths_of
from tests.server import serving
from tests.world import Kind

# Its form is there once no module runs any more, as in no world of these.
_LATER = {"people/delete_account"}
FORMS = [name for name, page in PAGES.items() if page.operation("Change") and name not in _LATER]
# What an account without anything has a page of.
BARE = [name for name, page in PAGES.items() if paths_of(page, {"Account": ["id"]})]
CONDITIONS = {"viewport": NARROW, "color_scheme": "dark"}
# A control that no form has, as one of another version would send.
ADD_CONTROL = """form => form.insertAdjacentHTML(
  "beforeend", '<input type="hidden" name="input.ofYesterday" value="x">')"""
OVERTAKE = """form => form.elements["input.expectedVersion"].value = "0" """


async def looked_at(visitor):
    assert await visitor.barriers() == {}
    assert await visitor.overflow() <= 0


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("fault", [ADD_CONTROL, OVERTAKE], ids=["of another version", "overtaken"])
async def test_a_form_that_is_refused(browser, server, worlds, name, fault):
    async with visiting(browser, server.address, **CONDITIONS) as visitor:
        page = visitor.page
        await visitor.open_as(PAGES[name], worlds[Language.DE], (Kind.OWNER, Kind.MANAGER))
        form = page.locator("main form:has([name=do])").first
        if fault == OVERTAKE and not await form.locator("[name='input.expectedVersion']").count():
            fault = ADD_CONTROL
        await form.evaluate(fault)
        async with page.expect_navigation() as navigation:
            await form.locator("[name=do]:not(.unseen, .quiet)").first.click()
        assert (await (await navigation.value).request.response()).status == 422
        assert page.url.endswith("#problems")
        await looked_at(visitor)


PREVIEWED = [name for name in FORMS if PAGES[name].operation("Preview")]


@pytest.mark.parametrize("name", PREVIEWED)
async def test_a_preview_or_what_it_misses(browser, server, worlds, name):
    async with visiting(browser, server.address, **CONDITIONS) as visitor:
        await visitor.open_as(PAGES[name], worlds[Language.NL], (Kind.OWNER, Kind.MANAGER))
        async with visitor.page.expect_navigation():
            await visitor.page.locator("main form [value=Preview]:not(.unseen)").first.click()
        await looked_at(visitor)


@pytest.fixture(scope="session")
async def bare(owner_engine):
    """Give the ids of an account without anything, and the token of its owner."""
    owner = factories.person(language=Language.NL)
    account, owning = factories.account(owner)
    token, session = factories.credential(Role.CUSTOMER, owner)
    await factories.write(owner_engine, [owner, account, owning, session])
    return {"Account": [encode("Account", account.id)]}, token


@pytest.mark.parametrize("name", BARE)
async def test_a_page_with_nothing_on_it(browser, server, bare, name):
    ids, token = bare
    async with visiting(browser, server.address, **CONDITIONS) as visitor:
        await visitor.log_in(token)
        for path in paths_of(PAGES[name], ids):
            assert (await visitor.open(path)).status in {200, 404}
            await looked_at(visitor)


async def test_a_page_that_is_not_there(browser, server):
    async with visiting(browser, server.address, **CONDITIONS) as visitor:
        assert (await visitor.open("/nothing")).status == 404
        await looked_at(visitor)


async def test_a_portal_that_has_too_much_to_do(browser, addresses, tmp_path):
    with serving(addresses, tmp_path, limit_seconds=0) as hasty:
        async with visiting(browser, hasty.address, **CONDITIONS) as visitor:
            assert (await visitor.open("/login")).status == 503
            await looked_at(visitor)
