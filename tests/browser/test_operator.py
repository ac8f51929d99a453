"""The first day of an operator: in Dutch, with a mouse, from nothing to what can be ordered."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Page, expect
from sqlalchemy.ext.asyncio import create_async_engine

from portal.clock import now
from portal.database.addresses import Addresses
from portal.embedded import EmbeddedPostgres
from portal.login.hashing import hash_password
from portal.models import Password
from portal.viewer import Language
from tests import factories
from tests.api.playing import PASSWORD
from tests.browser.conftest import Visiting
from tests.browser.visitor import Visitor, Way
from tests.pages import PAGES
from tests.server import serving

CSV = """section,key,name,unit,unitCode,unitPrice,vatCategory,billingMode
Vast,BASE,Vast bedrag,maand,MON,"42,50",STANDARD,MONTHLY_IN_ADVANCE
Verbruik,CALL,Gesprek,gesprek,C62,"1,95",STANDARD,PER_USE
"""


def _chunk(kind: bytes, content: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + crc


LOGO = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress((b"\x00" + b"\x8a\x1c\x4a" * 8) * 8))
    + _chunk(b"IEND", b"")
)


@pytest.fixture
def empty(cluster: EmbeddedPostgres, template: str, worker_id: str) -> Iterator[Addresses]:
    """Give a database with tables and nothing in them."""
    name = f"first_day_{worker_id}"
    cluster.drop_database(name)
    cluster.create_database(name, template)
    yield cluster.addresses(name)
    cluster.drop_database(name)


@dataclass
class Walk:
    """The way of a hand through pages, each of which axe looks at."""

    visitor: Visitor

    @property
    def page(self) -> Page:
        """Give the page in front of the visitor."""
        return self.visitor.page

    async def follow(self, words: str) -> None:
        """Follow a link."""
        await self.visitor.hand.press(self.page.get_by_role("link", name=words, exact=True))
        assert await self.visitor.barriers() == {}

    async def type(self, label: str, text: str, place: int = 0) -> None:
        """Write into a control; of several with one label, the one at a place."""
        await self.visitor.hand.type(self.page.get_by_label(label).nth(place), text)

    async def press(self, button: str, said: str) -> None:
        """Press a button, and read what it did."""
        await self.visitor.hand.press(self.page.get_by_role("button", name=button).last)
        await expect(self.page.get_by_text(said)).to_be_visible()
        assert await self.visitor.barriers() == {}

    async def send(self, label: str, name: str, kind: str, content: bytes) -> None:
        """Choose a file."""
        file = FilePayload(name=name, mimeType=kind, buffer=content)
        await self.page.get_by_label(label).set_input_files(file)


async def test_an_operator_offers_something_on_its_first_day(
    visiting: Visiting, empty: Addresses, tmp_path: Path
):
    manager = factories.person(language=Language.NL)
    secret = Password(person_id=manager.id, hash=hash_password(PASSWORD))
    owner = create_async_engine(empty.owner)
    await factories.write(owner, [manager, factories.staff(manager), secret])
    await owner.dispose()
    today = now().date().isoformat()
    with serving(empty, tmp_path) as server:
        async with visiting(server.address, Way(Language.NL)) as visitor:
            walk = Walk(visitor)
            await visitor.open("/login")
            await walk.type("E-mailadres", manager.email)
            await walk.type("Wachtwoord", PASSWORD)
            await walk.press("Inloggen", "Er is nog geen account.")
            await look_at_what_is_empty(walk)
            await visitor.open("/")
            await walk.follow("Catalogus")
            await expect(walk.page.get_by_text("Er wordt nog niets aangeboden.")).to_be_visible()
            await say_who_it_is(walk, today)
            await say_what_customers_agree_to(walk, today)
            await make_a_tariff(walk)
            await publish_it(walk, today)
            await visitor.open("/catalogue")
            await expect(walk.page.get_by_text("Te bestellen")).to_be_visible()


async def look_at_what_is_empty(walk: Walk) -> None:
    for page in PAGES.values():
        if "{" not in page.place.path and not page.place.is_open:
            # That of invitations asks for a code.
            assert (await walk.visitor.open(page.place.path)).status in {200, 404}
            assert await walk.visitor.barriers() == {}
            assert await walk.visitor.overflow() <= 0


async def say_who_it_is(walk: Walk, today: str) -> None:
    await walk.follow("Exploitant")
    await walk.follow("Wijzigen vanaf een dag")
    for label, text in (
        ("Vanaf", today),
        ("Naam", "Portaal Diensten B.V."),
        ("Straat en huisnummer", "Kade 1"),
        ("Postcode", "1011 AA"),
        ("Plaats", "Amsterdam"),
        ("Kleur", "#8a1c4a"),
    ):
        await walk.type(label, text)
    await walk.visitor.hand.select(walk.page.get_by_label("Land"), "Nederland")
    await walk.send("Logo", "logo.png", "image/png", LOGO)
    await walk.press("Opslaan", "Opgeslagen is wie de exploitant is.")
    logo = walk.page.get_by_role("banner").get_by_role("img")
    await expect(logo).to_have_attribute("alt", "Portaal Diensten B.V.")


async def say_what_customers_agree_to(walk: Walk, today: str) -> None:
    await walk.visitor.open("/catalogue/payment-terms")
    await walk.follow("Wijzigen vanaf een dag")
    await walk.type("Vanaf", today)
    await walk.type("Naam", "14 dagen netto")
    await walk.type("Dagen tot een factuur vervalt", "14")
    await walk.press("Opslaan", "De betalingsvoorwaarden zijn opgeslagen.")
    await walk.visitor.open("/catalogue/documents")
    for kind in ("Algemene voorwaarden", "Gegevensbescherming"):
        await walk.follow("Nieuwe versie")
        await walk.visitor.hand.choose(walk.page.get_by_label(kind))
        await walk.type("Versie", "1")
        await walk.type("Vanaf", today)
        for place in range(3):
            await walk.type("Titel", f"{kind} {place}", place)
            text = walk.page.get_by_role("textbox", name="Tekst").nth(place)
            await walk.visitor.hand.type(text, "U stemt in.")
        await walk.press("Publiceren", "Het document is gepubliceerd.")


async def make_a_tariff(walk: Walk) -> None:
    await walk.visitor.open("/catalogue")
    await walk.follow("Nieuwe module")
    await walk.type("Sleutel voor programma's", "telefoon")
    await walk.type("In uw eigen taal", "Telefoonservice")
    await walk.type("In uw eigen taal", "Wij nemen uw telefoon op.", 1)
    await walk.press("Module maken", "De module is gemaakt. Geef haar een tarief.")
    await walk.follow("Nieuw tarief")
    await walk.type("In uw eigen taal", "Basis")
    await walk.press("Tarief maken", "Het tarief is gemaakt. Geef het prijzen en voorwaarden.")
    await walk.follow("Nieuw concept")
    await walk.type("Hoeveel", "12")
    await walk.type("Hoeveel", "1", -1)
    await walk.press("Concept maken", "Het concept is gemaakt. Vul de prijslijst in.")
    await walk.follow("Als CSV-bestand")
    await walk.send("Bestand", "prijzen.csv", "text/csv", CSV.encode())
    await walk.press(
        "Prijslijst vervangen", "De prijslijst van het concept is die van het bestand."
    )
    await expect(walk.page.get_by_role("rowheader", name="Vast bedrag")).to_be_visible()


async def publish_it(walk: Walk, today: str) -> None:
    await walk.follow("Bekijken wat publiceren doet")
    await walk.type("Eerste dag voor nieuwe klanten", today)
    await walk.press("Bekijken wat er gebeurt", "Nog geen klant heeft het tarief.")
    await walk.press("Publiceren", "De versie is gepubliceerd. De klanten krijgen bericht.")
