"""A module of single booking never runs twice on one day, whatever is done to it."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from portal.language.global_id import encode
from tests.api.cancelling import (
    CHANGE,
    GIVE,
    SELF_ENDING,
    UNDO,
    WITHDRAW,
    Book,
    Booked,
)
from tests.saying import written
from tests.world import Kind
from tests.writing import problem, refusal

WHY = {"reason": "Coulance."}
SELF_ENDED = {"ends_on": date(2025, 5, 31)}


def later_from(day: str) -> str:
    return (
        "This module can be had once at a time, and is ordered again from"
        f" {written(date.fromisoformat(day))} on: it has to end before."
    )


Way = Callable[[Booked, Kind], Awaitable[dict[str, Any]]]


async def cancelled(book: Book, *, single: bool) -> Booked:
    booked = await book(is_single_booking=single)
    await booked.send(GIVE, Kind.OWNER)
    await booked.again("2025-05-01")
    return booked


async def ends_by_itself(book: Book, *, single: bool) -> Booked:
    booked = await book("2024-06-01", SELF_ENDING, is_single_booking=single, **SELF_ENDED)
    await booked.again("2025-06-01")
    return booked


async def changed(book: Book, *, single: bool) -> Booked:
    booked = await book("2024-01-15", None, SELF_ENDING, is_single_booking=single)
    await booked.send(CHANGE, Kind.OWNER)
    await booked.again("2026-05-01")
    return booked


async def asked_for(book: Book, *, single: bool) -> Booked:
    booked = await book("2024-06-01", SELF_ENDING, is_single_booking=single, **SELF_ENDED)
    await request(booked, Kind.OWNER)
    await booked.again("2025-06-01")
    return booked


def sending(mutation: str, **given: Any) -> Way:
    async def send(booked: Booked, kind: Kind) -> dict[str, Any]:
        return await booked.send(mutation, kind, given)

    return send


async def request(booked: Booked, kind: Kind) -> dict[str, Any]:
    change = {"lastDay": "2025-12-31"}
    given = {"proposed": {"deviatingDate": {"moduleSubscriptionId": booked.id, "change": change}}}
    return await booked.writer.change("createRequest", kind, given, "id")


async def accept(booked: Booked, kind: Kind) -> dict[str, Any]:
    async with booked.writer.superuser.connect() as connection:
        id = await connection.scalar(
            sa.text("SELECT id FROM request WHERE module_subscription_id = :id"),
            {"id": booked.subscription.id},
        )
    return await booked.writer.change("acceptRequest", kind, {"id": encode("Request", id)}, "id")


TO_JUNE = {"deviatingDate": "2025-06-01"} | WHY
IN_APRIL = {"deviatingDate": "2025-04-01"} | WHY
DEVIATING, ASKED_FOR = "deviatingDate", "proposed.deviatingDate.change.lastDay"
WAYS = {
    "withdraw a notice": (cancelled, sending(WITHDRAW), Kind.OWNER, "id", "2025-05-01"),
    "change": (ends_by_itself, sending(CHANGE), Kind.OWNER, "startsOn", "2025-06-01"),
    "deviate in a change": (
        *(ends_by_itself, sending(CHANGE, **IN_APRIL), Kind.MANAGER),
        *(DEVIATING, "2025-06-01"),
    ),
    "deviate in a notice": (
        *(ends_by_itself, sending(GIVE, **TO_JUNE), Kind.MANAGER),
        *(DEVIATING, "2025-06-01"),
    ),
    "withdraw a change": (changed, sending(UNDO), Kind.OWNER, "id", "2026-05-01"),
    "accept a request": (asked_for, accept, Kind.MANAGER, DEVIATING, "2025-06-01"),
    "request": (ends_by_itself, request, Kind.OWNER, ASKED_FOR, "2025-06-01"),
}
ways = pytest.mark.parametrize(
    ("prepared", "way", "kind", "path", "day"), WAYS.values(), ids=WAYS.keys()
)


@ways
async def test_no_day_becomes_that_of_two_orders(
    hand, book, timed_writer, prepared, way, kind, path, day
):
    booked = await prepared(book, single=True)
    before = await timed_writer.fingerprint()
    assert await way(booked, kind) == refusal(
        problem("RULE_BROKEN", f"input.{path}", later_from(day))
    )
    assert await timed_writer.fingerprint() == before


@ways
async def test_others_may_be_had_as_often_as_one_likes(hand, book, prepared, way, kind, path, day):
    booked = await prepared(book, single=False)
    assert (await way(booked, kind))["__typename"] != "Refusal"


async def test_up_to_the_day_before_the_later_order_it_may_run_on(hand, book):
    booked = await book("2024-06-01", SELF_ENDING, is_single_booking=True, **SELF_ENDED)
    await booked.again("2025-07-01")
    given = {"deviatingDate": "2025-06-30"} | WHY
    assert (await booked.send(GIVE, Kind.MANAGER, given))["endsOn"] == "2025-06-30"


async def test_a_preview_says_the_same(hand, book, timed_writer):
    booked = await book("2024-06-01", SELF_ENDING, is_single_booking=True, **SELF_ENDED)
    await booked.again("2025-07-01")
    message = later_from("2025-07-01")
    answer = await timed_writer.api(
        "mutation ($input: ChangeTariffInput!) { previewTariffChange(input: $input) {"
        " ... on Refusal { problems { code path message } } } }",
        timed_writer.world.tokens[Kind.OWNER],
        input={"id": booked.id, "tariff": {"id": booked.other_id}},
    )
    assert answer["data"]["previewTariffChange"]["problems"] == [
        {"code": "RULE_BROKEN", "path": ["input", "startsOn"], "message": message}
    ]
