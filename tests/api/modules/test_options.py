"""cancellationOptions and tariffChangeOptions: what can be chosen today, by when, and why."""

from datetime import date

import pytest

from tests.api.cancelling import (
    CHANGE,
    GIVE,
    MONTHLY,
    SELF_ENDING,
    UNDO,
    WITHDRAW,
    YEARLY,
    make_consumer,
)
from tests.world import Kind
from tests.writing import problem, refusal

OPTIONS = """query ($id: ID!, $first: Int, $by: Party) { node(id: $id) { ... on ModuleSubscription {
  cancellationOptions(first: $first, by: $by) {
    lastDay deadline daysLeft isEarliest monthlyCost reasons { rule outcome sentence }
    ifMissed { day deadline reasons { outcome } }
  }
  tariffChangeOptions(first: $first, by: $by) {
    startsOn deadline daysLeft isEarliest monthlyCost reasons { rule outcome }
    ifMissed { day deadline }
  }
} } }"""


async def options(booked, kind=Kind.OWNER, **given):
    """Ask for both kinds of options; give them as they are shown."""
    writer = booked.writer
    answer = await writer.api(OPTIONS, writer.world.tokens[kind], id=booked.id, **given)
    assert set(answer) == {"data"}, answer
    return answer["data"]["node"]


async def days(booked, **given):
    """Give the days of both kinds of options."""
    shown = await options(booked, **given)
    return (
        [one["lastDay"] for one in shown["cancellationOptions"]],
        [one["startsOn"] for one in shown["tariffChangeOptions"]],
    )


async def test_each_option_says_by_when_why_and_what_it_costs(hand, book):
    booked = await book()
    shown = await options(booked, first=2)
    (first, second) = shown["cancellationOptions"]
    assert [reason["sentence"] for reason in first.pop("reasons")] == [
        "Notice arrives on 14 March 2025.",
        "There is no initial term: the contract may end from 15 January 2024 on.",
        "The notice period is 1 month: the last day may be 14 April 2025 or later.",
        (
            "The contract may end on the last day of a month:"
            " from 14 April 2025 on the first possible day is 30 April 2025."
        ),
    ]
    missed = first["ifMissed"].pop("reasons")
    assert [reason["outcome"] for reason in missed][0::3] == ["2025-04-01", "2025-05-31"]
    assert first == {
        "lastDay": "2025-04-30",
        "deadline": "2025-03-31",
        "daysLeft": 17,
        "isEarliest": True,
        "monthlyCost": "39.00",
        "ifMissed": {"day": "2025-05-31", "deadline": "2025-04-30"},
    }
    assert (second["lastDay"], second["isEarliest"], second["daysLeft"]) == (
        "2025-05-31",
        False,
        47,
    )
    (change, _) = shown["tariffChangeOptions"]
    assert change.pop("reasons")[-1] == {"rule": "DAY_AFTER", "outcome": "2025-05-01"}
    assert change == {
        "startsOn": "2025-05-01",
        "deadline": "2025-03-31",
        "daysLeft": 17,
        "isEarliest": True,
        "monthlyCost": "39.00",
        "ifMissed": {"day": "2025-06-01", "deadline": "2025-04-30"},
    }


async def test_three_are_shown_unless_more_are_asked_for(hand, book):
    booked = await book()
    assert await days(booked) == (
        ["2025-04-30", "2025-05-31", "2025-06-30"],
        ["2025-05-01", "2025-06-01", "2025-07-01"],
    )
    assert [len(found) for found in await days(booked, first=12)] == [12, 12]


@pytest.mark.parametrize("first", [0, -1, 13])
async def test_no_other_number_will_do(hand, book, timed_writer, first):
    booked = await book()
    token = timed_writer.world.tokens[Kind.OWNER]
    answer = await timed_writer.api(OPTIONS, token, id=booked.id, first=first)
    assert answer["data"]["node"] == {"cancellationOptions": None, "tariffChangeOptions": None}
    told = [(error["message"], error["extensions"]["code"]) for error in answer["errors"]]
    assert told == [("Must be from 1 to 12.", "INVALID_INPUT")] * 2


async def test_every_option_is_one_that_can_be_chosen(hand, book):
    shown = await options(await book("2024-02-29", YEARLY))
    for one in shown["cancellationOptions"]:
        booked = await book("2024-02-29", YEARLY)
        answer = await booked.send(GIVE, Kind.OWNER, {"lastDay": one["lastDay"]}, "endsOn")
        assert answer["endsOn"] == one["lastDay"]
    for one in shown["tariffChangeOptions"]:
        booked = await book("2024-02-29", YEARLY)
        pending = "pendingTariffChange { startsOn deadline }"
        answer = await booked.send(CHANGE, Kind.OWNER, {"startsOn": one["startsOn"]}, pending)
        assert answer["pendingTariffChange"] == {
            "startsOn": one["startsOn"],
            "deadline": one["deadline"],
        }
    assert [one["lastDay"] for one in shown["cancellationOptions"]] == [
        "2026-02-28",
        "2027-02-28",
        "2028-02-28",
    ]


