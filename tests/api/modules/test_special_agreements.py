"""makeSpecialAgreement, endSpecialAgreement, withdrawSpecialAgreement: for managers alone."""

from decimal import Decimal
from typing import Any

import pytest

from portal.language.global_id import encode
from tests.api.cancelling import CHANGE, MONTHLY, Booked, make_consumer
from tests.api.modules.test_change_quantity import add_item
from tests.api.previewing import SHOWN, Previewed
from tests.world import Kind
from tests.writing import problem, refusal

MAKE, END, WITHDRAW = (
    "makeSpecialAgreement",
    "endSpecialAgreement",
    "withdrawSpecialAgreement",
)
FIELDS = "itemKey kind unitPrice discountPercent vatTreatment startsOn endsOn comment"


def refused(code: str, path: str, message: str) -> dict[str, Any]:
    return refusal(problem(code, f"input.{path}" if path else "input", message))


VALUES = ("unitPrice", "discountPercent", "vatTreatment")


@pytest.fixture
async def seat(book, hand) -> Booked:
    """A module with seats at 4.50 each."""
    booked: Booked = await book("2024-01-15", MONTHLY)
    await add_item(booked, booked.tariff, "SEAT", unit_price=Decimal("4.50"))
    return booked


async def agree(booked: Booked, kind: Kind = Kind.MANAGER, **given: Any) -> dict[str, Any]:
    """Agree something about the module."""
    world = booked.writer.world
    value = {name: given.pop(name) for name in VALUES if name in given}
    sent = {"id": world.own.id, "moduleId": encode("Module", booked.module.id), "value": value}
    sent |= given
    return await booked.writer.change(MAKE, kind, sent, f"id {FIELDS}")


async def made(booked: Booked, **given: Any) -> str:
    answer = await agree(booked, **given)
    assert answer["__typename"] == "SpecialAgreement", answer
    id: str = answer["id"]
    return id


async def costs(booked: Booked, on: str | None = None) -> dict[str, Any]:
    """Give what a seat costs, as the owner reads it."""
    answer = await booked.writer.api(
        "query ($id: ID!, $on: Date) { node(id: $id) { ... on ModuleSubscription {"
        " costs(on: $on) { key agreedPrice discountPercent monthlyAmount } } } }",
        booked.writer.world.tokens[Kind.OWNER],
        id=booked.id,
        on=on,
    )
    lines = answer["data"]["node"]["costs"]
    return next(line for line in lines if line["key"] == "SEAT")


async def test_a_price_holds_from_day_to_day_and_the_customer_sees_it(seat, timed_writer):
    before = await timed_writer.rows()
    given = {"itemKey": "SEAT", "unitPrice": "3.123456", "endsOn": "2025-12-31"}
    answer = await agree(seat, **given, comment="For ten years.")
    id = answer.pop("id")
    assert answer == {
        "__typename": "SpecialAgreement",
        "itemKey": "SEAT",
        "kind": "UNIT_PRICE",
        "unitPrice": "3.123456",
        "discountPercent": None,
        "vatTreatment": None,
        "startsOn": "2025-03-14",
        "endsOn": "2025-12-31",
        "comment": "For ten years.",
    }
    assert await timed_writer.written_since(before) == {
        "account": {"history_length": 3},
        "message": {"added": 1},
        "outbox": {"added": 1},
        "special_agreement": {"added": 1},
    }
    assert (await costs(seat))["agreedPrice"] == "3.123456"
    assert (await costs(seat, "2026-01-01"))["agreedPrice"] is None
    shown = await timed_writer.api(
        "query ($id: ID!) { account(id: $id) { specialAgreements { id comment } } }",
        timed_writer.world.tokens[Kind.READER],
        id=timed_writer.world.own.id,
    )
    assert {"id": id, "comment": "For ten years."} in shown["data"]["account"]["specialAgreements"]


async def test_one_about_the_item_goes_before_one_about_the_module(seat):
    await made(seat, discountPercent="10")
    await made(seat, itemKey="SEAT", discountPercent="50.00")
    await made(seat, unitPrice="2")
    assert await costs(seat) == {
        "key": "SEAT",
        "agreedPrice": "1.00",
        "discountPercent": "50.00",
        "monthlyAmount": "1.00",
    }


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.EMPLOYEE])
async def test_it_is_for_managers_alone(seat, timed_writer, kind):
    id = await made(seat, discountPercent="10")
    before = await timed_writer.rows()
    answer = await agree(seat, kind, discountPercent="10")
    assert answer["problems"][0]["code"] == "FORBIDDEN"
    for mutation, given in ((END, {"endsOn": "2025-04-01"}), (WITHDRAW, {})):
        answer = await seat.writer.change(mutation, kind, {"id": id} | given, "id")
        assert answer["problems"][0]["code"] == "FORBIDDEN"
    assert await timed_writer.rows() == before


