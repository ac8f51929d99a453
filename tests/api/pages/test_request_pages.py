"""The pages of requests: asking for what only managers change, and deciding it."""

import pytest

from tests.world.account_world import Kind

VAT = "input__proposed__vatTreatment__vatTreatment"
NUMBER = "input__proposed__vatTreatment__vatNumber"


def requests(world):
    return f"/accounts/{world.own.id}/requests"


def statuses(browser):
    return browser.texts(".module-head .chip")


@pytest.mark.reads
async def test_requests_tell_before_and_after_in_words(browsing, world):
    browser = await browsing(Kind.OWNER).open(requests(world))
    assert (browser.status, browser.text("h1")) == (200, "Requests")
    assert sorted(statuses(browser)) == ["Open", *["Withdrawn"] * 4]
    (open_one,) = [one for one in browser.page.css("section.card") if one.css(".chip.open")]
    before, after = [one.text(separator=" ") for one in open_one.css(".two > div")]
    assert world.own.contract.contract_partner.name in before
    assert after != before
    assert not any(mark in browser.page.css_first("main").text() for mark in ("{", "None", "UTC"))


@pytest.mark.reads
@pytest.mark.parametrize(
    ("kind", "offered"),
    [
        (Kind.OWNER, ["Withdraw Contract partner"]),
        (Kind.READER, []),
        (Kind.EMPLOYEE, []),
        (Kind.MANAGER, ["Accept", "Decline"]),
    ],
)
async def test_what_can_become_of_a_request_is_offered(browsing, world, kind, offered):
    browser = await browsing(kind).open(requests(world))
    told = f" {world.own.account.name}: Contract partner" if kind is Kind.MANAGER else ""
    assert browser.texts(".card .actions a") == [f"{words}{told}" for words in offered]
    asks = browser.texts("#ask + .links a")
    assert asks == (
        ["Contract partner", "Payment terms", "VAT", "A day that deviates"]
        if kind is Kind.OWNER
        else []
    )


async def test_somebody_asks_and_takes_it_back(browsing, world):
    browser = await browsing(Kind.OWNER).open(requests(world))
    await browser.follow("VAT")
    await browser.press("Send the request", **{VAT: "REVERSE_CHARGE", NUMBER: "x"})
    assert browser.status == 422
    assert [one.attributes["href"] for one in browser.page.css("#problems a")] == [
        "#input.proposed.vatTreatment.vatNumber"
    ]
    await browser.press("Send the request", **{VAT: "NOT_TAXABLE", NUMBER: ""})
    assert browser.text(".done") == "Your request is sent. You are told by e-mail what comes of it."
    await browser.open(requests(world))
    await browser.follow("Withdraw VAT")
    await browser.press("Withdraw the request")
    assert browser.text(".done") == "The request is withdrawn."
    assert statuses(browser).count("Open") == 1


async def inbox_with(browser, words):
    """Open the inbox where it has a link, behind the requests of other accounts."""
    await browser.open("/requests")
    while words not in browser.texts(".card .actions a"):
        await browser.follow("Further ones")
    return browser


async def test_a_manager_accepts_from_the_inbox(browsing, world):
    about = f"{world.own.account.name}: Contract partner"
    browser = await inbox_with(browsing(Kind.MANAGER), f"Accept {about}")
    await browser.follow(f"Accept {about}")
    assert browser.text("h1") == f"Accept the request of {world.own.account.name}?"
    await browser.press("Accept and carry out")
    assert (browser.address, browser.text(".done")) == (
        "/requests",
        "The request is accepted and carried out. The customer is told by e-mail.",
    )
    assert f"Accept {about}" not in browser.texts(".card .actions a")


async def test_who_declines_says_why(browsing, world):
    about = f"Decline {world.own.account.name}: Contract partner"
    browser = await inbox_with(browsing(Kind.MANAGER), about)
    await browser.follow(about)
    await browser.press("Decline")
    assert (browser.status, browser.page.css_first("#problems a").attributes["href"]) == (
        422,
        "#input.reason",
    )
    await browser.press("Decline", input__reason="Not the same firm")
    assert browser.address == "/requests"
    await browser.open(requests(world))
    assert "Not the same firm" in browser.texts(".text")
    await browser.open("/requests?status=DECLINED")
    assert "Declined" in statuses(browser)


@pytest.mark.reads
async def test_the_inbox_is_for_staff(browsing, world):
    browser = await browsing(Kind.OWNER).open("/requests")
    assert browser.status == 403
