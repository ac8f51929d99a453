"""Forms: what was typed is carried out, or comes back with what is wrong with it."""

import sqlalchemy as sa

from portal.language.global_id import encode
from portal.models import Contract
from portal.viewer import Role
from tests import factories
from tests.world.account_world import Kind


async def billing(browsing, world, kind=Kind.OWNER):
    browser = browsing(kind)
    return await browser.open(f"/accounts/{world.own.id}/billing")


async def stored(superuser, world):
    query = sa.select(Contract.purchase_order_number, Contract.version).where(
        Contract.id == world.own.contract.id
    )
    async with superuser.connect() as connection:
        return tuple((await connection.execute(query)).one())


async def test_what_is_typed_is_stored_and_said_once(browsing, world, superuser):
    browser = await billing(browsing, world)
    _, version = await stored(superuser, world)
    await browser.press("Save", input__purchaseOrderNumber="PO 7")
    assert (browser.status, browser.address) == (200, f"/accounts/{world.own.id}")
    assert browser.text(".done") == "Your changes are saved."
    assert browser.rows["Purchase order number"] == "PO 7"
    assert await stored(superuser, world) == ("PO 7", version + 1)
    await browser.open(browser.address)
    assert browser.texts(".done") == []


async def test_a_form_with_three_faults_shows_three_and_keeps_what_was_typed(
    browsing, world, superuser
):
    before = await stored(superuser, world)
    browser = await billing(browsing, world)
    await browser.press(
        "Save",
        input__billingAddress="given",
        input__billingAddress__name="",
        input__billingAddress__street="Far away 1",
        input__billingAddress__postalCode="",
        input__billingAddress__city="Utrecht",
        input__billingAddress__country="NL",
        input__documentDelivery__recipients=["", "nobody"],
        input__purchaseOrderNumber="PO 8",
    )
    assert browser.status == 422
    links = [one.attributes["href"] for one in browser.page.css("#problems a")]
    assert links == [
        "#input.billingAddress.name",
        "#input.billingAddress.postalCode",
        "#input.documentDelivery.recipients.0",
    ]
    for link in links:
        (control,) = browser.page.css(f'[id="{link[1:]}"]')
        assert control.attributes["aria-invalid"] == "true"
        described = control.attributes["aria-describedby"].split()
        assert all(browser.page.css(f'[id="{id}"]') for id in described)
    assert browser.typed["input.billingAddress.street"] == "Far away 1"
    assert browser.typed["input.documentDelivery.recipients"] == "nobody"
    assert browser.typed["input.purchaseOrderNumber"] == "PO 8"
    assert await stored(superuser, world) == before


async def test_a_form_that_is_sent_twice_is_carried_out_once(browsing, world, superuser):
    browser = await billing(browsing, world)
    pairs = [*browser.typed.items(), ("do", "Change")]
    pairs = [(name, "PO 9" if name.endswith("Number") else value) for name, value in pairs]
    await browser.send(f"/accounts/{world.own.id}/billing", pairs)
    once = await stored(superuser, world)
    await browser.send(f"/accounts/{world.own.id}/billing", pairs)
    assert (browser.status, browser.text(".done")) == (200, "Your changes are saved.")
    assert await stored(superuser, world) == once


async def test_whoever_was_slower_sees_both_and_chooses(browsing, world, superuser):
    slower = await billing(browsing, world, Kind.ADMIN)
    faster = await billing(browsing, world)
    await faster.press("Save", input__purchaseOrderNumber="theirs", input__receivesUbl="false")
    await slower.press("Save", input__purchaseOrderNumber="mine", input__receivesUbl="true")
    assert (slower.status, slower.text("#problems h2")) == (422, "Somebody else was faster")
    assert slower.texts(".stored") == ["Stored meanwhile: theirs", "Stored meanwhile: No"]
    assert slower.typed["input.purchaseOrderNumber"] == "mine"
    await slower.press("Save")
    assert slower.status == 200
    assert (await stored(superuser, world))[0] == "mine"


async def test_a_control_that_the_mutation_does_not_take_is_refused(browsing, world, superuser):
    before = await stored(superuser, world)
    browser = await billing(browsing, world)
    pairs = [*browser.typed.items(), ("input.vatNumber", "NL1"), ("do", "Change")]
    await browser.send(f"/accounts/{world.own.id}/billing", pairs)
    assert (browser.status, browser.text("#problems li")) == (
        422,
        "This form is of another version of the page. Load the page again.",
    )
    assert await stored(superuser, world) == before


async def test_rows_of_a_list_come_and_go_without_a_script(browsing, world):
    browser = await billing(browsing, world)
    name = "input.documentDelivery.recipients"

    def items():
        return [one.attributes["value"] for one in browser.page.css(f'input[name="{name}"]')]

    (first, *_) = items()
    await browser.press("Add another : E-mail address")
    assert (browser.status, items()[-1]) == (200, "")
    await browser.press("Remove E-mail address 1")
    assert first not in items()


async def test_a_form_of_another_site_changes_nothing(browsing, world, superuser):
    before = await stored(superuser, world)
    browser = await billing(browsing, world)
    pairs = [*browser.typed.items(), ("do", "Change")]
    for said in ({"origin": "https://evil.example"}, {"sec-fetch-site": "same-site"}):
        await browser.send(f"/accounts/{world.own.id}/billing", pairs, said)
        assert browser.status == 403
    assert await stored(superuser, world) == before


async def test_whoever_may_only_read_is_told_so(browsing, world):
    browser = await billing(browsing, world, Kind.READER)
    await browser.press("Save", input__purchaseOrderNumber="x")
    assert browser.status == 422
    assert browser.texts("#problems li") != []


async def test_a_form_about_what_is_not_there_yet_is_no_page(browsing, write):
    owner = factories.person()
    account, owning = factories.account(owner)
    token, session = factories.credential(Role.CUSTOMER, owner)
    await write(owner, account, owning, session)
    browser = browsing(Kind.ANONYMOUS)
    browser.client.cookies.set("portal", token)
    await browser.open(f"/accounts/{encode('Account', account.id)}/billing")
    assert (browser.status, browser.text("h1")) == (404, "There is no such page.")