NUMBER = "Must be a number like 12.50, with six decimals at most."
PERCENT = "Must be above 0 and at most 100 per cent, with two decimals at most."


@pytest.mark.parametrize(
    ("given", "code", "path", "message"),
    [
        ({"unitPrice": "-1"}, "INVALID_INPUT", "value.unitPrice", "Must be from 0 to 10,000,000."),
        (
            {"unitPrice": "10000001"},
            "INVALID_INPUT",
            "value.unitPrice",
            "Must be from 0 to 10,000,000.",
        ),
        ({"unitPrice": "1.1234567"}, "INVALID_INPUT", "value.unitPrice", NUMBER),
        ({"unitPrice": "NaN"}, "INVALID_INPUT", "value.unitPrice", NUMBER),
        ({"discountPercent": "Infinity"}, "INVALID_INPUT", "value.discountPercent", NUMBER),
        ({"discountPercent": "0"}, "INVALID_INPUT", "value.discountPercent", PERCENT),
        ({"discountPercent": "100.01"}, "INVALID_INPUT", "value.discountPercent", PERCENT),
        ({"discountPercent": "1.001"}, "INVALID_INPUT", "value.discountPercent", PERCENT),
        (
            {"unitPrice": "1", "itemKey": "NONE"},
            "NOT_FOUND",
            "itemKey",
            "No price list of this module has such an item.",
        ),
        (
            {"unitPrice": "1", "endsOn": "2025-03-13"},
            "RULE_BROKEN",
            "endsOn",
            "13 March 2025 is before the first day, 14 March 2025.",
        ),
        (
            {"unitPrice": "1", "startsOn": "2025-03-13"},
            "RULE_BROKEN",
            "reason",
            "A day that is over needs a reason.",
        ),
        ({"unitPrice": "1", "moduleId": "x"}, "NOT_FOUND", "moduleId", "There is no such module."),
    ],
)
async def test_what_is_no_agreement_is_refused(seat, timed_writer, given, code, path, message):
    before = await timed_writer.rows()
    assert await agree(seat, **given) == refused(code, path, message)
    assert await timed_writer.rows() == before


async def test_two_of_a_kind_do_not_hold_for_a_target_on_one_day(seat, timed_writer):
    id = await made(seat, itemKey="SEAT", unitPrice="4", startsOn="2025-04-01", endsOn="2025-04-30")
    before = await timed_writer.rows()
    for days in ({"startsOn": "2025-04-30"}, {"endsOn": "2025-04-01"}, {}):
        assert await agree(seat, itemKey="SEAT", unitPrice="3", **days) == refused(
            "CONFLICT",
            "startsOn",
            "Such an agreement holds from 1 April 2025 up to and including 30 April 2025 already.",
        )
    assert await timed_writer.rows() == before
    # Another kind, another target and other days do.
    await made(seat, itemKey="SEAT", discountPercent="5")
    await made(seat, unitPrice="3")
    await made(seat, itemKey="SEAT", unitPrice="3", endsOn="2025-03-31")
    await made(seat, itemKey="SEAT", unitPrice="2", startsOn="2025-05-01")
    assert await end(seat, id, "2025-05-01") == refused(
        "CONFLICT",
        "endsOn",
        "Such an agreement holds from 1 May 2025 on already; end that first.",
    )


async def end(booked: Booked, id: str, ends_on: str, **given: Any) -> dict[str, Any]:
    sent = {"id": id, "endsOn": ends_on} | given
    return await booked.writer.change(END, Kind.MANAGER, sent, "startsOn endsOn")


async def test_it_ends_on_another_day_and_not_before_it_began(seat):
    id = await made(seat, unitPrice="4")
    assert await end(seat, id, "2025-03-13") == refused(
        "RULE_BROKEN", "endsOn", "13 March 2025 is before the first day, 14 March 2025."
    )
    answer = await end(seat, id, "2025-03-31")
    assert (answer["startsOn"], answer["endsOn"]) == ("2025-03-14", "2025-03-31")
    assert (await costs(seat, "2025-04-01"))["agreedPrice"] is None
    assert (await end(seat, id, "2199-12-31"))["endsOn"] == "2199-12-31"


async def test_days_that_are_over_change_with_a_reason_alone(seat, hand):
    id = await made(seat, unitPrice="4")
    hand.set("2025-06-01")
    assert await end(seat, id, "2025-04-30") == refused(
        "RULE_BROKEN", "reason", "A day that is over needs a reason."
    )
    assert (await end(seat, id, "2025-05-31"))["endsOn"] == "2025-05-31"
    answer = await end(seat, id, "2025-04-30", reason="Agreed by telephone.")
    assert answer["endsOn"] == "2025-04-30"


