"""GraphiQL, the page for developers."""

from playwright.async_api import expect

from portal.viewer import Language
from tests.browser.visitor import Way


async def test_an_example_is_answered(visiting, server):
    async with visiting(server.address, Way(Language.EN)) as visitor:
        page = visitor.page
        assert (await visitor.open("/graphql")).status == 200
        await page.wait_for_load_state("networkidle")
        await expect(page.get_by_role("tab", name="Catalogue")).to_be_visible()
        await page.get_by_role("button", name="Execute").click()
        await page.get_by_role("menuitem", name="Catalogue").click()
        await expect(page.get_by_label("Result Window")).to_contain_text('"role": "ANONYMOUS"')
