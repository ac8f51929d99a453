"""The catalogue on pages: a manager makes a module, a tariff and its prices, and publishes them."""

import pytest

from tests import factories
from tests.api.pages.browsing import Browser
from tests.world.account_world import Kind


@pytest.fixture
async def managing(browsing) -> Browser:
    """The catalogue, as a manager opens it."""
    return await browsing(Kind.MANAGER).open("/catalogue")


async def make_module(browser, key):
    await browser.follow("New module")
    await browser.press(
        "Make the module",
        input__key=key,
        input__name__value=f"Faxdienst {key}",
        input__name__en=f"Fax {key}",
        input__description__value="Wij faxen.",
    )


async def make_draft(browser):
    await browser.follow("New tariff")
    await browser.press("Make the tariff", input__name__value="Basis")
    await browser.follow("New draft")
    await browser.press(
        "Make the draft",
        input__terms__initialTerm__count="12",
        input__terms__noticePeriod__count="1",
    )


async def fill_in_prices(browser):
    await browser.follow("Change the price list")
    await browser.press("Add a section")
    await browser.press("Add an item", input__sections__0__title__value="Vast")
    item = "input__sections__0__items__0"
    await browser.press(
        "Save",
        **{
            f"{item}__key": "BASE",
            f"{item}__unitPrice": "12.50",
            f"{item}__name__value": "Bedrag",
            f"{item}__unit__value": "maand",
        },
    )


async def test_a_manager_makes_a_module_and_publishes_its_tariff(managing):
    key = factories.word()
    browser = managing
    await make_module(browser, key)
    assert browser.texts(".done") == ["The module is made. Give it a tariff."]
    assert (browser.status, browser.text("h1")) == (200, f"Fax {key}")
    await make_draft(browser)
    assert browser.rows == {
        "Initial term": "12 months",
        "What follows the initial term": "It goes on until it is cancelled",
        "Notice period": "1 month",
        "On which days it may end": "The last day of a month",
    }
    await fill_in_prices(browser)
    assert browser.texts(".done") == ["The price list of the draft is saved."]
    assert browser.texts("tbody tr") == [
        "Vast",
        "Bedrag BASE, each month €12.50 per maand Standard rate",
    ]
    await browser.follow("See what publishing does")
    await browser.press("See what comes of it", input__validFrom="2120-02-01")
    assert browser.text(".answer") == "No customer has the tariff yet."
    await browser.press("Publish it")
    assert browser.texts(".done") == ["The version is published. Its customers are being told."]
    await browser.follow("Version")
    assert (browser.text("h1"), browser.text(".facts .chip")) == (
        "From 1 February 2120",
        "Published",
    )
    await browser.follow("Withdraw it before its first day")
    await browser.press("Withdraw the version", input__reason="Too cheap")
    await browser.follow("Version")
    assert browser.text(".facts .chip") == "Withdrawn"


async def test_what_is_stored_stands_in_the_forms_and_goes_back_unchanged(managing):
    browser = managing
    await make_module(browser, factories.word())
    await make_draft(browser)
    await fill_in_prices(browser)
    for link, of_it in (("Change the terms", "terms"), ("Change the price list", "sections.0")):
        await browser.follow(link)
        stored = {name: text for name, text in browser.typed.items() if of_it in name}
        await browser.press("Save")
        assert browser.status == 200
        await browser.follow(link)
        assert {name: text for name, text in browser.typed.items() if of_it in name} == stored
        await browser.open(browser.address.rpartition("/")[0])


async def test_each_fault_of_a_price_list_stands_beside_its_control(managing, writer):
    browser = managing
    await make_module(browser, factories.word())
    await make_draft(browser)
    await browser.follow("Change the price list")
    await browser.press("Add a section")
    await browser.press("Add an item", input__sections__0__title__value="Vast")
    before = await writer.rows()
    name = "input.sections.0.items.0"
    for price, wrong in (
        ("12.1234567", {"unitPrice"}),
        ("a lot", {"unitPrice"}),
        ("12.50", {"key", "name.value", "unit.value"}),
    ):
        await browser.press("Save", input__sections__0__items__0__unitPrice=price)
        assert (browser.status, browser.typed[f"{name}.unitPrice"]) == (422, price)
        assert {link.attributes["href"] for link in browser.page.css(".problems a")} == {
            f"#{name}.{control}" for control in wrong
        }
        assert {node.attributes["id"] for node in browser.page.css("[aria-invalid]")} == {
            f"{name}.{control}" for control in wrong
        }
    assert await writer.rows() == before


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.EMPLOYEE])
async def test_whoever_is_no_manager_reads_the_catalogue_and_changes_nothing(browsing, kind):
    browser = await browsing(kind).open("/catalogue")
    assert (browser.status, browser.text("h1")) == (200, "Catalogue")
    assert "New module" not in browser.texts("a")
    for path in ("modules/new", "payment-terms/new", "documents/new", "operator/new"):
        await browser.open(f"/catalogue/{path}")
        assert browser.status == 404


async def test_payment_terms_and_documents_to_come_are_made_and_withdrawn(managing):
    browser = managing
    day = "2199-11-01"
    await browser.follow("General payment terms")
    await browser.follow("Change from a day on")
    await browser.press(
        "Save",
        input__validFrom=day,
        input__terms__name="Thirty days",
        input__terms__dueDays="30",
    )
    assert browser.texts(".done") == ["The payment terms are saved."]
    (row,) = [one for one in browser.texts("tbody tr") if "1 November 2199" in one]
    assert "Thirty days 30 By transfer None" in row
    await browser.follow("Withdraw Thirty days")
    await browser.press("Withdraw", input__reason="Too long")
    assert browser.texts(".done") == ["The payment terms are withdrawn. Those before go on."]
    await browser.open("/catalogue/documents/new")
    texts = {
        f"input__texts__{number}__{control}": words
        for number in range(3)
        for control, words in (("title", f"Terms {number}"), ("content__body", "You agree."))
    }
    await browser.press("Publish it", input__version="9", input__publishedOn=day, **texts)
    assert (browser.texts(".problems li"), browser.texts(".done")) == (
        [],
        ["The document is published."],
    )
    await browser.follow("Withdraw Terms 2")
    await browser.press("Withdraw")
    assert browser.texts(".done") == ["The version is withdrawn in each language."]
    assert "Terms 2" not in " ".join(browser.texts(".card"))
