"""changeTariff and withdrawTariffChange: on days after which the present tariff may end."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import text

from portal.language.global_id import encode
from portal.rules.catalogue.terms import BillingBasis, BillingMode, EndingDay
from tests import factories
from tests.api.blocking import pid_of, wait_until_blocked
from tests.api.cancelling import CHANGE, GIVE, MONTHLY, SELF_ENDING, UNDO, YEARLY, make_consumer
from tests.world import Kind
from tests.writing import problem, refusal

PERIODS = "tariffPeriods { startsOn endsOn tariff { name { value } } }"
PENDING = (
    "pendingTariffChange { askedBy receivedAt receivedOn startsOn countedFrom"
    " tariff { name { value } }"
    " deadline isDeviating comment withdrawnAt reasons { rule outcome } }"
)
FIELDS = f"version status endsOn currentTariff {{ name {{ value }} }} {PERIODS} {PENDING}"
DAYS = f"endsOn {PERIODS}"


def shown(*periods):
    """Give tariff periods as they are shown."""
    return [
        {"startsOn": on, "endsOn": to, "tariff": {"name": {"value": t.name}}}
        for on, to, t in periods
    ]


async def test_another_tariff_follows_when_the_present_one_could_end(hand, book, timed_writer):
    booked = await book()
    before = await timed_writer.rows()
    answer = await booked.send(CHANGE, Kind.OWNER, {"comment": "Meer gesprekken."}, FIELDS)
    assert answer == {
        "__typename": "ModuleSubscription",
        "version": 2,
        "status": "ACTIVE",
        "endsOn": None,
        "currentTariff": {"name": {"value": booked.tariff.name}},
        "tariffPeriods": shown(
            ("2024-01-15", "2025-04-30", booked.tariff), ("2025-05-01", None, booked.other)
        ),
        "pendingTariffChange": {
            "askedBy": "CUSTOMER",
            "receivedAt": "2025-03-14T12:00:00.000000Z",
            "receivedOn": "2025-03-14",
            "startsOn": "2025-05-01",
            "countedFrom": "2025-05-01",
            "tariff": {"name": {"value": booked.other.name}},
            "deadline": "2025-03-31",
            "isDeviating": False,
            "comment": "Meer gesprekken.",
            "withdrawnAt": None,
            "reasons": [
                {"rule": "NOTICE_ARRIVES", "outcome": "2025-03-14"},
                {"rule": "NO_INITIAL_TERM", "outcome": "2024-01-15"},
                {"rule": "NOTICE_PERIOD", "outcome": "2025-04-14"},
                {"rule": "ENDING_DAY", "outcome": "2025-04-30"},
                {"rule": "DAY_AFTER", "outcome": "2025-05-01"},
            ],
        },
    }
    assert await timed_writer.written_since(before) == {
        "account": {"history_length": 3},
        "module_subscription": {"version": 2},
        "tariff_period": {"ends_on": "2025-04-30", "added": 1},
        "tariff_change": {"added": 1},
        "message": {"added": 1},
        "outbox": {"added": 1},
    }
    (mail,) = await booked.mails()
    assert mail[:2] == (
        timed_writer.world.own.owner.email,
        f"Another tariff for {await name_of(booked)}: {booked.other.name}",
    )
    assert "First day of the new tariff: 1 May 2025\n" in mail[2]


async def name_of(booked) -> str:
    async with booked.writer.superuser.connect() as connection:
        return await connection.scalar(
            text("SELECT name FROM module WHERE id = :id"), {"id": booked.subscription.module_id}
        )


async def test_the_new_tariff_is_that_of_today_from_its_first_day_on(hand, book, timed_writer):
    booked = await book()
    await booked.send(CHANGE, Kind.OWNER)
    seen = []
    for day, time in (("2025-04-30", "23:59:59"), ("2025-05-01", "00:00:00")):
        hand.set(day, time)
        answer = await timed_writer.api(
            "query ($id: ID!) { node(id: $id) { ... on ModuleSubscription {"
            " currentTariff { name { value } }"
            " pendingTariffChange { startsOn } } } }",
            timed_writer.world.tokens[Kind.OWNER],
            id=booked.id,
        )
        seen.append(answer["data"]["node"])
    assert seen == [
        {
            "currentTariff": {"name": {"value": booked.tariff.name}},
            "pendingTariffChange": {"startsOn": "2025-05-01"},
        },
        {"currentTariff": {"name": {"value": booked.other.name}}, "pendingTariffChange": None},
    ]


async def test_the_new_tariff_binds_anew_unless_it_says_that_the_term_continues(hand, book):
    fresh = await book("2024-01-15", MONTHLY, YEARLY)
    going_on = await book("2024-01-15", MONTHLY, YEARLY | {"term_continues": True})
    for booked in (fresh, going_on):
        await booked.send(CHANGE, Kind.OWNER)
    assert [row[4] for row in await fresh.periods()] == [None, None]
    assert [row[4] for row in await going_on.periods()] == [None, "2024-01-15"]
    hand.set("2025-06-01")
    assert (await fresh.send(GIVE, Kind.OWNER))["endsOn"] == "2026-04-30"
    assert (await going_on.send(GIVE, Kind.OWNER))["endsOn"] == "2026-01-14"


async def test_a_term_that_continues_may_be_over_before_it_begins(hand, book, timed_writer):
    booked = await book("2024-01-15", MONTHLY, SELF_ENDING | {"term_continues": True})
    before = await timed_writer.fingerprint()
    message = "The term of the new tariff would have ended on 14 January 2025."
    assert await booked.send(CHANGE, Kind.OWNER) == refusal(
        problem("RULE_BROKEN", "input.startsOn", message)
    )
    assert await timed_writer.fingerprint() == before


async def test_a_tariff_that_ends_by_itself_makes_room_for_another(hand, book):
    booked = await book("2024-06-01", SELF_ENDING, ends_on=date(2025, 5, 31))
    answer = await booked.send(CHANGE, Kind.OWNER, {}, DAYS)
    assert (answer["endsOn"], answer["tariffPeriods"][1]["startsOn"]) == (None, "2025-06-01")
    undone = await booked.send(UNDO, Kind.OWNER, {}, DAYS)
    assert undone == {
        "__typename": "ModuleSubscription",
        "endsOn": "2025-05-31",
        "tariffPeriods": shown(("2024-06-01", "2025-05-31", booked.tariff)),
    }


async def test_into_a_tariff_that_ends_by_itself(hand, book):
    booked = await book("2024-01-15", MONTHLY, SELF_ENDING)
    answer = await booked.send(CHANGE, Kind.OWNER, {}, DAYS)
    assert answer["endsOn"] == answer["tariffPeriods"][1]["endsOn"] == "2026-04-30"


@pytest.mark.parametrize(
    ("mode", "basis", "starts_on"),
    [
        (None, None, "2025-04-15"),
        (BillingMode.QUARTERLY_IN_ADVANCE, BillingBasis.CONTRACT, "2025-04-15"),
        (BillingMode.QUARTERLY_IN_ADVANCE, BillingBasis.CALENDAR, "2025-04-01"),
        (BillingMode.YEARLY_IN_ADVANCE, BillingBasis.CONTRACT, "2026-01-15"),
        (BillingMode.YEARLY_IN_ADVANCE, BillingBasis.CALENDAR, "2026-01-01"),
    ],
)
async def test_free_of_notice_it_follows_after_the_longest_billing_period(
    hand, book, write, timed_writer, mode, basis, starts_on
):
    hand.set("2025-03-20")
    booked = await book("2024-01-15", YEARLY | {"change_free_of_notice": True})
    if mode is not None:
        async with timed_writer.superuser.connect() as connection:
            found = await connection.execute(
                text(
                    "SELECT s.id, v.id FROM price_list_section s JOIN tariff_version v"
                    " ON v.id = tariff_version_id WHERE tariff_id = :id"
                ),
                {"id": booked.tariff.id},
            )
            section, version = found.one()
        more = {
            "tariff_version_id": version,
            "price_list_section_id": section,
            "billing_mode": mode,
            "billing_basis": basis,
        }
        other = factories.section(factories.tariff_version(booked.tariff))
        await write(factories.item(other, 2, **more))
    answer = await booked.send(CHANGE, Kind.OWNER, {}, DAYS)
    assert answer["tariffPeriods"][1]["startsOn"] == starts_on


async def test_free_of_notice_it_follows_sooner_where_the_tariff_could_have_ended_sooner(
    hand, book
):
    hand.set("2025-03-28")
    free = {"change_free_of_notice": True, "notice_period_count": 0}
    booked = await book("2024-01-25", MONTHLY | free)
    answer = await booked.send(CHANGE, Kind.OWNER, {}, DAYS)
    # The next billing period begins on 25 April.
    assert answer["tariffPeriods"][1]["startsOn"] == "2025-04-01"


async def test_a_consumer_changes_when_the_law_lets_a_consumer_leave(hand, book, timed_writer):
    booked = await book("2024-01-15", YEARLY)
    await make_consumer(timed_writer)
    answer = await booked.send(CHANGE, Kind.OWNER, {}, DAYS)
    assert answer["tariffPeriods"][1]["startsOn"] == "2025-04-15"


async def test_a_later_day_that_the_tariff_allows_can_be_chosen(hand, book):
    booked = await book()
    answer = await booked.send(CHANGE, Kind.OWNER, {"startsOn": "2025-07-01"}, DAYS)
    assert answer["tariffPeriods"][1]["startsOn"] == "2025-07-01"


NEAREST = "The tariff cannot change on {}; the nearest days are {} and {}."
FIRST = "The tariff cannot change on {}; the first possible day is {}."


@pytest.mark.parametrize(
    ("given", "code", "path", "message"),
    [
        (
            {"startsOn": "2025-05-15"},
            "RULE_BROKEN",
            "input.startsOn",
            NEAREST.format("15 May 2025", "1 May 2025", "1 June 2025"),
        ),
        (
            {"startsOn": "2025-03-15"},
            "RULE_BROKEN",
            "input.startsOn",
            FIRST.format("15 March 2025", "1 May 2025"),
        ),
        (
            {"startsOn": "2200-01-01"},
            "INVALID_INPUT",
            "input.startsOn",
            "Must be a day from 1 January 1900 to 31 December 2199.",
        ),
        (
            {"tariff": {"offerNumber": "wrong"}},
            "NOT_FOUND",
            "input.tariff.offerNumber",
            "There is no such offer for this module, or it is over.",
        ),
        (
            {"tariff": {"id": "x"}},
            "NOT_FOUND",
            "input.tariff.id",
            "This module has no such tariff, or you may not choose it.",
        ),
    ],
)
async def test_what_the_tariff_does_not_allow_is_refused(
    hand, book, timed_writer, given, code, path, message
):
    booked = await book()
    before = await attempts_aside(timed_writer)
    answer = await booked.send(CHANGE, Kind.OWNER, given)
    assert answer == refusal(problem(code, path, message))
    assert await attempts_aside(timed_writer) == before


async def attempts_aside(writer):
    """Give what any write changes, but for the count of guesses, which stays on purpose."""
    return [row for row in await writer.fingerprint() if row[0] != "attempt"]


async def test_the_present_tariff_and_those_of_others_are_refused(hand, book, write, timed_writer):
    booked, other_module = await book(), await book()
    hidden = factories.tariff(await module_of(timed_writer, booked), offer_number=factories.word())
    early = {"valid_from": date(2024, 1, 1), "valid_from_for_existing": date(2024, 1, 1)}
    await write(hidden, factories.tariff_version(hidden, **early, **MONTHLY))
    before = await timed_writer.fingerprint()
    unknown = "This module has no such tariff, or you may not choose it."
    for tariff, code, message in (
        (booked.tariff, "RULE_BROKEN", "The module has this tariff already."),
        (other_module.tariff, "NOT_FOUND", unknown),
        (hidden, "NOT_FOUND", unknown),
    ):
        given = {"tariff": {"id": encode("Tariff", tariff.id)}}
        answer = await booked.send(CHANGE, Kind.OWNER, given)
        assert answer == refusal(problem(code, "input.tariff.id", message))
    assert await timed_writer.fingerprint() == before
    # A manager may; and whoever holds its offer number.
    answer = await booked.send(
        CHANGE, Kind.MANAGER, {"tariff": {"id": encode("Tariff", hidden.id)}}
    )
    assert answer["__typename"] == "ModuleSubscription"


async def test_a_change_waits_for_whoever_closes_the_tariff(hand, book, timed_writer):
    """One wins: what is closed while a change is under way is not agreed to."""
    booked = await book()
    before = await timed_writer.rows()
    superuser = timed_writer.superuser
    async with superuser.connect() as connection:
        await connection.execute(
            text("SELECT 1 FROM tariff WHERE id = :id FOR UPDATE"), {"id": booked.other.id}
        )
        changing = asyncio.create_task(booked.send(CHANGE, Kind.OWNER))
        await wait_until_blocked(superuser, await pid_of(connection))
        await connection.execute(
            text("UPDATE tariff SET closed_from = '2025-03-14' WHERE id = :id"),
            {"id": booked.other.id},
        )
        await connection.commit()
    (found,) = (await changing)["problems"]
    assert (found["code"], found["path"]) == ("CONFLICT", ["input"])
    assert await timed_writer.rows() == before


async def module_of(writer, booked):
    """Give the module of what was booked, as a row."""
    module = factories.module()
    module.id = booked.subscription.module_id
    return module


async def test_an_offer_opens_its_tariff_and_can_be_used_again_once_withdrawn(
    hand, book, write, timed_writer
):
    booked = await book()
    number = factories.word()
    offered = factories.tariff(
        await module_of(timed_writer, booked), offer_number=number, offer_most_uses=1
    )
    early = {"valid_from": date(2024, 1, 1), "valid_from_for_existing": date(2024, 1, 1)}
    await write(offered, factories.tariff_version(offered, **early, **MONTHLY))

    async def uses() -> int:
        async with timed_writer.superuser.connect() as connection:
            return await connection.scalar(
                text("SELECT offer_uses FROM tariff WHERE id = :id"), {"id": offered.id}
            )

    for _ in range(2):
        answer = await booked.send(CHANGE, Kind.OWNER, {"tariff": {"offerNumber": number}}, DAYS)
        assert answer["tariffPeriods"][1]["tariff"] == {"name": {"value": offered.name}}
        assert await uses() == 1
        await booked.send(UNDO, Kind.OWNER)
        assert await uses() == 0


async def test_a_change_is_withdrawn_until_its_first_day(hand, book, timed_writer):
    booked = await book()
    await booked.send(CHANGE, Kind.OWNER)
    hand.set("2025-04-30", "23:59:59")
    answer = await booked.send(UNDO, Kind.ADMIN, {}, FIELDS)
    assert answer["pendingTariffChange"] is None
    assert answer["tariffPeriods"] == shown(("2024-01-15", None, booked.tariff))
    assert [entry["action"] for entry in await timed_writer.entries()] == [CHANGE, UNDO]
    (_, entry) = await timed_writer.entries()
    values = {field: (old, new) for field, old, new in entry["values"]}
    assert values["TariffPeriod.startsOn"] == ("2025-05-01", None)
    assert values["TariffChange.withdrawnAt"] == (None, "2025-04-30T21:59:59+00:00")


async def test_from_its_first_day_on_it_is_withdrawn_no_more(hand, book, timed_writer):
    booked = await book()
    await booked.send(CHANGE, Kind.OWNER)
    hand.set("2025-05-01", "00:00:00")
    before = await timed_writer.fingerprint()
    for kind in (Kind.OWNER, Kind.MANAGER):
        assert await booked.send(UNDO, kind) == refusal(
            problem("RULE_BROKEN", "input.id", "No change of tariff is pending.")
        )
    assert await timed_writer.fingerprint() == before


async def test_a_manager_sets_any_day_with_a_reason(hand, book):
    booked = await book("2024-01-15", YEARLY)
    given = {"deviatingDate": "2025-03-20", "reason": "Coulance."}
    answer = await booked.send(CHANGE, Kind.MANAGER, given, FIELDS)
    assert answer["pendingTariffChange"] | {"reasons": None} == {
        "askedBy": "OPERATOR",
        "receivedAt": "2025-03-14T12:00:00.000000Z",
        "receivedOn": "2025-03-14",
        "startsOn": "2025-03-20",
        "countedFrom": "2025-03-20",
        "tariff": {"name": {"value": booked.other.name}},
        "deadline": None,
        "isDeviating": True,
        "comment": None,
        "withdrawnAt": None,
        "reasons": None,
    }
    assert answer["pendingTariffChange"]["reasons"] == [
        {"rule": "DEVIATING_DAY", "outcome": "2025-03-20"}
    ]


@pytest.mark.parametrize(
    ("terms", "ends_on", "day", "message"),
    [
        (MONTHLY, None, "2024-01-15", FIRST.format("15 January 2024", "16 January 2024")),
        (MONTHLY, None, "2023-12-31", FIRST.format("31 December 2023", "16 January 2024")),
        (
            SELF_ENDING,
            date(2025, 5, 31),
            "2025-06-02",
            "The tariff cannot change on 2 June 2025; the last possible day is 1 June 2025.",
        ),
    ],
)
async def test_no_manager_leaves_a_gap_or_nothing(
    hand, book, timed_writer, terms, ends_on, day, message
):
    booked = await book("2024-01-15" if ends_on is None else "2024-06-01", terms, ends_on=ends_on)
    before = await timed_writer.fingerprint()
    answer = await booked.send(CHANGE, Kind.MANAGER, {"deviatingDate": day, "reason": "x"})
    assert answer == refusal(problem("RULE_BROKEN", "input.deviatingDate", message))
    assert await timed_writer.fingerprint() == before


async def test_a_refused_change_keeps_all_of_an_operation_from_running(hand, book, timed_writer):
    """The guards of every mutation are asked before the first one runs."""
    booked = await book()
    before = await timed_writer.fingerprint()
    answer = await timed_writer.api(
        "mutation ($id: ID!) {"
        " first: giveNotice(input: {id: $id}) { ... on Refusal { problems { code } } }"
        ' second: giveNotice(input: {id: $id, deviatingDate: "2025-03-31"}) {'
        " ... on Refusal { problems { code path } } } }",
        timed_writer.world.tokens[Kind.OWNER],
        id=booked.id,
    )
    assert answer == {
        "data": {
            "first": {"problems": [{"code": "FORBIDDEN"}]},
            "second": {"problems": [{"code": "FORBIDDEN", "path": ["input", "deviatingDate"]}]},
        }
    }
    assert await timed_writer.fingerprint() == before


async def test_another_way_of_ending_days_counts_by_calendar(hand, book):
    booked = await book("2024-01-15", MONTHLY | {"ending_day": EndingDay.END_OF_QUARTER})
    answer = await booked.send(CHANGE, Kind.EMPLOYEE, {"askedBy": "CUSTOMER"}, DAYS)
    assert answer["tariffPeriods"][1]["startsOn"] == "2025-07-01"