async def test_nothing_becomes_dearer_for_a_consumers_days_that_are_over(seat, timed_writer, hand):
    await make_consumer(timed_writer)
    dearer = "For a consumer nothing becomes dearer for days that are over: {} would."
    past = {"startsOn": "2025-03-01", "reason": "Agreed by telephone."}
    assert await agree(seat, itemKey="SEAT", unitPrice="5", **past) == refused(
        "RULE_BROKEN", "startsOn", dearer.format("1 March 2025")
    )
    id = await made(seat, itemKey="SEAT", unitPrice="4", **past)
    hand.set("2025-06-01")
    assert await end(seat, id, "2025-04-30", reason="A mistake.") == refused(
        "RULE_BROKEN", "endsOn", dearer.format("1 May 2025")
    )


async def test_no_consumer_has_the_vat_reversed(seat, timed_writer):
    await make_consumer(timed_writer)
    assert await agree(seat, vatTreatment="REVERSE_CHARGE") == refused(
        "RULE_BROKEN",
        "value.vatTreatment",
        "Reverse charge is for businesses; the contract partner is a consumer.",
    )


async def test_before_its_first_day_it_is_withdrawn(seat, timed_writer, hand):
    id = await made(seat, unitPrice="4", startsOn="2025-04-01")
    answer = await seat.writer.change(WITHDRAW, Kind.MANAGER, {"id": id}, "id")
    assert answer == {"__typename": "Account", "id": timed_writer.world.own.id}
    id = await made(seat, unitPrice="4", startsOn="2025-04-01")
    hand.set("2025-04-01")
    assert await seat.writer.change(WITHDRAW, Kind.MANAGER, {"id": id}, "id") == refused(
        "RULE_BROKEN",
        "id",
        "An agreement can be withdrawn before its first day, which was 1 April 2025; end it"
        " instead.",
    )


async def test_it_stays_through_a_change_of_tariff_where_the_key_does(seat, hand):
    await add_item(seat, seat.other, "SEAT", unit_price=Decimal(6))
    await made(seat, itemKey="SEAT", discountPercent="50")
    await seat.send(CHANGE, Kind.OWNER)
    hand.set("2025-05-01")
    assert (await costs(seat))["agreedPrice"] == "3.00"


async def test_a_preview_shows_what_its_modules_cost_before_and_after(seat, timed_writer):
    previewed = Previewed(timed_writer, MAKE, "previewSpecialAgreement", timed_writer.world.own.id)
    given = {"moduleId": encode("Module", seat.module.id), "value": {"discountPercent": "10"}}
    shown = await previewed.show(given, Kind.MANAGER, f"currency {SHOWN}")
    assert (shown["startsOn"], shown["endsOn"], shown["currency"]) == ("2025-03-14", None, "EUR")
    assert (shown["monthlyBefore"], shown["monthlyAfter"]) == ("43.50", "39.15")
    answer = await previewed.make(given, shown["token"], Kind.MANAGER, "id")
    previewed = Previewed(timed_writer, END, "previewSpecialAgreementEnd", answer["id"])
    shown = await previewed.show({"endsOn": "2025-03-31"}, Kind.MANAGER)
    assert (shown["monthlyBefore"], shown["monthlyAfter"]) == ("39.15", "43.50")


async def test_the_owner_is_told_what_is_agreed_and_when_it_ends(seat):
    later = {"startsOn": "2025-04-01", "comment": "For ten years."}
    price = await made(seat, itemKey="SEAT", unitPrice="3.5", **later)
    await made(seat, discountPercent="10")
    for mutation, given in ((END, {"endsOn": "2025-12-31"}), (WITHDRAW, {})):
        await seat.writer.change(mutation, Kind.MANAGER, {"id": price} | given, "__typename")
    mails = await seat.mails()
    owner = seat.writer.world.own.owner.email
    assert [(to, subject) for to, subject, _ in mails] == [
        (owner, f"Special agreement for {seat.module.name}")
    ] * 4
    agreed, discount, ended, withdrawn = (text for *_, text in mails)
    price_of = "A price of €3.50 is agreed from 1 April 2025 on."
    for text in (agreed, ended, withdrawn):
        assert price_of in text
        assert "> For ten years.\n" in text
    assert "A discount of 10 per cent is agreed from 14 March 2025 on." in discount
    assert f"agreed with you specially about {seat.module.name}," in discount
    assert "Last day: 31 December 2025\n" in ended
    assert "We have withdrawn what we had agreed" in withdrawn
