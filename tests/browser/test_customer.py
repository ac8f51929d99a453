"""The walk of a customer: by keyboard alone, in English."""

from playwright.async_api import expect

from portal.login.hashing import hash_password
from portal.models import Password
from tests import factories
from tests.api.playing import PASSWORD
from tests.browser.hand import Keyboard
from tests.browser.visitor import visiting
from tests.world import account_world


async def test_a_customer_looks_after_a_contract(browser, server, owner_engine):
    world = account_world()
    secret = Password(person_id=world.owner.id, hash=hash_password(PASSWORD))
    await factories.write(owner_engine, [*world.rows, secret])
    async with visiting(browser, server.address, locale="en-GB") as visitor:
        page, hand = visitor.page, Keyboard(visitor.page)
        await visitor.open(f"/accounts/{world.id}/billing")
        await hand.type(page.get_by_label("E-mail address"), world.owner.email)
        await hand.type(page.get_by_label("Password"), "a wrong password")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_be_visible()
        await hand.type(page.get_by_label("Password"), PASSWORD)
        await page.keyboard.press("Enter")

        await expect(page.get_by_role("heading", name="Invoices")).to_be_visible()
        await hand.choose(page.get_by_label("Another address"))
        await hand.type(page.get_by_label("Name", exact=True), "Bakery De Vries, bookkeeping")
        await hand.type(page.get_by_label("Postal code"), "not a code")
        await hand.press(page.get_by_role("button", name="Save").last)
        await expect(page.get_by_role("alert")).to_be_focused()
        await hand.press(page.get_by_role("alert").get_by_role("link").first)
        await expect(page.get_by_label("Postal code")).to_be_focused()
        await page.keyboard.press("Control+A")
        await page.keyboard.type("3511 AB")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Your changes are saved.")
        await expect(page.get_by_text("Bakery De Vries, bookkeeping")).to_be_visible()
        await hand.press(page.get_by_role("button", name="Log out"))
        await expect(page).to_have_url(f"{server.address}/login")
