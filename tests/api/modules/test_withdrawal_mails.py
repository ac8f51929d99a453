"""What was confirmed by mail is taken back by mail: cancellations, changes of tariff and orders."""

from datetime import timedelta

import pytest

from portal.language.messages import said
from portal.viewer import Language
from tests.api.cancelling import CHANGE, GIVE
from tests.api.ordering import day, open_shop, today
from tests.world import Kind


@pytest.mark.parametrize(
    ("ask", "undo", "subject", "told"),
    [
        (
            GIVE,
            "withdrawNotice",
            "Cancellation withdrawn: {module}",
            "The last day would have been 30 April 2025. {module} runs on",
        ),
        (
            CHANGE,
            "withdrawTariffChange",
            "Change of tariff withdrawn: {module}",
            "That tariff would have begun on 1 May 2025. The present tariff goes on.",
        ),
    ],
)
@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.MANAGER])
async def test_a_withdrawal_is_told(hand, book, timed_writer, ask, undo, subject, told, kind):
    booked = await book()
    await booked.send(ask, Kind.OWNER)
    (confirmed,) = await booked.mails()
    await booked.send(undo, kind)
    first, withdrawn = await booked.mails()
    module = booked.module.name
    assert (first, withdrawn[0]) == (confirmed, timed_writer.world.own.owner.email)
    assert withdrawn[1] == subject.format(module=module)
    assert told.format(module=module) in withdrawn[2]
    assert ("We withdraw" in withdrawn[2]) is (kind is Kind.MANAGER)


async def test_a_refused_withdrawal_sends_nothing(hand, book, timed_writer):
    booked = await book()
    await booked.send(GIVE, Kind.MANAGER)
    mails = await booked.mails()
    assert (await booked.send("withdrawNotice", Kind.OWNER))["__typename"] == "Refusal"
    assert await booked.mails() == mails


async def test_the_new_tariff_is_told_with_its_price_and_terms(hand, book, timed_writer):
    booked = await book()
    await booked.send(CHANGE, Kind.OWNER)
    (mail,) = await booked.mails()
    assert (
        "Price each month, without VAT: €59.00\n\nInitial term: none\n\n"
        "Notice period: 1 month\n\nFirst possible last day: 31 May 2025\n"
    ) in mail[2]


async def test_an_order_is_told_with_its_price_and_terms_and_taken_back(
    writer, superuser, world, people
):
    shop = await open_shop(superuser, world)
    owner = world.own.owner.email
    ordered = await writer.change("orderModule", Kind.OWNER, shop.given(startsOn=day(3)), "id")
    ((_, confirmed),) = await people.mails(owner)
    assert "Prijs per maand, zonder btw: €" in confirmed
    assert "Eerst mogelijke laatste dag: " in confirmed
    await writer.change("withdrawOrder", Kind.OWNER, {"id": ordered["id"]})
    _, (subject, text) = await people.mails(owner)
    assert subject == f"Bestelling ingetrokken: {shop.module.name}"
    first_day = said(today() + timedelta(days=3), Language.NL)
    assert f"De eerste dag zou {first_day} zijn geweest." in text
