"""The contract page: the parts of source 002 in their order, for each kind of viewer."""

import pytest

from portal.viewer import Role
from portal.web.graphql.operations import Operations
from tests import factories
from tests.api.pages.browsing import text_of
from tests.api.pages.conftest import SESSION
from tests.world.account_world import Kind

PARTS = [
    "Account owner",
    "Contract partner",
    "Billing address",
    "Payment terms",
    "Contract duration",
    "Customer number",
    "VAT",
    "Receipt of invoices",
    "Purchase order number",
    "Legal",
    "Test account",
]

pytestmark = pytest.mark.reads


@pytest.mark.parametrize(
    "kind", [Kind.OWNER, Kind.ADMIN, Kind.BILLING, Kind.READER, Kind.EMPLOYEE, Kind.MANAGER]
)
async def test_the_page_has_every_part_in_its_order(browsing, world, kind):
    browser = await browsing(kind).open(f"/accounts/{world.own.id}")
    assert browser.status == 200
    assert list(browser.rows) == PARTS
    assert browser.text("h1") == world.own.account.name
    assert browser.rows["Contract partner"].startswith(world.own.contract.contract_partner.name)
    numbers = [text_of(one) for one in browser.page.css("main .number")]
    assert numbers == [str(number) for number in range(2, 14)]
    assert len(browser.page.css("section.module")) > 0


async def test_a_change_is_offered_to_whoever_may_make_it(browsing, world):
    def offered(browser):
        return [text_of(one) for one in browser.page.css(".action a")]

    owner = await browsing(Kind.OWNER).open(f"/accounts/{world.own.id}")
    assert "Change Billing address" in offered(owner)
    reader = await browsing(Kind.READER).open(f"/accounts/{world.own.id}")
    assert "Change Billing address" not in offered(reader)


async def test_what_is_refused_says_so_at_its_place(browsing, world):
    browser = await browsing(Kind.EMPLOYEE_WITHOUT).open(f"/accounts/{world.own.id}")
    assert browser.status in {200, 403}


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.MANAGER])
async def test_one_operation_makes_the_page(browsing, world, kind, monkeypatch):
    performed = []
    perform = Operations.perform

    def noted(operations, operation, *given):
        performed.append(operation.query.definition.name.value)
        return perform(operations, operation, *given)

    monkeypatch.setattr(Operations, "perform", noted)
    await browsing(kind).open(f"/accounts/{world.own.id}")
    assert performed == ["Show"]


async def test_a_page_is_kept_by_nobody_and_runs_nothing_foreign(browsing, world):
    browser = await browsing(Kind.OWNER).open(f"/accounts/{world.own.id}")
    headers = browser.response.headers
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["referrer-policy"] == "same-origin"
    assert browser.page.css("[style], style, script:not([src]), [onclick]") == []


async def test_what_another_site_makes_the_browser_ask_is_not_compressed(browsing, world):
    client = browsing(Kind.OWNER).client
    answers = [
        await client.get(f"/accounts/{world.own.id}", headers={"accept": "text/html", **said})
        for said in (
            {},
            {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
            {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
        )
    ]
    encodings = [answer.headers.get("content-encoding") for answer in answers]
    assert encodings == ["gzip", "gzip", None]


@pytest.mark.parametrize("id", ["x", "QWNjb3VudDow", "none"])
async def test_an_account_that_one_may_not_see_is_as_one_that_there_is_not(browsing, world, id):
    browser = browsing(Kind.OWNER)
    await browser.open(f"/accounts/{world.foreign.id}")
    foreign = (browser.status, browser.text("h1"))
    await browser.open(f"/accounts/{id}")
    assert (browser.status, browser.text("h1")) == foreign == (404, "There is no such page.")


async def test_the_overview_lists_the_accounts_of_a_customer(browsing, world):
    browser = await browsing(Kind.OWNER).open("/")
    assert browser.texts(".links a")[-1] == world.own.account.name
    await browser.follow(world.own.account.name)
    assert browser.text("h1") == world.own.account.name


async def test_staff_search_all_accounts(browsing, world):
    browser = await browsing(Kind.MANAGER).open(f"/?search={world.own.account.name}")
    assert world.own.account.name in browser.texts(".links a")
    await browser.open("/?search=nobody-has-such-a-name")
    assert browser.texts(".empty strong") == ["Nothing was found for “nobody-has-such-a-name”."]


async def test_staff_are_asked_whom_they_look_for(browsing):
    browser = await browsing(Kind.MANAGER).open("/")
    assert (browser.status, len(browser.page.css("form[role=search] input"))) == (200, 1)


async def test_whoever_has_no_account_is_told_how_to_get_to_one(browser, write):
    person = factories.person()
    token, session = factories.credential(Role.CUSTOMER, person)
    await write(person, session)
    browser.client.cookies.set(SESSION, token)
    await browser.open("/")
    assert (browser.status, browser.texts(".empty strong")) == (200, ["There is no account yet."])
