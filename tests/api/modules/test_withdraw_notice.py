"""What is pending keeps others out, and can be taken back; managers deviate, with a reason."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.database.engines import set_viewer
from portal.viewer import Grant, Role, Viewer
from tests.api.cancelling import CHANGE, GIVE, SELF_ENDING, UNDO, WITHDRAW, YEARLY, make_consumer
from tests.api.test_lost_connection import LOCK_ACCOUNT, held, waiting
from tests.world import Kind
from tests.writing import problem, refusal

NOTICE = "notice { id lastDay givenBy receivedOn isDeviating deadline reasons { rule outcome } }"
FIELDS = f"version status endsOn {NOTICE}"
PERIODS = "tariffPeriods { startsOn endsOn }"
NEEDS_MANAGER = refusal(
    problem(
        "FORBIDDEN",
        "input.id",
        "Only a manager withdraws what the operator asked for.",
        {"roles": ["MANAGER"], "scope": None, "memberRoles": []},
    )
)


async def test_a_cancellation_is_withdrawn_up_to_its_last_day(hand, book, timed_writer):
    booked = await book()
    await booked.send(GIVE, Kind.OWNER)
    hand.set("2025-04-30", "23:59:59")
    before = await timed_writer.rows()
    assert await booked.send(WITHDRAW, Kind.ADMIN, {"reason": "Toch niet."}, FIELDS) == {
        "__typename": "ModuleSubscription",
        "version": 3,
        "status": "ACTIVE",
        "endsOn": None,
        "notice": None,
    }
    written = await timed_writer.written_since(before)
    by = written["notice"].pop("withdrawn_by")
    assert by is not None
    assert written == {
        "account": {"history_length": 4},
        "module_subscription": {"version": 3, "ends_on": None},
        "tariff_period": {"ends_on": None},
        "notice": {"version": 2, "withdrawn_at": "2025-04-30T21:59:59+00:00"},
        "message": {"added": 2},
        "outbox": {"added": 2},
    }
    (_, entry) = await timed_writer.entries()
    assert (entry["action"], entry["reason"]) == (WITHDRAW, "Toch niet.")
    again = refusal(problem("RULE_BROKEN", "input.id", "No cancellation is pending."))
    assert await booked.send(WITHDRAW, Kind.OWNER) == again
    assert (await booked.send(GIVE, Kind.OWNER))["endsOn"] == "2025-05-31"


async def test_once_the_last_day_is_over_it_stands(hand, book, timed_writer):
    booked = await book()
    await booked.send(GIVE, Kind.OWNER)
    hand.set("2025-05-01", "00:00:00")
    before = await timed_writer.fingerprint()
    over = refusal(problem("RULE_BROKEN", "input.id", "This module has ended on 30 April 2025."))
    for kind in (Kind.OWNER, Kind.MANAGER):
        assert await booked.send(WITHDRAW, kind) == over
    assert await timed_writer.fingerprint() == before


@pytest.mark.parametrize(("ask", "undo"), [(GIVE, WITHDRAW), (CHANGE, UNDO)])
async def test_what_the_operator_asked_for_only_managers_withdraw(
    hand, book, timed_writer, ask, undo
):
    booked = await book()
    await booked.send(ask, Kind.MANAGER)
    before = await timed_writer.fingerprint()
    for kind in (Kind.OWNER, Kind.EMPLOYEE):
        assert await booked.send(undo, kind) == NEEDS_MANAGER
    assert await timed_writer.fingerprint() == before
    assert (await booked.send(undo, Kind.MANAGER))["__typename"] == "ModuleSubscription"


@pytest.mark.parametrize(("ask", "undo"), [(GIVE, WITHDRAW), (CHANGE, UNDO)])
@pytest.mark.parametrize("kind", [Kind.EMPLOYEE, Kind.MANAGER])
async def test_staff_withdraw_what_a_customer_asked_for(hand, book, ask, undo, kind):
    booked = await book()
    await booked.send(ask, Kind.OWNER)
    assert (await booked.send(undo, kind))["__typename"] == "ModuleSubscription"


@pytest.mark.parametrize("second", [GIVE, CHANGE])
@pytest.mark.parametrize("kind", [Kind.ADMIN, Kind.MANAGER])
async def test_a_pending_cancellation_is_named(hand, book, timed_writer, second, kind):
    booked = await book()
    await booked.send(GIVE, Kind.OWNER, {}, FIELDS)
    before = await timed_writer.fingerprint()
    message = booked.pending("A cancellation", "for 30 April 2025")
    assert await booked.send(second, kind) == refusal(problem("CONFLICT", "input.id", message))
    assert await timed_writer.fingerprint() == before


@pytest.mark.parametrize("second", [GIVE, CHANGE])
async def test_a_pending_change_of_tariff_is_named(hand, book, timed_writer, second):
    booked = await book()
    await booked.send(CHANGE, Kind.OWNER)
    before = await timed_writer.fingerprint()
    message = booked.pending("A change of tariff", "on 1 May 2025")
    answer = await booked.send(
        second, Kind.OWNER, {"lastDay": "2025-04-30"} if second == GIVE else {}
    )
    assert answer == refusal(problem("CONFLICT", "input.id", message))
    assert await timed_writer.fingerprint() == before
    hand.set("2025-05-01")
    assert (await booked.send(GIVE, Kind.OWNER))["endsOn"] == "2025-06-30"
    assert [row[:2] for row in await booked.periods()] == [
        ("2024-01-15", "2025-04-30"),
        ("2025-05-01", "2025-06-30"),
    ]


@pytest.mark.parametrize("second", [GIVE, CHANGE])
async def test_of_two_at_once_one_wins(hand, book, timed_writer, second):
    booked = await book()
    sent = []
    async with held(timed_writer, LOCK_ACCOUNT):
        for mutation, kind in ((GIVE, Kind.OWNER), (second, Kind.ADMIN)):
            sent.append(asyncio.create_task(booked.send(mutation, kind, {}, NOTICE)))
            await waiting(timed_writer, count=len(sent))
    _, other = await asyncio.gather(*sent)
    message = booked.pending("A cancellation", "for 30 April 2025")
    assert other == refusal(problem("CONFLICT", "input.id", message))
    assert len(await timed_writer.entries()) == 1


async def test_the_same_key_gives_notice_once(hand, book, timed_writer):
    booked = await book()
    first = await booked.send(GIVE, Kind.OWNER, {"idempotencyKey": "k"}, FIELDS)
    before = await timed_writer.fingerprint()
    assert await booked.send(GIVE, Kind.OWNER, {"idempotencyKey": "k"}, FIELDS) == first
    assert await timed_writer.fingerprint() == before


async def test_a_manager_sets_any_day_with_a_reason(hand, book, timed_writer):
    booked = await book("2024-01-15", YEARLY)
    given = {"deviatingDate": "2025-02-28", "reason": "Coulance.", "reasonCode": "OTHER"}
    answer = await booked.send(GIVE, Kind.MANAGER, given, FIELDS)
    assert answer["notice"].pop("id")
    assert answer == {
        "__typename": "ModuleSubscription",
        "version": 2,
        "status": "ENDED",
        "endsOn": "2025-02-28",
        "notice": {
            "lastDay": "2025-02-28",
            "givenBy": "OPERATOR",
            "receivedOn": "2025-03-14",
            "isDeviating": True,
            "deadline": None,
            "reasons": [{"rule": "DEVIATING_DAY", "outcome": "2025-02-28"}],
        },
    }
    (entry,) = await timed_writer.entries()
    assert entry["reason"] == "Coulance."
    (mail,) = await booked.mails()
    assert mail[0] == timed_writer.world.own.owner.email
    assert mail[1].startswith("Cancellation: ")


FIRST = "The contract cannot end on {}; the first possible day is {}."


@pytest.mark.parametrize(
    ("given", "code", "path", "message"),
    [
        ({"reason": None}, "RULE_BROKEN", "input.reason", "A deviating date needs a reason."),
        ({"reason": " "}, "RULE_BROKEN", "input.reason", "A deviating date needs a reason."),
        (
            {"lastDay": "2025-12-31"},
            "INVALID_INPUT",
            "input.deviatingDate",
            "Give a day that the tariff allows, or a deviating date: not both.",
        ),
        (
            {"deviatingDate": "2024-01-14"},
            "RULE_BROKEN",
            "input.deviatingDate",
            FIRST.format("14 January 2024", "15 January 2024"),
        ),
        (
            {"deviatingDate": "1899-12-31"},
            "INVALID_INPUT",
            "input.deviatingDate",
            "Must be a day from 1 January 1900 to 31 December 2199.",
        ),
        (
            {"deviatingDate": "2200-01-01"},
            "INVALID_INPUT",
            "input.deviatingDate",
            "Must be a day from 1 January 1900 to 31 December 2199.",
        ),
        (
            {"receivedOn": "2025-03-15"},
            "RULE_BROKEN",
            "input.receivedOn",
            "Nothing can have arrived on 15 March 2025; the last possible day is 14 March 2025.",
        ),
        (
            {"receivedOn": "2024-01-14"},
            "RULE_BROKEN",
            "input.receivedOn",
            "The module did not run on 14 January 2024; the first possible day is 15 January 2024.",
        ),
        (
            {"comment": "x" * 1001},
            "INVALID_INPUT",
            "input.comment",
            "May have at most 1,000 characters.",
        ),
    ],
)
async def test_what_no_manager_may_either(hand, book, timed_writer, given, code, path, message):
    booked = await book("2024-01-15", YEARLY)
    before = await timed_writer.fingerprint()
    sent = {"deviatingDate": "2025-02-28", "reason": "x"} | given
    assert await booked.send(GIVE, Kind.MANAGER, sent) == refusal(problem(code, path, message))
    assert await timed_writer.fingerprint() == before


async def test_a_letter_counts_for_the_day_on_which_it_arrived(hand, book, timed_writer):
    booked = await book("2024-01-15", YEARLY)
    await make_consumer(timed_writer)
    given = {"receivedOn": "2025-02-28", "comment": "Brief van 26 februari."}
    answer = await booked.send(GIVE, Kind.MANAGER, given, FIELDS)
    assert answer["notice"].pop("id")
    assert (answer["endsOn"], answer["notice"]["givenBy"]) == ("2025-03-28", "CUSTOMER")
    assert answer["notice"]["receivedOn"] == answer["notice"]["deadline"] == "2025-02-28"
    (mail,) = await booked.mails()
    assert "Received: 28 February 2025\n" in mail[2]


async def test_a_letter_may_have_ended_what_is_over(hand, book):
    booked = await book()
    answer = await booked.send(GIVE, Kind.MANAGER, {"receivedOn": "2024-12-31"}, FIELDS)
    assert (answer["endsOn"], answer["status"]) == ("2025-01-31", "ENDED")


async def test_what_would_have_ended_by_itself_long_ago_is_not_cut_off(hand, book, timed_writer):
    """A manager let it end later; without that it would end in the past, with what was used."""
    booked = await book("2024-06-01", SELF_ENDING, ends_on=date(2025, 5, 31))
    given = {"deviatingDate": "2025-12-31", "reason": "x"}
    assert (await booked.send(GIVE, Kind.MANAGER, given))["endsOn"] == "2025-12-31"
    hand.set("2025-06-01")
    before = await timed_writer.fingerprint()
    message = "Without it this module would have ended on 31 May 2025."
    told = refusal(problem("RULE_BROKEN", "input.id", message))
    assert await booked.send(WITHDRAW, Kind.MANAGER) == told
    assert await timed_writer.fingerprint() == before
    hand.set("2025-05-31")
    answer = await booked.send(WITHDRAW, Kind.MANAGER, {}, "endsOn status")
    assert (answer["endsOn"], answer["status"]) == ("2025-05-31", "CANCELLED")


COLUMNS = (
    "INSERT INTO notice (id, account_id, module_subscription_id, asked_by, asked_by_person,"
    " received_at, received_on, last_day, is_deviating, steps, version) VALUES (gen_random_uuid(),"
    " :account, :subscription, '{}', :person, now(), '2025-03-14', '2025-04-30', {}, '[]', 1)"
)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (COLUMNS.format("OPERATOR", "false"), "violates row-level security"),
        (COLUMNS.format("CUSTOMER", "true"), "violates row-level security"),
        (COLUMNS.format("CUSTOMER", "false"), None),
        ("UPDATE notice SET last_day = '2099-01-01'", "permission denied"),
        ("UPDATE notice SET steps = '[]'", "permission denied"),
        ("DELETE FROM notice", "permission denied"),
        ("UPDATE tariff_change SET starts_on = '2099-01-01'", "permission denied"),
        ("UPDATE tariff_period SET starts_on = '2020-01-01'", "permission denied"),
    ],
)
async def test_the_role_of_customers_writes_what_customers_may_ask_for(
    hand, book, timed_writer, database, statement, told
):
    booked = await book()
    own = timed_writer.world.own
    viewer = Viewer(Role.CUSTOMER, own.owner.id, grants={own.account_id: Grant()})
    given = {
        "account": own.account_id,
        "subscription": booked.subscription.id,
        "person": own.owner.id,
    }
    async with database.app.connect() as connection:
        await set_viewer(connection, viewer)
        if told is None:
            await connection.execute(text(statement), given)
        else:
            with pytest.raises(DBAPIError, match=told):
                await connection.execute(text(statement), given if ":" in statement else {})


async def test_the_role_of_customers_withdraws_nothing_of_the_operators(
    hand, book, timed_writer, database
):
    booked = await book()
    await booked.send(GIVE, Kind.MANAGER)
    own = timed_writer.world.own
    viewer = Viewer(Role.CUSTOMER, own.owner.id, grants={own.account_id: Grant()})
    async with database.app.connect() as connection:
        await set_viewer(connection, viewer)
        found = await connection.execute(
            text(
                "UPDATE notice SET withdrawn_at = now(), withdrawn_by = :person"
                " WHERE module_subscription_id = :id"
            ),
            {"person": own.owner.id, "id": booked.subscription.id},
        )
        assert found.rowcount == 0
