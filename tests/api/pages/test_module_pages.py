"""The pages of a module: what it is, by when it can end, and what is changed about it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import sqlalchemy as sa

from portal.language.global_id import encode
from tests.api.asking import client_of
from tests.api.cancelling import YEARLY, Booked
from tests.api.ordering import open_shop
from tests.api.pages.browsing import Browser
from tests.api.pages.conftest import SESSION
from tests.world.account_world import Kind

Opening = Callable[..., Awaitable[Browser]]
SEE = "See what comes of it"


@pytest.fixture
async def opening(timed, world) -> AsyncIterator[Opening]:
    """Open a page in the browser of somebody, at noon on 14 March 2025."""
    app, _ = timed
    async with client_of(app) as client:

        async def open_as(kind: Kind, path: str) -> Browser:
            client.cookies.set(SESSION, world.own.tokens[kind])
            return await Browser(client).open(path)

        yield open_as


def path(booked: Booked, more: str = "") -> str:
    """Give the path of the page of a module."""
    return f"/accounts/{booked.writer.world.own.id}/modules/{booked.id}{more}"


async def test_a_module_shows_its_time_line_in_a_picture_and_in_words(hand, book, opening):
    booked = await book(terms=YEARLY)
    browser = await opening(Kind.OWNER, path(booked))
    assert browser.status == 200
    assert browser.texts(".moments li")[:3] == [
        "15 January 2024 First day",
        "14 March 2025 Today",
        "14 October 2025 Deadline, for an end on 14 January 2026",
    ]
    kinds = [one.attributes["class"] for one in browser.page.css("svg rect")]
    assert kinds == ["earlier", "renewal_term", "renewal_term", "renewal_term"]
    assert len(browser.page.css("svg text")) == len(browser.texts(".moments li"))
    assert browser.rows["Notice period"] == "3 months"
    assert {"Change tariff", "Cancel module"} <= set(browser.texts("p.actions a"))
    assert "Additional options" not in browser.texts("h2")


async def test_where_it_may_end_on_any_day_the_notice_period_is_said(hand, book, opening):
    terms = {"initial_term_count": 0, "renewal": "OPEN_ENDED", "ending_day": "ANY_DAY"}
    browser = await opening(Kind.OWNER, path(await book(terms=terms)))
    assert browser.texts(".answer")[0].startswith("It can end on any day, with a notice period of")
    assert not [one for one in browser.texts(".moments li") if "Deadline" in one]
    await browser.open(f"/accounts/{browser.address.split('/')[2]}")
    assert any("It can end on any day: cancelled today, on " in one for one in browser.texts("p"))


async def test_a_tariff_is_compared_changed_and_kept_after_all(hand, book, opening, timed_writer):
    booked = await book()
    browser = await opening(Kind.OWNER, path(booked))
    await browser.follow("Change tariff")
    cards = browser.texts(".tariff")
    assert len(cards) == 1
    assert "€59.00" in cards[0]
    before = await timed_writer.rows()
    await browser.press(SEE)
    assert (browser.status, browser.texts("#problems a") != []) == (422, True)
    await browser.press(SEE, input__tariff__id=booked.other_id)
    assert browser.text(".answer") == "It begins on Thursday, 1 May 2025."
    assert browser.rows["Costs each month after that"] == "€59.00"
    widths = [one.attributes["width"] for one in browser.page.css("svg.bars rect")]
    assert widths == ["66.1%", "100.0%"]
    assert await timed_writer.rows() == before
    await browser.press("Change tariff")
    assert browser.text(".done") == "The tariff changes. A confirmation is on its way by e-mail."
    assert browser.texts("svg rect.next_tariff") == [""]
    await browser.follow("Withdraw the change of tariff")
    await browser.press(SEE, input__reason="Too dear.")
    await browser.press("Withdraw the change of tariff")
    assert browser.text(".done").startswith("The change of tariff is withdrawn.")


async def test_a_cancellation_is_taken_back(hand, book, opening):
    booked = await book()
    browser = await opening(Kind.OWNER, path(booked, "/notice"))
    await browser.press(SEE)
    await browser.press("Cancel the module")
    await browser.open(path(booked))
    assert "Cancelled, ends on 30 April 2025." in browser.text("main")
    await browser.follow("Withdraw the cancellation")
    await browser.press(SEE)
    await browser.press("Withdraw the cancellation")
    assert browser.text(".done").startswith("The cancellation is withdrawn.")


async def test_a_customer_asks_for_a_day_that_deviates(hand, book, opening):
    booked = await book()
    browser = await opening(Kind.OWNER, path(booked))
    await browser.follow("Ask for a day that deviates")
    assert browser.typed["input.proposed.deviatingDate.moduleSubscriptionId"] == booked.id
    await browser.press(
        "Send the request",
        input__proposed__deviatingDate__change="lastDay",
        input__proposed__deviatingDate__change__lastDay="2025-04-10",
    )
    assert browser.texts("#problems li") == []


async def test_a_module_is_ordered_and_the_order_withdrawn(hand, opening, world, superuser):
    shop = await open_shop(superuser, world)
    browser = await opening(Kind.OWNER, f"/accounts/{world.own.id}/order?search={shop.module.name}")
    (link,) = [
        one.attributes["href"]
        for one in browser.page.css("main a")
        if encode("Module", shop.module.id) in str(one.attributes["href"])
    ]
    await browser.open(link)
    await browser.press(SEE, input__data__greeting="Hello.")
    assert browser.status == 422
    await browser.press(
        SEE,
        input__tariff__id=encode("Tariff", shop.public.id),
        input__startsOn="2025-04-01",
        input__data__greeting="Hello.",
    )
    assert browser.texts("#problems li") == []
    assert browser.text(".answer").startswith("It can end on 31 March 2026 at the earliest")
    await browser.press("Order with payment")
    assert browser.texts("#problems li") == []
    assert browser.text(".done").startswith("The module is ordered.")
    details = [
        str(one.attributes["href"])
        for one in browser.page.css(".module a")
        if "Details" in one.text()
    ]
    for href in details:
        await browser.open(href)
        if browser.texts("h1") == [shop.module.name]:
            break
    await browser.follow("Withdraw the order")
    await browser.press("Withdraw the order")
    assert browser.text(".done").startswith("The order is withdrawn.")


async def keys_of(booked: Booked) -> dict[bool, str]:
    """Give the keys of an item of the price list, and of an additional option."""
    async with booked.writer.superuser.connect() as connection:
        rows = await connection.execute(
            sa.text(
                "SELECT i.is_additional_option, i.key FROM item i JOIN tariff_version v"
                " ON v.id = i.tariff_version_id WHERE v.tariff_id = :id"
            ),
            {"id": booked.tariff.id},
        )
        return {row.is_additional_option: row.key for row in rows}


async def test_there_shall_be_more_of_an_item(hand, book, opening):
    booked = await book()
    browser = await opening(Kind.OWNER, path(booked))
    (link, *_) = [
        str(one.attributes["href"])
        for one in browser.page.css("td a")
        if "quantity" in str(one.attributes["href"])
    ]
    await browser.open(link)
    item = (await keys_of(booked))[False]
    await browser.press(SEE, input__itemKey=item, input__quantity="3")
    assert browser.rows["Costs each month after that"] == "€117.00"
    await browser.press("Change quantity")
    assert browser.text(".done") == "The quantity changes."


async def test_a_manager_books_an_option_ends_it_and_takes_both_back(hand, book, opening):
    booked = await book()
    browser = await opening(Kind.MANAGER, path(booked))
    await browser.follow("Book an option")
    option = (await keys_of(booked))[True]
    await browser.press(SEE, input__itemKey=option, input__startsOn="2025-04-01")
    await browser.press("Book an option")
    assert browser.text(".done") == "The option is booked."
    await withdrawn(browser, booked, "/withdraw", "Withdraw the booking")
    await browser.open(path(booked, "/option"))
    await browser.press(SEE, input__itemKey=option)
    await browser.press("Book an option")
    await browser.open(path(booked))
    (link,) = hrefs(browser, "/options/", "/end")
    await browser.open(link)
    await browser.press(SEE)
    await browser.press("End")
    assert browser.text(".done") == "The option ends."
    await withdrawn(browser, booked, "/resume", "Withdraw the end")


async def test_a_manager_agrees_something_specially(hand, book, opening):
    booked = await book()
    browser = await opening(Kind.MANAGER, path(booked))
    await browser.follow("Agree something specially")
    assert browser.page.css_first("[name='input.comment']").attributes["maxlength"] == "1000"
    await browser.press(SEE, input__value__discountPercent="10")
    assert browser.texts("#problems a") == ["What is agreed: Choose one of the options."]
    assert browser.typed["input.value.discountPercent"] == "10"
    await browser.press(SEE, input__value="discountPercent", input__value__discountPercent="")
    assert browser.texts("#problems a") == ["Discount in per cent: This is not a number."]
    # What was typed into the controls of the others is not sent.
    given = {"input__value__discountPercent": "10", "input__value__unitPrice": "1"}
    await browser.press(SEE, **given, input__startsOn="2025-04-01")
    assert browser.rows["Costs each month after that"] == "€35.10"
    await browser.press("Make the agreement")
    assert browser.text(".done") == "It is agreed."
    (link,) = hrefs(browser, "/agreements/", "/end")
    await browser.open(link)
    await browser.press(SEE, input__endsOn="2025-12-31")
    await browser.press("Set the last day")
    assert browser.text(".done") == "The last day is set."
    await browser.open(path(booked))
    (link,) = hrefs(browser, "/agreements/", "/withdraw")
    await browser.open(link)
    await browser.press("Withdraw")
    assert browser.text(".done") == "The special agreement is withdrawn."


def hrefs(browser: Browser, *parts: str) -> list[str]:
    """Give where the links lead that have these parts."""
    found = (str(one.attributes["href"]) for one in browser.page.css("main a"))
    return [one for one in found if all(part in one for part in parts)]


async def withdrawn(browser: Browser, booked: Booked, end: str, button: str) -> None:
    """Take back what is offered to be taken back of an option."""
    await browser.open(path(booked))
    (link,) = hrefs(browser, "/options/", end)
    await browser.open(link)
    await browser.press(button)
    assert browser.status == 200
    assert browser.texts(".done") != []
