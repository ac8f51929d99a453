"""The walk of a customer: by keyboard alone, in English."""

from playwright.async_api import expect

from portal.login.hashing import hash_password
from portal.models import Password
from portal.viewer import Language
from tests import factories
from tests.api.playing import PASSWORD
from tests.browser.visitor import Visitor, Way
from tests.world import account_world

SEE = "See what comes of it"
GREETING = {
    "type": "object",
    "properties": {"greeting": {"type": "string", "title": "Greeting", "maxLength": 20}},
    "required": ["greeting"],
}


async def test_a_customer_looks_after_a_contract(visiting, server, owner_engine):
    world = account_world()
    secret = Password(person_id=world.owner.id, hash=hash_password(PASSWORD))
    telephone = factories.module(name="Telephone", data_schema=GREETING)
    small, large = (factories.tariff(telephone, name=name) for name in ("Small", "Large"))
    offered = [
        telephone,
        *(row for one in (small, large) for row in (one, *factories.price_list(one))),
    ]
    await factories.write(owner_engine, [*world.rows, secret, *offered])
    async with visiting(server.address, Way(Language.EN, keyboard=True)) as visitor:
        await visitor.open(f"/accounts/{world.id}/billing")
        await log_in(visitor, world.owner.email)
        await have_invoices_sent_elsewhere(visitor)
        await order_a_module(visitor)
        await cancel_it_and_keep_it(visitor)
        await visitor.hand.press(visitor.page.get_by_role("button", name="Log out"))
        await expect(visitor.page).to_have_url(f"{server.address}/login")


async def log_in(visitor: Visitor, email: str) -> None:
    page, hand = visitor.page, visitor.hand
    await hand.type(page.get_by_label("E-mail address"), email)
    await hand.type(page.get_by_label("Password"), "a wrong password")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await hand.type(page.get_by_label("Password"), PASSWORD)
    await page.keyboard.press("Enter")


async def have_invoices_sent_elsewhere(visitor: Visitor) -> None:
    page, hand = visitor.page, visitor.hand
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


async def order_a_module(visitor: Visitor) -> None:
    page, hand = visitor.page, visitor.hand
    await hand.press(page.get_by_role("link", name="Order a module"))
    await hand.press(page.get_by_role("link", name="Telephone"))
    await expect(page.locator(".tariff")).to_have_count(2)
    await hand.choose(page.get_by_role("radio", name="Large"))
    await hand.press(page.get_by_role("button", name=SEE).last)
    await expect(page.get_by_role("alert")).to_contain_text("Greeting")
    assert await visitor.barriers() == {}
    await hand.type(page.get_by_label("Greeting"), "Good morning.")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("It can end on")).to_be_visible()
    assert await visitor.barriers() == {}
    await hand.press(page.get_by_role("button", name="Order with payment"))
    await expect(page.get_by_role("status")).to_contain_text("The module is ordered.")


async def cancel_it_and_keep_it(visitor: Visitor) -> None:
    page, hand = visitor.page, visitor.hand
    telephone = page.locator(".module").filter(has_text="Telephone")
    await hand.press(telephone.get_by_role("link", name="Cancel module"))
    days = page.get_by_role("radio")
    await expect(days.first).to_be_checked()
    await hand.choose(days.nth(1))
    await hand.type(page.get_by_label("Is there something you want to say?"), "Too dear.")
    await hand.press(page.get_by_role("button", name=SEE).last)
    await expect(page.get_by_text("It ends on")).to_be_visible()
    await expect(page.locator(".reasons li").first).to_contain_text("Notice arrives on")
    assert await visitor.barriers() == {}
    await hand.press(page.get_by_role("button", name="Cancel the module"))
    await expect(page.get_by_role("status")).to_contain_text("The module is cancelled.")
    await hand.press(telephone.get_by_role("link", name="Details"))
    await hand.press(page.get_by_role("link", name="Withdraw the cancellation"))
    await hand.press(page.get_by_role("button", name=SEE).last)
    await expect(page.get_by_role("term").filter(has_text="Costs each month after")).to_be_visible()
    await hand.press(page.get_by_role("button", name="Withdraw the cancellation"))
    await expect(page.get_by_role("status")).to_contain_text("The cancellation is withdrawn.")
    await expect(page.get_by_role("link", name="Cancel module")).to_be_visible()
