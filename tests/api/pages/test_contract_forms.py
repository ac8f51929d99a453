"""The forms of the contract page: each does what its row of source 002 says, and says so."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.language.global_id import encode
from tests import factories
from tests.world.account_world import Kind

SAVED = "Your changes are saved."
ADDRESS = {
    "name": "Timmer & Zn.",
    "street": "Zagerij 12",
    "postalCode": "3511 AB",
    "city": "Utrecht",
    "country": "NL",
}
TERMS = {"name": "Sixty days", "dueDays": "60", "method": "TRANSFER"}


def under(name: str, values: dict[str, str]) -> dict[str, str]:
    """Name the controls of an object."""
    return {f"input__{name}__{key}": value for key, value in values.items()}


@pytest.mark.parametrize(
    ("path", "typed", "row", "shown"),
    [
        (
            "partner",
            under("contractPartner", ADDRESS | {"kind": "BUSINESS"}) | {"input__reason": "Sold."},
            "Contract partner",
            "Timmer & Zn. Administratie Zagerij 12 2e verdieping 3511 AB Utrecht",
        ),
        (
            "terms",
            {"input__deviatingPaymentTerms": "given"} | under("deviatingPaymentTerms", TERMS),
            "Payment terms",
            "Sixty days, by transfer, within 60 days",
        ),
        ("start", {"input__startsOn": "2020-05-01"}, "Contract duration", "Since 1 May 2020"),
        ("data", {"input__customerNumber": "K 7"}, "Customer number", "K 7"),
        (
            "vat",
            {"input__vatTreatment": "NOT_TAXABLE"},
            "VAT",
            "Not taxable",
        ),
        ("test", {"input__isTest": "true"}, "Test account", "Yes"),
    ],
)
async def test_a_manager_changes_each_part(
    browsing: Any, world: Any, path: str, typed: dict[str, str], row: str, shown: str
):
    browser = await browsing(Kind.MANAGER).open(f"/accounts/{world.own.id}")
    await browser.open(f"/accounts/{world.own.id}/{path}")
    assert browser.status == 200
    await browser.press("Save", **typed)
    assert (browser.status, browser.address) == (200, f"/accounts/{world.own.id}")
    assert browser.text(".done") == SAVED
    assert browser.rows[row].startswith(shown)


async def test_deviating_terms_are_taken_away_again(browsing, world):
    browser = await browsing(Kind.MANAGER).open(f"/accounts/{world.own.id}/terms")
    if browser.typed["input.deviatingPaymentTerms"] == "none":
        given = {"input__deviatingPaymentTerms": "given"} | under("deviatingPaymentTerms", TERMS)
        await browser.press("Save", **given)
        await browser.open(f"/accounts/{world.own.id}/terms")
    assert browser.typed["input.deviatingPaymentTerms"] == "given"
    await browser.press("Save", input__deviatingPaymentTerms="none")
    assert browser.text(".done") == SAVED
    assert "Agreed for this account" not in browser.rows["Payment terms"]


@pytest.mark.reads
async def test_a_customer_has_the_controls_of_its_own_fields_alone(browsing, world):
    browser = await browsing(Kind.ADMIN).open(f"/accounts/{world.own.id}/data")
    assert {"input.name", "input.language", "input.remindsOfDeadlines"} <= browser.typed.keys()
    assert browser.typed.keys().isdisjoint({"input.customerNumber", "input.timeZone"})


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("payment_terms", under("proposed.paymentTerms.deviatingPaymentTerms", TERMS)),
        ("vat_treatment", under("proposed.vatTreatment", {"vatTreatment": "NOT_TAXABLE"})),
        ("contract_partner", under("proposed.contractPartner", ADDRESS | {"kind": "CONSUMER"})),
    ],
)
async def test_who_may_not_change_it_asks(browsing, world, superuser, kind, typed):
    await forget_requests(superuser, world)
    browser = await browsing(Kind.OWNER).open(f"/accounts/{world.own.id}/ask/{kind}")
    assert browser.status == 200
    await browser.press("Send the request", **typed, input__comment="Please.")
    assert browser.texts("#problems li") == []
    assert browser.text(".done").startswith("Your request is sent.")


async def test_another_day_is_asked_for_a_module(browsing, world, superuser):
    await forget_requests(superuser, world)
    id = world.own.ids["ModuleSubscription"][0]
    browser = await browsing(Kind.OWNER).open(
        f"/accounts/{world.own.id}/ask/deviating_date?module={id}"
    )
    assert browser.typed["input.proposed.deviatingDate.moduleSubscriptionId"] == id
    await browser.press("Send the request")
    assert (browser.status, browser.texts("#problems a") != []) == (422, True)


@pytest.mark.reads
async def test_there_is_nothing_else_to_ask_for(browsing, world):
    browser = await browsing(Kind.OWNER).open(f"/accounts/{world.own.id}/ask/a_pony")
    assert browser.text(".empty") == "There is nothing of this kind to ask for."


async def test_a_customer_reads_and_agrees(browsing, world, documents):
    browser = await browsing(Kind.OWNER).open(f"/accounts/{world.own.id}/consent")
    choices = [one.attributes["value"] for one in browser.page.css("input[type=checkbox]")]
    assert choices != []
    await browser.press("Agree", input__documentIds=choices)
    assert browser.text(".done") == "Your agreement is stored."
    await browser.open(f"/accounts/{world.own.id}/consent")
    assert browser.text(".empty") == "Nothing waits for your agreement."


@pytest.mark.reads
async def test_a_document_is_read_as_it_was_published(browsing, world):
    id = world.own.ids["ConsentDocument"][0]
    browser = await browsing(Kind.OWNER).open(f"/accounts/{world.own.id}/documents/{id}")
    assert (browser.status, len(browser.texts("h1"))) == (200, 1)


async def test_what_was_only_told_of_is_marked_read(browsing, world, write):
    await write(
        factories.consent_document(
            published_on=world.own.account.created_at.date(), asks_agreement=False
        )
    )
    browser = await browsing(Kind.OWNER).open(f"/accounts/{world.own.id}/changed")
    await browser.press("I have read this")
    assert browser.text(".done") == "It is noted that you have read them."


async def test_the_address_of_the_calendar_is_shown_once_and_closed(browsing, world):
    browser = await browsing(Kind.OWNER).open(f"/accounts/{world.own.id}")
    await browser.follow("Calendar of deadlines")
    await browser.press(browser.texts("main form button")[-1])
    assert (browser.status, browser.text("code")[:1]) == (200, "/")
    await browser.open(f"/accounts/{world.own.id}/calendar")
    assert browser.texts("code") == []
    await browser.follow("Close the address")
    await browser.press("Close the address")
    assert browser.text(".done") == "The address shows nothing any more."


@pytest.mark.reads
async def test_an_account_in_which_a_module_runs_is_not_deleted(browsing, world):
    browser = await browsing(Kind.OWNER).open(f"/accounts/{world.own.id}/delete")
    assert browser.texts("main form") == []
    assert browser.text(".lead") == "The account can be deleted once all modules have ended."


async def test_an_account_without_modules_is_deleted_by_its_owner(browsing, world, write, client):
    owner = factories.person()
    account, owning = factories.account(owner)
    token, credential = factories.credential("CUSTOMER", owner)
    await write(owner, account, owning, credential)
    browser = browsing(Kind.OWNER)
    browser.client.cookies.set("portal", token)
    await browser.open(f"/accounts/{encode('Account', account.id)}/delete")
    assert "Contract" in browser.texts("main li")
    await browser.press("Delete account")
    assert browser.address in {"/", "/login"}


async def forget_requests(superuser: Any, world: Any) -> None:
    """Let no request of the account be open, so that another of its kind can be made."""
    async with superuser.begin() as connection:
        await connection.execute(
            sa.text("DELETE FROM request WHERE account_id = :id"), {"id": world.own.account_id}
        )
