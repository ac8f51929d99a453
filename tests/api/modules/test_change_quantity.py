"""changeQuantity: more of an item from any day on, fewer as the tariff could change."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from portal.rules.catalogue.terms import BillingMode
from tests import factories
from tests.api.cancelling import CHANGE, GIVE, MONTHLY, UNDO, YEARLY, Booked, make_consumer
from tests.api.previewing import SHOWN, Previewed
from tests.world import Kind
from tests.writing import problem, refusal

QUANTITY = "changeQuantity"
ROWS = "quantities { itemKey quantity startsOn endsOn }"
ENDS = "ends { itemKey quantity lastDay isAdditionalOption }"


async def add_item(booked: Booked, tariff: Any, key: str, **values: Any) -> None:
    """Add an item to the price list of a tariff."""
    async with booked.writer.superuser.connect() as connection:
        found = await connection.execute(
            sa.text(
                "SELECT s.id, v.id FROM price_list_section s JOIN tariff_version v"
                " ON v.id = s.tariff_version_id WHERE v.tariff_id = :id"
            ),
            {"id": tariff.id},
        )
        section_id, version_id = found.one()
    section = factories.section(factories.tariff_version(tariff, id=version_id), id=section_id)
    item = factories.item(section, **{"position": 9, "key": key} | values)
    await factories.write(booked.writer.superuser, [item])


@pytest.fixture
def seats(book, hand):
    """Book a module with seats at 4.50 each; the other tariff has none."""

    async def booked_seats(
        terms: dict[str, Any] | None = None, starts_on: str = "2024-01-15", **values: Any
    ) -> Booked:
        booked = await book(starts_on, terms, **values)
        await add_item(
            booked,
            booked.tariff,
            "SEAT",
            unit_price=Decimal("4.50"),
            billing_mode=BillingMode.MONTHLY,
        )
        await add_item(booked, booked.tariff, "EXTRA", position=10, is_additional_option=True)
        return booked

    return booked_seats


def of(quantity: int, starts_on: str | None = None, **values: Any) -> dict[str, Any]:
    """Give the input for so many seats."""
    day = {} if starts_on is None else {"startsOn": starts_on}
    return {"itemKey": "SEAT", "quantity": quantity} | day | values


def row(quantity: int, starts_on: str, ends_on: str | None = None) -> dict[str, Any]:
    """Give how many seats there are, as it is shown."""
    return {"itemKey": "SEAT", "quantity": quantity, "startsOn": starts_on, "endsOn": ends_on}


def refused(code: str, path: str, message: str) -> dict[str, Any]:
    return refusal(problem(code, f"input.{path}", message))


async def test_there_are_more_from_today_on(seats, timed_writer):
    booked = await seats()
    before = await timed_writer.rows()
    answer = await booked.send(QUANTITY, Kind.OWNER, of(5), f"version {ROWS} {COSTS}")
    assert answer == {
        "__typename": "ModuleSubscription",
        "version": 2,
        "quantities": [row(5, "2025-03-14")],
        "costs": [{"key": "SEAT", "quantity": 5, "monthlyAmount": "22.50"}],
    } | {"costs": answer["costs"]}
    assert answer["costs"][-1] == {"key": "SEAT", "quantity": 5, "monthlyAmount": "22.50"}
    assert await timed_writer.written_since(before) == {
        "account": {"history_length": 3},
        "module_subscription": {"version": 2},
        "subscription_item_quantity": {"added": 1},
        "message": {"added": 1},
        "outbox": {"added": 1},
    }


async def test_whoever_changes_it_the_owner_is_told(seats):
    """And the member who asked for it."""
    booked = await seats()
    await booked.send(QUANTITY, Kind.ADMIN, of(5))
    letter = {"receivedOn": "2025-03-12", "askedBy": "CUSTOMER"}
    await booked.send(QUANTITY, Kind.MANAGER, of(7, "2025-04-01", **letter))
    deviating = {"deviatingDate": "2025-05-01", "reason": "Agreed."}
    await booked.send(QUANTITY, Kind.MANAGER, of(2, **deviating))
    mails = await booked.mails()
    owner = booked.writer.world.own.owner.email
    assert [to == owner for to, *_ in mails].count(True) == 3
    assert len(mails) == 4
    first, *_, letter, last = (text for to, _, text in mails if to == owner)
    assert "We confirm another quantity of " in first
    assert "Received: 14 March 2025, 13:00" in first
    assert (
        """
