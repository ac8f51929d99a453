"""The pages of what is billed, for staff: each opens, and a form says what is wrong."""

import pytest

from tests.world import Kind


@pytest.mark.reads
async def test_each_page_opens(browsing, world) -> None:
    account, document = world.own.id, world.own.ids["Document"][0]
    for path, heading in (
        ("/billing", "Billing"),
        ("/billing/run", "Bill what is due"),
        ("/billing/books", "Closed books"),
        ("/billing/documents", "Invoices and credit notes"),
        (f"/billing/documents/{document}/reissue", "Issue"),
        ("/billing/charge", "Manual invoice"),
        (f"/accounts/{account}/charge", "Manual invoice for"),
        (f"/accounts/{account}/hold", "Hold the billing of"),
        (f"/accounts/{account}/bill", "Bill"),
    ):
        browser = await browsing(Kind.MANAGER).open(path)
        (title,) = browser.texts("h1")
        assert title.startswith(heading), path


@pytest.mark.reads
async def test_a_credit_shows_what_is_left_and_says_what_is_wrong(browsing, world) -> None:
    document = world.own.ids["Document"][0]
    browser = await browsing(Kind.MANAGER).open(f"/billing/documents/{document}/credit")
    assert any("left without VAT" in row for row in browser.texts("dd"))
    await browser.press("See what comes of it", input__reason="Agreed.")
    assert "Nobody has said yet from which day on is billed" in browser.text("main")
