"""The pages of what an account was billed."""

import pytest

from tests.world.account_world import Kind

pytestmark = pytest.mark.reads


async def test_an_invoice_is_found_and_says_what_it_bills(browsing, world):
    browser = await browsing(Kind.BILLING).open(f"/accounts/{world.own.id}/invoices")
    assert (browser.status, browser.text("h1")) == (200, "Invoices")
    numbers = [words.split()[-1] for words in browser.texts("ul.links strong")]
    assert len(numbers) == 2
    invoice = world.own.ids["Document"][0]
    await browser.open(f"/accounts/{world.own.id}/invoices/{invoice}")
    assert browser.status == 200
    assert browser.text("h1").startswith("Invoice TEST-")
    assert browser.texts("a[download]") == ["Download PDF", "Download CII"]
    assert "The price list says" in browser.text("main")
    assert browser.texts("h2") == [
        "What is billed", "Corrections", "Sent to", "Addressed to",
    ]  # fmt: skip


async def test_who_may_not_read_figures_is_told_so(browsing, world):
    browser = await browsing(Kind.READER).open(f"/accounts/{world.own.id}/invoices")
    assert browser.status == 200
    assert browser.texts("ul.links") == []
