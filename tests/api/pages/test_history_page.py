"""The pages of what was: the history of an account, and its messages."""

import pytest

from portal.pages.recorded import Recorded
from portal.pages.speaking import filters_in
from portal.viewer import Language
from schema.root import schema
from tests.world.account_world import Kind

pytestmark = pytest.mark.reads
ZONE = "Europe/Amsterdam"


def history(world, asked=""):
    return f"/accounts/{world.own.id}/history{asked}"


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.MANAGER])
async def test_the_history_tells_who_and_what_before_and_after(browsing, world, kind):
    browser = await browsing(kind).open(history(world))
    assert (browser.status, browser.text("h1")) == (200, "History")
    assert len(browser.page.css(".events > li")) == 2
    assert browser.texts(".changes thead th")[:2] == ["Before", "After"]
    assert "VAT treatment" in browser.texts(".changes tbody th")
    assert ("Internal note" in browser.page.css_first(".events").text()) is (kind is Kind.MANAGER)


async def test_the_history_is_narrowed_by_who_and_by_field(browsing, world):
    browser = await browsing(Kind.OWNER).open(history(world, "?actorRole=MANAGER"))
    assert browser.texts(".changes tbody th") == ["VAT treatment"]
    await browser.open(history(world, "?field=Contract.vatTreatment"))
    assert browser.texts(".changes tbody th") == ["VAT treatment"]
    assert browser.text(".note").startswith("Only: VAT treatment")
    await browser.open(history(world, f"?atBefore=1990-01-01&zone={ZONE}"))
    assert browser.texts(".empty strong") == ["Nothing was changed in this way."]


async def test_who_may_not_read_the_history_is_told_so(browsing, world):
    browser = await browsing(Kind.READER).open(history(world))
    assert browser.texts(".events li") == []
    assert browser.text(".note").startswith("You have no permission for this")


async def test_messages_tell_to_whom_and_when(browsing, world):
    browser = await browsing(Kind.OWNER).open(f"/accounts/{world.own.id}/messages")
    assert (browser.status, browser.text("h1")) == (200, "Messages")
    assert sorted(browser.texts(".links .chip")) == ["Sent", "Waits"]


def recorded(value, field, language=Language.EN):
    filters = filters_in(language)
    return Recorded(schema._schema, language, filters).written(value, field, ZONE)  # noqa: SLF001


@pytest.mark.parametrize(
    ("value", "field", "words"),
    [
        (None, "Contract.vatNumber", "nothing"),
        ("STANDARD", "Contract.vatTreatment", "VAT as usual"),
        (True, "Account.isTest", "Yes"),
        ("2026-03-01", "Contract.duration.startsOn", "1 March 2026"),
        ("2026-03-01T23:30:00Z", "Member.joinedAt", "2 March 2026, 00:30"),
        (["a@example.org", "b@example.org"], "Message.recipient", "a@example.org, b@example.org"),
        (
            {"name": "30", "method": "TRANSFER", "dueDays": 30, "discountDays": None},
            "Contract.paymentTerms.deviating",
            "Name: 30; How an invoice is paid: By transfer; Days until an invoice falls due: 30",
        ),
        (
            {"street": "Main street 1", "country": "NL"},
            "Contract.billingAddress",
            "Street and number: Main street 1; Country: Netherlands",
        ),
        ({"greeting": "Hello"}, "ModuleSubscription.data", "Greeting: Hello"),
        ("something", "No.such", "something"),
    ],
)
def test_what_a_field_held_is_written_in_words(value, field, words):
    assert recorded(value, field) == words