SEEN = {
    "CUSTOMER": (["2025-04-14", "2025-04-15"], ["2025-04-15", "2025-04-16"]),
    "OPERATOR": (["2026-01-14", "2027-01-14"], ["2026-01-15", "2027-01-15"]),
}


@pytest.mark.parametrize(
    ("kind", "by", "side"),
    [
        (Kind.OWNER, None, "CUSTOMER"),
        (Kind.READER, None, "CUSTOMER"),
        (Kind.READER, "OPERATOR", "OPERATOR"),
        (Kind.MANAGER, None, "OPERATOR"),
        (Kind.EMPLOYEE, None, "OPERATOR"),
        (Kind.EMPLOYEE, "CUSTOMER", "CUSTOMER"),
        (Kind.MANAGER, "CUSTOMER", "CUSTOMER"),
    ],
)
async def test_the_law_adds_days_for_the_customer_whoever_looks(
    hand, book, timed_writer, kind, by, side
):
    booked = await book("2024-01-15", YEARLY)
    await make_consumer(timed_writer)
    assert await days(booked, kind=kind, first=2, by=by) == SEEN[side]


@pytest.mark.parametrize("by", [None, "CUSTOMER", "OPERATOR"])
async def test_what_a_manager_is_shown_is_what_a_manager_can_do(hand, book, timed_writer, by):
    side = by or "OPERATOR"
    booked = await book("2024-01-15", YEARLY)
    await make_consumer(timed_writer)
    given_by, asked_by = ({"givenBy": by}, {"askedBy": by}) if by else ({}, {})
    last_days, first_days = await days(booked, kind=Kind.MANAGER, by=by)
    for day in last_days:
        answer = await booked.send(GIVE, Kind.MANAGER, {"lastDay": day} | given_by)
        assert answer["endsOn"] == day
        await booked.send(WITHDRAW, Kind.MANAGER)
    for day in first_days:
        answer = await booked.send(CHANGE, Kind.MANAGER, {"startsOn": day} | asked_by)
        assert answer["__typename"] == "ModuleSubscription"
        await booked.send(UNDO, Kind.MANAGER)
    before = await timed_writer.fingerprint()
    ending = {
        "CUSTOMER": "The contract cannot end on 1 April 2025; the first possible day is 14 April"
        " 2025.",
        "OPERATOR": "The operator cannot end the contract on 1 April 2025; the first possible day"
        " is 14 January 2026.",
    }
    answer = await booked.send(GIVE, Kind.MANAGER, {"lastDay": "2025-04-01"} | given_by)
    assert answer == refusal(problem("RULE_BROKEN", "input.lastDay", ending[side]))
    change = {
        "CUSTOMER": "The tariff cannot change on 1 April 2025; the first possible day is 15 April"
        " 2025.",
        "OPERATOR": "The operator cannot change the tariff on 1 April 2025; the first possible day"
        " is 15 January 2026.",
    }
    answer = await booked.send(CHANGE, Kind.MANAGER, {"startsOn": "2025-04-01"} | asked_by)
    assert answer == refusal(problem("RULE_BROKEN", "input.startsOn", change[side]))
    assert await timed_writer.fingerprint() == before


async def test_what_is_pending_or_over_leaves_nothing_to_choose(hand, book):
    cancelled, changed = await book(), await book()
    await cancelled.send(GIVE, Kind.OWNER)
    await changed.send(CHANGE, Kind.OWNER)
    assert await days(cancelled) == await days(changed) == ([], [])
    hand.set("2025-05-01")
    assert await days(cancelled) == ([], [])
    assert (await days(changed))[0][0] == "2025-06-30"
    hand.set("2024-01-14")
    assert await days(await book()) == ([], [])


async def test_what_ends_by_itself_cannot_be_cancelled_and_makes_room_once(hand, book):
    booked = await book("2024-06-01", SELF_ENDING, ends_on=date(2025, 5, 31))
    assert await days(booked) == ([], ["2025-06-01"])


async def test_where_several_modules_stand_is_read_at_once(
    hand, book, timed_writer, count_statements
):
    several = [await book("2024-01-15", MONTHLY) for _ in range(3)]
    with count_statements() as sent:
        answer = await timed_writer.api(
            "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ModuleSubscription {"
            " cancellationOptions { monthlyCost } } } }",
            timed_writer.world.tokens[Kind.OWNER],
            ids=[booked.id for booked in several],
        )
    costs = [node["cancellationOptions"] for node in answer["data"]["nodes"]]
    assert costs == [[{"monthlyCost": "39.00"}] * 3] * 3
    # However the rows are read, where they stand is asked once for all of them.
    assert sum(" IN (" in statement for statement in sent) == 1
