"""Pages in the states that seldom are looked at: empty, refused, overtaken, missing, overloaded."""

import pytest

from portal.language.global_id import encode
from portal.viewer import Language, Role
from tests import factories
from tests.browser.visitor import Way
from tests.pages import PAGES, paths_of
from tests.server import serving
from tests.world import Kind

# Its form is there once no module runs any more, as in no world of these.
_LATER = {"people/delete_account"}
FORMS = [name for name, page in PAGES.items() if page.operation("Change") and name not in _LATER]
# What an account without anything has a page of.
BARE = [name for name, page in PAGES.items() if paths_of(page, {"Account": ["id"]})]
WAY = Way(Language.NL, narrow=True, dark=True)
# A control that no form has, as one of another version would send.
ADD_CONTROL = """form => form.insertAdjacentHTML(
  "beforeend", '<input type="hidden" name="input.ofYesterday" value="x">')"""
# Whatever else may be missing is there: what is overtaken is looked at last.
OVERTAKE = """form => {
  for (const one of form.elements) {
    if (one.name === "input.expectedVersion") one.value = "0";
    else if (one.type === "date") one.value ||= "2100-01-01";
    else if (one.type === "datetime-local") one.value ||= "2100-01-01T12:00";
    else if (one.type === "select-one") one.selectedIndex ||= 1;
    else if (one.type === "radio") one.checked ||= !form.elements[one.name].value;
    else if (one.inputMode) one.value ||= "1";
  }
}"""
OVERTAKEN = "Jemand anderes war schneller"


async def looked_at(visitor):
    assert await visitor.barriers() == {}
    assert await visitor.overflow() <= 0


async def sent(visitor, change):
    """Send the form of the page, changed by a script; give the status of what comes of it."""
    page = visitor.page
    form = page.locator("main form:has([name=do])").first
    await form.evaluate(change)
    async with page.expect_navigation() as navigation:
        await form.locator("[name=do]:not(.unseen, .quiet)").first.click()
    assert page.url.endswith("#problems")
    return (await (await navigation.value).request.response()).status


@pytest.mark.parametrize("name", FORMS)
async def test_a_form_that_is_refused_and_one_that_is_overtaken(visiting, server, worlds, name):
    async with visiting(server.address, WAY) as visitor:
        await visitor.open_as(PAGES[name], worlds[Language.DE], (Kind.OWNER, Kind.MANAGER))
        assert await sent(visitor, ADD_CONTROL) == 422
        await looked_at(visitor)
        if await visitor.page.locator("main form [name='input.expectedVersion']").count():
            assert await sent(visitor, OVERTAKE) == 422
            problems = visitor.page.locator("#problems")
            assert await problems.locator("h2").inner_text() == OVERTAKEN
            sentences = await problems.locator("li").all_inner_texts()
            assert len(sentences) == len(set(sentences))
            await looked_at(visitor)


PREVIEWED = [name for name in FORMS if PAGES[name].operation("Preview")]


@pytest.mark.parametrize("name", PREVIEWED)
async def test_a_preview_or_what_it_misses(visiting, server, worlds, name):
    async with visiting(server.address, WAY) as visitor:
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
async def test_a_page_with_nothing_on_it(visiting, server, bare, name):
    ids, token = bare
    async with visiting(server.address, WAY) as visitor:
        await visitor.log_in(token)
        for path in paths_of(PAGES[name], ids):
            # What is the operator's own is refused.
            assert (await visitor.open(path)).status in {200, 403, 404}
            await looked_at(visitor)


async def test_a_page_that_is_not_there(visiting, server):
    async with visiting(server.address, WAY) as visitor:
        assert (await visitor.open("/nothing")).status == 404
        await looked_at(visitor)


async def test_a_portal_that_has_too_much_to_do(visiting, addresses, tmp_path):
    with serving(addresses, tmp_path, limit_seconds=0) as hasty:
        async with visiting(hasty.address, WAY) as visitor:
            assert (await visitor.open("/login")).status == 503
            await looked_at(visitor)
