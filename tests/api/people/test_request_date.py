"""Asking for a day that the tariff does not allow, and what managers make of it."""

import pytest

from tests.api.cancelling import CHANGE, GIVE, YEARLY
from tests.world import Kind
from tests.writing import forbidden, problem, refusal

VALUES = "{ lastDay tariff { name { value } } }"
FIELDS = (
    "id kind status moduleSubscription { id endsOn }"
    f" proposed {{ lastDay startsOn tariff {{ name {{ value }} }} }} present {VALUES}"
)


async def ask(booked, kind=Kind.OWNER, fields="id", **given):
    """Ask for a day for what was booked."""
    change = {name: value for name, value in given.items() if name in {"lastDay", "tariff"}}
    module = {"moduleSubscriptionId": given.get("moduleSubscriptionId", booked.id)}
    asked = {"proposed": {"deviatingDate": module | {"change": change}}}
    return await booked.writer.change("createRequest", kind, asked, fields)


async def test_an_earlier_end_is_asked_for_and_carried_out(hand, book, timed_writer):
    booked = await book("2024-01-15", YEARLY)
    before = await timed_writer.rows()
    asked = await ask(booked, Kind.ADMIN, FIELDS, lastDay="2025-03-31")
    id = asked.pop("id")
    assert asked == {
        "__typename": "Request",
        "kind": "DEVIATING_DATE",
        "status": "OPEN",
        "moduleSubscription": {"id": booked.id, "endsOn": None},
        "proposed": {"lastDay": "2025-03-31", "startsOn": None, "tariff": None},
        "present": {"lastDay": None, "tariff": {"name": {"value": booked.tariff.name}}},
    }
    assert await timed_writer.written_since(before) == {
        "account": {"history_length": 3},
        "request": {"added": 1},
        "message": {"added": 1},
        "outbox": {"added": 1},
    }
    given = {"id": id, "reason": "Coulance."}
    accepted = await timed_writer.change("acceptRequest", Kind.MANAGER, given, FIELDS)
    assert accepted["status"] == "ACCEPTED"
    assert accepted["moduleSubscription"]["endsOn"] == "2025-03-31"
    notice = "notice { givenBy isDeviating lastDay reasons { rule } }"
    answer = await timed_writer.api(
        f"query ($id: ID!) {{ node(id: $id) {{ ... on ModuleSubscription {{ {notice} }} }} }}",
        timed_writer.world.tokens[Kind.OWNER],
        id=booked.id,
    )
    assert answer["data"]["node"]["notice"] == {
        "givenBy": "CUSTOMER",
        "isDeviating": True,
        "lastDay": "2025-03-31",
        "reasons": [{"rule": "DEVIATING_DAY"}],
    }


async def test_another_tariff_on_a_day_of_its_own(hand, book, timed_writer):
    booked = await book("2024-01-15", YEARLY)
    given = {"tariff": {"startsOn": "2025-03-20", "id": booked.other_id}}
    asked = await ask(booked, Kind.OWNER, FIELDS, **given)
    assert asked["proposed"] == {
        "lastDay": None,
        "startsOn": "2025-03-20",
        "tariff": {"name": {"value": booked.other.name}},
    }
    hand.set("2025-03-19")
    answer = await timed_writer.change("acceptRequest", Kind.MANAGER, {"id": asked["id"]}, "status")
    assert answer == {"__typename": "Request", "status": "ACCEPTED"}
    assert [row[:3] for row in await booked.periods()] == [
        ("2024-01-15", "2025-03-19", booked.tariff.id),
        ("2025-03-20", None, booked.other.id),
    ]


async def test_what_became_pending_in_between_is_named(hand, book, timed_writer):
    booked = await book("2024-01-15", YEARLY)
    id = (await ask(booked, lastDay="2025-03-31"))["id"]
    await booked.send(GIVE, Kind.OWNER)
    before = await timed_writer.fingerprint()
    message = booked.pending("A cancellation", "for 14 January 2026")
    told = refusal(problem("CONFLICT", "input.id", message))
    assert await timed_writer.change("acceptRequest", Kind.MANAGER, {"id": id}) == told
    assert await timed_writer.fingerprint() == before


