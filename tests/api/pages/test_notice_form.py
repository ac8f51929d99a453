"""Cancelling a module: the days to choose from, what comes of it, and then the thing itself."""

from collections.abc import AsyncIterator, Callable

import pytest

from portal.language.global_id import encode
from portal.pages.form import STORED
from tests.api.asking import client_of
from tests.api.pages.browsing import Browser
from tests.api.pages.conftest import SESSION
from tests.world.account_world import Kind

Noticing = Callable[[Kind], Browser]


@pytest.fixture
async def booked(book):
    """A module with a month's notice to the end of a month, at noon on 14 March 2025."""
    return await book()


@pytest.fixture
async def noticing(timed, world, booked) -> AsyncIterator[Noticing]:
    """The form that cancels it, in the browser of somebody."""
    app, _ = timed
    async with client_of(app) as client:

        async def browser_of(kind: Kind) -> Browser:
            client.cookies.set(SESSION, world.own.tokens[kind])
            return await Browser(client).open(path(world, booked))

        yield browser_of


def path(world, booked):
    id = encode("ModuleSubscription", booked.subscription.id)
    return f"/accounts/{world.own.id}/modules/{id}/notice"


async def test_a_customer_sees_the_days_then_what_comes_of_it_and_then_cancels(
    noticing, world, booked, timed_writer
):
    browser = await noticing(Kind.OWNER)
    days = browser.texts(f'fieldset[id="{STORED}.lastDay"] label')
    assert days[:2] == [
        "30 April 2025 if it is cancelled by 31 March 2025",
        "31 May 2025 if it is cancelled by 30 April 2025",
    ]
    assert "Another day than the tariff allows" not in days
    before = await timed_writer.rows()
    await browser.press(
        "See what comes of it", input__lastDay="2025-05-31", input__comment="Too\ndear"
    )
    assert (browser.status, browser.text(".answer")) == (200, "It ends on Saturday, 31 May 2025.")
    assert browser.rows["Costs each month after that"] == "€0.00"
    assert browser.texts(".reasons li") != []
    assert await timed_writer.rows() == before
    await browser.press("Cancel the module")
    assert (browser.status, browser.address) == (200, f"/accounts/{world.own.id}")
    assert browser.text(".done") == (
        "The module is cancelled. A confirmation is on its way by e-mail."
    )
    assert "Cancelled, ends on 31 May 2025." in browser.text("main")


async def test_what_was_typed_can_be_changed_after_the_preview(noticing):
    browser = await noticing(Kind.OWNER)
    await browser.press("See what comes of it", input__comment="Too dear")
    await browser.press("Change something")
    assert (browser.status, browser.typed["input.comment"]) == (200, "Too dear")


async def test_a_preview_that_is_not_so_any_more_shows_the_new_one(noticing, hand, booked):
    browser = await noticing(Kind.OWNER)
    await browser.press("See what comes of it")
    hand.set("2025-03-15")
    await browser.press("Cancel the module")
    assert browser.status == 422
    assert browser.text("#problems h2") == "This has to be mended first"
    assert browser.text(".answer") == "It ends on Wednesday, 30 April 2025."
    await browser.press("Cancel the module")
    assert browser.status == 200


async def test_a_manager_deviates_and_says_why(noticing):
    browser = await noticing(Kind.MANAGER)
    deviating = {"input__lastDay": "", "input__deviatingDate": "2025-04-10"}
    await browser.press("See what comes of it", **deviating)
    assert browser.status == 422
    (link,) = browser.page.css("#problems a")
    assert link.attributes["href"] == "#input.reason"
    assert browser.typed["input.deviatingDate"] == "2025-04-10"
    await browser.press("See what comes of it", input__reason="Agreed by telephone.")
    assert browser.text(".answer") == "It ends on Thursday, 10 April 2025."
    await browser.press("Cancel the module")
    assert "Cancelled, ends on 10 April 2025." in browser.text("main")


async def test_a_module_of_somebody_else_is_as_one_that_there_is_not(noticing, world, booked):
    browser = await noticing(Kind.OWNER)
    await browser.open(path(world, booked).replace(world.own.id, world.foreign.id))
    assert (browser.status, browser.text("h1")) == (404, "There is no such page.")