Quantity: 5

First day of this quantity: 14 March 2025

Price of the module each month from then on, without VAT: €61.50
"""
        in first
    )
    assert "Received: 12 March 2025\n" in letter
    assert "We change the quantity of " in last
    assert "Quantity: 2\n" in last
    assert "First day of this quantity: 1 May 2025" in last


COSTS = "costs { key quantity monthlyAmount }"


async def test_there_are_more_from_a_later_day_on_and_fewer_as_the_tariff_could_change(seats):
    booked = await seats(YEARLY)
    answer = await booked.send(QUANTITY, Kind.ADMIN, of(5, "2025-06-01"), ROWS)
    assert answer["quantities"] == [row(5, "2025-06-01")]
    reasons = "reasons { rule outcome sentence }"
    answer = await booked.send(
        QUANTITY, Kind.OWNER, of(2), f"quantities {{ quantity startsOn endsOn deadline {reasons} }}"
    )
    more, fewer = answer["quantities"]
    assert (more["startsOn"], more["endsOn"], more["deadline"]) == (
        "2025-06-01",
        "2026-01-14",
        None,
    )
    assert more["reasons"] == [
        {
            "rule": "MORE",
            "outcome": "2025-06-01",
            "sentence": "There may be more from any day on: from 1 June 2025 on.",
        }
    ]
    assert (fewer["quantity"], fewer["startsOn"], fewer["endsOn"]) == (2, "2026-01-15", None)
    assert fewer["deadline"] == "2025-10-14"
    assert fewer["reasons"][-1] == {
        "rule": "DAY_AFTER",
        "outcome": "2026-01-15",
        "sentence": "There may be fewer from the day after on: from 15 January 2026.",
    }


async def test_a_consumer_has_fewer_as_the_law_lets_the_tariff_change(seats, timed_writer):
    await make_consumer(timed_writer)
    booked = await seats(YEARLY)
    await booked.send(QUANTITY, Kind.OWNER, of(3))
    answer = await booked.send(QUANTITY, Kind.OWNER, of(2), ROWS)
    assert answer["quantities"] == [row(3, "2025-03-14", "2025-04-14"), row(2, "2025-04-15")]


async def test_what_was_to_hold_later_holds_no_more(seats):
    booked = await seats()
    await booked.send(QUANTITY, Kind.OWNER, of(3))
    await booked.send(QUANTITY, Kind.OWNER, of(5, "2025-06-01"))
    answer = await booked.send(QUANTITY, Kind.OWNER, of(7, "2025-04-01"), ROWS)
    assert answer["quantities"] == [row(3, "2025-03-14", "2025-03-31"), row(7, "2025-04-01")]


@pytest.mark.parametrize(
    ("given", "code", "path", "message"),
    [
        (of(0), "INVALID_INPUT", "quantity", "Must be from 1 to 1,000,000."),
        (of(-1), "INVALID_INPUT", "quantity", "Must be from 1 to 1,000,000."),
        (of(10**9), "INVALID_INPUT", "quantity", "Must be from 1 to 1,000,000."),
        (of(1), "RULE_BROKEN", "startsOn", "There are 1 of it from then on already."),
        (
            of(2) | {"itemKey": "NONE"},
            "NOT_FOUND",
            "itemKey",
            "The price list of that day has no such item.",
        ),
        (
            of(2) | {"itemKey": "EXTRA"},
            "NOT_FOUND",
            "itemKey",
            "The price list of that day has no such item.",
        ),
        (
            of(2, "2025-03-13"),
            "RULE_BROKEN",
            "startsOn",
            "There may be more from 14 March 2025 on at the earliest.",
        ),
        *(
            (
                of(2, **{field: "2200-01-01"}, reason="Because."),
                "INVALID_INPUT",
                field,
                "Must be a day from 1 January 1900 to 31 December 2199.",
            )
            for field in ("startsOn", "deviatingDate")
        ),
        (
            of(2, deviatingDate="2025-01-01"),
            "RULE_BROKEN",
            "reason",
            "A deviating date needs a reason.",
        ),
        (
            of(2, "2025-04-01", deviatingDate="2025-01-01", reason="Because."),
            "INVALID_INPUT",
            "deviatingDate",
            "Give a day that the tariff allows, or a deviating date: not both.",
        ),
        (
            of(2, deviatingDate="2024-01-14", reason="Because."),
            "RULE_BROKEN",
            "deviatingDate",
            "14 January 2024 is before the first day, 15 January 2024.",
        ),
    ],
)
async def test_what_cannot_be_is_refused(seats, timed_writer, given, code, path, message):
    booked = await seats()
    before = await timed_writer.rows()
    answer = await booked.send(QUANTITY, Kind.MANAGER, given)
    assert answer == refused(code, path, message)
    assert await timed_writer.rows() == before


async def test_fewer_on_another_day_are_refused_with_the_nearest_ones(seats):
    booked = await seats()
    await booked.send(QUANTITY, Kind.OWNER, of(3))
    answer = await booked.send(QUANTITY, Kind.OWNER, of(2, "2025-05-02"))
    assert answer == refused(
        "RULE_BROKEN",
        "startsOn",
        "There cannot be fewer from 2 May 2025 on; the nearest days are 1 May 2025 and"
        " 1 June 2025.",
    )


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        (BillingMode.PER_USE, "This item is billed by use: it has no quantity."),
        (BillingMode.AT_ONCE, "This item is billed once: its quantity cannot change."),
    ],
)
async def test_what_does_not_come_back_has_no_quantity_to_change(seats, mode, message):
    booked = await seats()
    await add_item(booked, booked.other, "ONCE", billing_mode=mode)
    await booked.send(CHANGE, Kind.MANAGER, {"deviatingDate": "2025-03-14", "reason": "So."})
    given = of(2) | {"itemKey": "ONCE"}
    assert await booked.send(QUANTITY, Kind.OWNER, given) == refused(
        "RULE_BROKEN", "itemKey", message
    )


async def test_a_manager_sets_any_day_with_a_reason(seats):
    booked = await seats()
    given = of(4, deviatingDate="2024-06-01", reason="Agreed by telephone.")
    answer = await booked.send(QUANTITY, Kind.MANAGER, given, ROWS)
    assert answer["quantities"] == [row(4, "2024-06-01")]
    given = of(2, deviatingDate="2025-03-20", reason="Agreed by telephone.")
    answer = await booked.send(QUANTITY, Kind.MANAGER, given, ROWS)
    assert answer["quantities"] == [row(4, "2024-06-01", "2025-03-19"), row(2, "2025-03-20")]


async def test_nothing_becomes_dearer_for_a_consumers_days_that_are_over(seats, timed_writer):
    await make_consumer(timed_writer)
    booked = await seats()
    given = of(4, deviatingDate="2025-03-13", reason="Forgotten.")
    answer = await booked.send(QUANTITY, Kind.MANAGER, given)
    assert answer == refused(
        "RULE_BROKEN",
        "deviatingDate",
        "For a consumer nothing becomes dearer for days that are over: 13 March 2025 would.",
    )
    given = of(4, deviatingDate="2025-03-14", reason="Forgotten.")
    assert (await booked.send(QUANTITY, Kind.MANAGER, given))["__typename"] != "Refusal"
    # Fewer are cheaper.
    given = of(2, deviatingDate="2025-03-14", reason="Forgotten.")
    assert (await booked.send(QUANTITY, Kind.MANAGER, given))["__typename"] != "Refusal"


async def test_more_are_had_until_a_cancelled_module_ends(seats):
    booked = await seats()
    await booked.send(GIVE, Kind.OWNER)
    answer = await booked.send(QUANTITY, Kind.OWNER, of(2), ROWS)
    assert answer["quantities"] == [row(2, "2025-03-14")]
    assert await booked.send(QUANTITY, Kind.OWNER, of(3, "2025-05-01")) == refused(
        "RULE_BROKEN", "startsOn", "This module ends on 30 April 2025, before that."
    )
    assert await booked.send(QUANTITY, Kind.OWNER, of(1)) == refused(
        "RULE_BROKEN", "startsOn", "This module ends on 30 April 2025, before that."
    )


async def test_a_module_that_is_over_has_no_quantity_to_change(seats, hand):
    booked = await seats()
    await booked.send(GIVE, Kind.OWNER)
    hand.set("2025-05-01")
    assert await booked.send(QUANTITY, Kind.OWNER, of(2)) == refused(
        "RULE_BROKEN", "id", "This module has ended on 30 April 2025."
    )


async def test_a_change_of_tariff_ends_what_it_has_no_item_for_and_says_so(seats, timed_writer):
    booked = await seats()
    await booked.send(QUANTITY, Kind.OWNER, of(3))
    await booked.send(QUANTITY, Kind.OWNER, of(4, "2025-06-01"))
    previewed = Previewed(timed_writer, CHANGE, "previewTariffChange", booked.id)
    given = {"tariff": {"id": booked.other_id}}
    shown = await previewed.show(given, fields=f"{SHOWN} {ENDS}")
    assert shown["monthlyBefore"] == "52.50"
    assert shown["monthlyAfter"] == "59.00"
    assert shown["ends"] == [
        lost(3, "2025-04-30"),
        # It would have come later than the other tariff.
        lost(4, "2025-05-31"),
    ]
    token = await previewed.token(given)
    answer = await previewed.make(given, token, fields=ROWS)
    assert answer["quantities"] == [
        row(3, "2025-03-14", "2025-04-30"),
        row(4, "2025-06-01", "2025-05-31"),
    ]
    answer = await booked.send(UNDO, Kind.OWNER, None, ROWS)
    assert answer["quantities"] == [row(3, "2025-03-14", "2025-05-31"), row(4, "2025-06-01")]


def lost(quantity: int, last_day: str) -> dict[str, Any]:
    return {
        "itemKey": "SEAT",
        "quantity": quantity,
        "lastDay": last_day,
        "isAdditionalOption": False,
    }


async def test_a_change_of_tariff_keeps_what_it_has_an_item_for(seats, hand):
    booked = await seats()
    await add_item(
        booked,
        booked.other,
        "SEAT",
        unit_price=Decimal("4.00"),
        billing_mode=BillingMode.MONTHLY,
    )
    await booked.send(QUANTITY, Kind.OWNER, of(3))
    await booked.send(CHANGE, Kind.OWNER)
    hand.set("2025-05-01")
    answer = await booked.send(QUANTITY, Kind.OWNER, of(4, "2025-05-02"), f"{ROWS} {COSTS}")
    assert answer["quantities"] == [row(3, "2025-03-14", "2025-05-01"), row(4, "2025-05-02")]
    assert answer["costs"][-1] == {"key": "SEAT", "quantity": 3, "monthlyAmount": "12.00"}


async def test_what_is_added_before_a_change_of_tariff_ends_with_it_too(seats):
    booked = await seats()
    await booked.send(CHANGE, Kind.OWNER)
    answer = await booked.send(QUANTITY, Kind.OWNER, of(3), ROWS)
    assert answer["quantities"] == [row(3, "2025-03-14", "2025-04-30")]
    answer = await booked.send(UNDO, Kind.OWNER, None, ROWS)
    assert answer["quantities"] == [row(3, "2025-03-14")]


async def test_a_preview_shows_what_the_change_does(seats, timed_writer):
    booked = await seats(MONTHLY)
    previewed = Previewed(timed_writer, QUANTITY, "previewQuantityChange", booked.id)
    before = await timed_writer.rows()
    shown = await previewed.show(of(3, "2025-03-20"), fields=f"currency {SHOWN} {ENDS}")
    assert await timed_writer.rows() == before
    assert {name: shown[name] for name in shown if name not in {"token", "validUntil"}} == {
        "__typename": "Preview",
        "currency": "EUR",
        "startsOn": "2025-03-20",
        "endsOn": None,
        "earliestEnd": None,
        "deadline": None,
        "monthlyBefore": "43.50",
        "monthlyAfter": "52.50",
        "ends": [],
    }
    await previewed.make(of(3, "2025-03-20"), shown["token"])
    shown = await previewed.show(of(2))
    assert (shown["startsOn"], shown["deadline"]) == ("2025-05-01", "2025-03-31")
    assert (shown["monthlyBefore"], shown["monthlyAfter"]) == ("52.50", "48.00")


async def test_on_the_first_day_of_its_module_it_would_have_cost_what_was_ordered(
    seats, timed_writer
):
    booked = await seats(MONTHLY, "2025-03-14")
    previewed = Previewed(timed_writer, QUANTITY, "previewQuantityChange", booked.id)
    for quantity, before, after in ((3, "43.50", "52.50"), (5, "52.50", "61.50")):
        given = of(quantity, "2025-03-14")
        shown = await previewed.show(given)
        assert (shown["monthlyBefore"], shown["monthlyAfter"]) == (before, after)
        answer = await previewed.make(given, shown["token"])
        assert answer["__typename"] == "ModuleSubscription", answer
