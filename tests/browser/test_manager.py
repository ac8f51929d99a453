"""The walk of a manager: in German, without scripts, at 360 pixels, in the dark."""

from datetime import timedelta

from playwright.async_api import expect

from portal.clock import now
from portal.login.hashing import hash_password
from portal.models import Password
from portal.viewer import Language
from tests import factories
from tests.api.playing import PASSWORD
from tests.browser.visitor import Way
from tests.world import account_world

SAVED = "Ihre Änderungen sind gespeichert."
WAY = Way(Language.DE, scriptless=True, narrow=True, dark=True)


async def test_a_manager_agrees_other_terms_and_cancels_for_a_customer(
    visiting, server, owner_engine
):
    world = account_world()
    manager = factories.person(language=Language.DE)
    secret = Password(person_id=manager.id, hash=hash_password(PASSWORD))
    await factories.write(owner_engine, [*world.rows, manager, factories.staff(manager), secret])
    async with visiting(server.address, WAY) as visitor:
        page, hand = visitor.page, visitor.hand
        await visitor.open("/login")
        await hand.type(page.get_by_label("E-Mail-Adresse"), manager.email)
        await hand.type(page.get_by_label("Passwort"), PASSWORD)
        await hand.press(page.get_by_role("button", name="Anmelden"))

        await hand.type(page.get_by_role("searchbox"), world.account.name)
        await hand.press(page.get_by_role("button", name="Suchen"))
        await hand.press(page.get_by_role("link", name=world.account.name))
        await expect(page.get_by_role("heading", level=1)).to_have_text(world.account.name)

        await hand.press(page.get_by_role("link", name="Ändern Zahlungsbedingungen"))
        await hand.type(page.get_by_label("Name der Bedingungen"), "60 Tage netto")
        await hand.type(page.get_by_label("Zahlungsziel in Tagen"), "bald")
        await hand.press(page.get_by_role("button", name="Speichern"))
        await expect(page.get_by_role("alert")).to_contain_text("Das ist keine ganze Zahl.")
        assert await visitor.barriers() == {}
        await hand.type(page.get_by_label("Zahlungsziel in Tagen"), "60")
        await hand.type(page.get_by_label("Grund für den Verlauf"), "Am Telefon vereinbart.")
        await hand.press(page.get_by_role("button", name="Speichern"))
        await expect(page.get_by_role("status")).to_have_text(SAVED)
        await expect(page.get_by_text("60 Tage netto")).to_be_visible()

        await hand.press(page.get_by_role("link", name="Modul kündigen"))
        await hand.choose(page.get_by_role("radio", name="Ein anderer Tag"))
        await page.get_by_text("Ein anderer Tag, als der Tarif erlaubt").last.click()
        last_day = (now() + timedelta(days=40)).date()
        await hand.type(page.get_by_label("Abweichender letzter Tag"), last_day.isoformat())
        await hand.type(page.get_by_label("Grund für den Verlauf"), "Aus Kulanz.")
        await hand.press(page.get_by_role("button", name="Ansehen, was geschieht"))
        await expect(
            page.get_by_role("term").filter(has_text="Kosten im Monat danach")
        ).to_be_visible()
        assert await visitor.barriers() == {}
        await hand.press(page.get_by_role("button", name="Modul kündigen"))
        await expect(page.get_by_role("status")).to_contain_text("Das Modul ist gekündigt.")