async def test_another_tariff_that_began_in_between_makes_it_stale(hand, book, timed_writer):
    booked = await book("2024-01-15", YEARLY)
    id = (await ask(booked, lastDay="2025-03-31"))["id"]
    given = {"deviatingDate": "2025-03-20", "reason": "x"}
    await booked.send(CHANGE, Kind.MANAGER, given)
    hand.set("2025-03-20")
    before = await timed_writer.fingerprint()
    message = "This has changed since the request was made: deviating date."
    told = refusal(problem("CONFLICT", "input.deviatingDate", message))
    assert await timed_writer.change("acceptRequest", Kind.MANAGER, {"id": id}) == told
    assert await timed_writer.fingerprint() == before


@pytest.mark.parametrize(
    ("given", "code", "path", "message"),
    [
        (
            {"lastDay": "2024-01-14"},
            "RULE_BROKEN",
            ".change.lastDay",
            (
                "The contract cannot end on 14 January 2024;"
                " the first possible day is 15 January 2024."
            ),
        ),
        (
            {"lastDay": "2200-01-01"},
            "INVALID_INPUT",
            ".change.lastDay",
            "Must be a day from 1 January 1900 to 31 December 2199.",
        ),
        (
            {"moduleSubscriptionId": "x", "lastDay": "2025-03-31"},
            "NOT_FOUND",
            ".moduleSubscriptionId",
            "This account has no such module.",
        ),
        (
            {"tariff": {"startsOn": "2200-01-01", "id": "x"}},
            "INVALID_INPUT",
            ".change.tariff.startsOn",
            "Must be a day from 1 January 1900 to 31 December 2199.",
        ),
        (
            {"tariff": {"startsOn": "2025-03-31", "id": "x"}},
            "NOT_FOUND",
            ".change.tariff.id",
            "This module has no such tariff, or you may not choose it.",
        ),
    ],
)
async def test_what_no_manager_could_do_is_not_asked_for(
    hand, book, timed_writer, given, code, path, message
):
    booked = await book("2024-01-15", YEARLY)
    before = await timed_writer.fingerprint()
    told = refusal(problem(code, f"input.proposed.deviatingDate{path}", message))
    assert await ask(booked, **given) == told
    assert await timed_writer.fingerprint() == before


async def test_the_module_of_another_account_is_not_found(hand, book, timed_writer):
    booked = await book()
    theirs = timed_writer.world.foreign.ids["ModuleSubscription"][0]
    before = await timed_writer.fingerprint()
    path, message = (
        "input.proposed.deviatingDate.moduleSubscriptionId",
        "This account has no such module.",
    )
    told = refusal(problem("NOT_FOUND", path, message))
    for kind in (Kind.OWNER, Kind.ADMIN):
        answer = await ask(booked, kind, moduleSubscriptionId=theirs, lastDay="2025-03-31")
        assert answer == told
    assert await timed_writer.fingerprint() == before


async def test_who_may_not_cancel_does_not_ask_for_a_day_either(hand, book, timed_writer):
    booked = await book()
    before = await timed_writer.fingerprint()
    answer = await ask(booked, Kind.BILLING, lastDay="2025-03-31")
    assert answer == forbidden("deviatingDate", "input.proposed.deviatingDate", "CUSTOMER", "ORDER")
    assert await timed_writer.fingerprint() == before


async def test_the_page_leads_there(hand, book, timed_writer):
    booked = await book()
    answer = await timed_writer.api(
        "query ($id: ID!) { node(id: $id) { ... on ModuleSubscription { viewerCan { field mutation"
        " allowed howToRequest { mutation kind } } } } }",
        timed_writer.world.tokens[Kind.OWNER],
        id=booked.id,
    )
    shown = answer["data"]["node"]["viewerCan"]
    asking = {"mutation": "createRequest", "kind": "DEVIATING_DATE"}
    assert [
        (one["mutation"], one["allowed"], one["howToRequest"])
        for one in shown
        if one["field"] == "deviatingDate"
    ] == [(GIVE, False, asking), (CHANGE, False, asking)]
    assert {"field": "endsOn", "mutation": GIVE, "allowed": True, "howToRequest": None} in shown
