"""giveNotice: in time, for days that the tariff or the law allows."""

from datetime import date

import pytest
from sqlalchemy import text

from portal.language.messages import translate
from portal.viewer import Language
from tests.api.cancelling import CHANGE, GIVE, SELF_ENDING, YEARLY, make_consumer
from tests.world import Kind
from tests.writing import NOT_FOUND, problem, refusal

NOTICE = (
    "notice { givenBy receivedAt receivedOn lastDay deadline isDeviating reasonCode comment"
    " withdrawnAt reasons { rule outcome inputs { name value } sentence } }"
)
FIELDS = f"version status startsOn endsOn {NOTICE}"
DAYS = "endsOn notice { receivedOn deadline reasons { rule outcome } }"


def reason(rule, outcome, sentence, **inputs):
    """Give a step as it is shown."""
    given = [{"name": name, "value": value} for name, value in inputs.items()]
    return {"rule": rule, "outcome": outcome, "inputs": given, "sentence": sentence}


async def test_a_customer_cancels_for_the_earliest_day(hand, book, timed_writer):
    """In the last second of the deadline in Amsterdam, which is two hours earlier in UTC."""
    booked = await book()
    hand.set("2025-03-31", "23:59:59")
    before = await timed_writer.rows()
    given = {"reasonCode": "PRICE", "comment": " Te duur. ", "reason": "Bezuiniging."}
    assert await booked.send(GIVE, Kind.OWNER, given, FIELDS) == {
        "__typename": "ModuleSubscription",
        "version": 2,
        "status": "CANCELLED",
        "startsOn": "2024-01-15",
        "endsOn": "2025-04-30",
        "notice": {
            "givenBy": "CUSTOMER",
            "receivedAt": "2025-03-31T21:59:59.000000Z",
            "receivedOn": "2025-03-31",
            "lastDay": "2025-04-30",
            "deadline": "2025-03-31",
            "isDeviating": False,
            "reasonCode": "PRICE",
            "comment": "Te duur.",
            "withdrawnAt": None,
            "reasons": [
                reason("NOTICE_ARRIVES", "2025-03-31", "Notice arrives on 31 March 2025."),
                reason(
                    "NO_INITIAL_TERM",
                    "2024-01-15",
                    "There is no initial term: the contract may end from 15 January 2024 on.",
                ),
                reason(
                    "NOTICE_PERIOD",
                    "2025-04-30",
                    "The notice period is 1 month: the last day may be 30 April 2025 or later.",
                    period="P1M",
                ),
                reason(
                    "ENDING_DAY",
                    "2025-04-30",
                    "The contract may end on the last day of a month:"
                    " from 30 April 2025 on the first possible day is 30 April 2025.",
                    ending_day="END_OF_MONTH",
                    not_before="2025-04-30",
                ),
            ],
        },
    }
    assert await timed_writer.written_since(before) == {
        "account": {"history_length": 3},
        "module_subscription": {"version": 2, "ends_on": "2025-04-30"},
        "tariff_period": {"ends_on": "2025-04-30"},
        "notice": {"added": 1},
        "message": {"added": 1},
        "outbox": {"added": 1},
    }
    (entry,) = await timed_writer.entries()
    assert (entry["number"], entry["action"], entry["reason"]) == (3, GIVE, "Bezuiniging.")
    values = {field: (old, new) for field, old, new in entry["values"]}
    assert values["ModuleSubscription.endsOn"] == (None, "2025-04-30")
    assert values["TariffPeriod.endsOn"] == (None, "2025-04-30")
    assert values["Notice.reasonCode"] == (None, "PRICE")
    (mail,) = await booked.mails()
    assert mail[0] == timed_writer.world.own.owner.email
    assert "Received: 31 March 2025, 23:59 CEST\n\nLast day: 30 April 2025\n\n" in mail[2]


async def test_a_second_later_the_next_day_counts(hand, book):
    booked = await book()
    hand.set("2025-04-01", "00:00:00")
    answer = await booked.send(GIVE, Kind.ADMIN, {}, DAYS)
    assert (answer["endsOn"], answer["notice"]["receivedOn"]) == ("2025-05-31", "2025-04-01")
    assert answer["notice"]["deadline"] == "2025-04-30"


@pytest.mark.parametrize(
    ("day", "time", "received_on", "ends_on"),
    [
        # Clocks go on at 2:00 on 30 March and back at 3:00 on 26 October: such a day ends too.
        ("2025-03-30", "23:59:59", "2025-03-30", "2025-04-30"),
        ("2025-03-30", "03:00:00", "2025-03-30", "2025-04-30"),
        ("2024-10-27", "23:59:59", "2024-10-27", "2024-11-30"),
        ("2024-10-31", "23:30:00", "2024-10-31", "2024-11-30"),
        ("2024-11-01", "00:30:00", "2024-11-01", "2024-12-31"),
        # One month from a day that February lacks ends with it; a leap day is a day.
        ("2025-01-31", "12:00:00", "2025-01-31", "2025-02-28"),
        ("2024-01-31", "12:00:00", "2024-01-31", "2024-02-29"),
        ("2024-02-29", "12:00:00", "2024-02-29", "2024-03-31"),
    ],
)
async def test_the_day_is_the_local_one(hand, book, day, time, received_on, ends_on):
    booked = await book("2024-01-15")
    hand.set(day, time)
    answer = await booked.send(GIVE, Kind.OWNER, {}, DAYS)
    assert (answer["notice"]["receivedOn"], answer["endsOn"]) == (received_on, ends_on)


async def test_a_later_day_that_the_tariff_allows_can_be_chosen(hand, book):
    booked = await book()
    answer = await booked.send(GIVE, Kind.OWNER, {"lastDay": "2025-12-31"}, DAYS)
    assert (answer["endsOn"], answer["notice"]["deadline"]) == ("2025-12-31", "2025-11-30")
    assert answer["notice"]["reasons"][-1] == {"rule": "ENDING_DAY", "outcome": "2025-12-31"}


NEAREST = "The contract cannot end on {}; the nearest days are {} and {}."
FIRST = "The contract cannot end on {}; the first possible day is {}."
RANGE = "Must be a day from 1 January 1900 to 31 December 2199."


@pytest.mark.parametrize(
    ("day", "code", "message"),
    [
        (
            "2025-05-15",
            "RULE_BROKEN",
            NEAREST.format("15 May 2025", "30 April 2025", "31 May 2025"),
        ),
        (
            "2028-02-28",
            "RULE_BROKEN",
            NEAREST.format("28 February 2028", "31 January 2028", "29 February 2028"),
        ),
        ("2025-03-31", "RULE_BROKEN", FIRST.format("31 March 2025", "30 April 2025")),
        ("2024-01-14", "RULE_BROKEN", FIRST.format("14 January 2024", "30 April 2025")),
        ("1900-01-01", "RULE_BROKEN", FIRST.format("1 January 1900", "30 April 2025")),
        ("1899-12-31", "INVALID_INPUT", RANGE),
        ("2200-01-01", "INVALID_INPUT", RANGE),
    ],
)
async def test_a_day_that_the_tariff_does_not_allow_is_refused(
    hand, book, timed_writer, day, code, message
):
    booked = await book()
    before = await timed_writer.fingerprint()
    answer = await booked.send(GIVE, Kind.OWNER, {"lastDay": day})
    assert answer == refusal(problem(code, "input.lastDay", message))
    assert await timed_writer.fingerprint() == before


async def test_a_day_that_there_is_not_never_arrives(hand, book, timed_writer):
    booked = await book()
    sent = {"id": booked.id, "lastDay": "2025-02-29"}
    answer = await timed_writer.send(GIVE, Kind.OWNER, sent)
    assert [error["extensions"]["code"] for error in answer["errors"]] == [
        "GRAPHQL_VALIDATION_FAILED"
    ]


async def test_terms_are_counted_from_the_first_day(hand, book):
    """Twelve months from a leap day end on 28 February, and those after them too."""
    booked = await book("2024-02-29", YEARLY)
    hand.set("2025-11-28")
    answer = await booked.send(GIVE, Kind.OWNER, {}, DAYS)
    assert (answer["endsOn"], answer["notice"]["deadline"]) == ("2026-02-28", "2025-11-30")


async def test_a_consumer_leaves_after_the_initial_term_on_any_day(hand, book, timed_writer):
    booked = await book("2024-01-15", YEARLY)
    await make_consumer(timed_writer)
    answer = await booked.send(GIVE, Kind.OWNER, {}, DAYS)
    assert (answer["endsOn"], answer["notice"]["deadline"]) == ("2025-04-14", "2025-03-14")
    assert answer["notice"]["reasons"][-1] == {"rule": "EARLIER_DAY", "outcome": "2025-04-14"}


@pytest.mark.parametrize(
    ("kind", "given_by", "country", "agreed_on", "ends_on"),
    [
        (Kind.OWNER, None, "BE", "2024-01-15", "2025-05-14"),
        (Kind.OWNER, None, "AT", "2024-01-15", "2026-01-14"),
        # The account's contract is of 2019; the law is that of the day the period was agreed.
        (Kind.OWNER, None, "DE", "2022-02-28", "2026-01-14"),
        (Kind.OWNER, None, "DE", "2022-03-01", "2025-04-14"),
        # The law protects the customer, whoever enters the notice, and not the operator.
        (Kind.EMPLOYEE, "CUSTOMER", "NL", "2024-01-15", "2025-04-14"),
        (Kind.MANAGER, "OPERATOR", "NL", "2024-01-15", "2026-01-14"),
        (Kind.MANAGER, None, "NL", "2024-01-15", "2026-01-14"),
    ],
)
async def test_the_law_is_that_of_the_partner_and_the_day_of_agreement(
    hand, book, timed_writer, kind, given_by, country, agreed_on, ends_on
):
    booked = await book("2024-01-15", YEARLY, agreed_on=date.fromisoformat(agreed_on))
    await make_consumer(timed_writer, country)
    given = {"givenBy": given_by} if given_by else {}
    assert (await booked.send(GIVE, kind, given))["endsOn"] == ends_on


async def test_what_ends_by_itself_needs_no_notice(hand, book, timed_writer):
    booked = await book("2024-06-01", SELF_ENDING, ends_on=date(2025, 5, 31))
    before = await timed_writer.fingerprint()
    answer = await booked.send(GIVE, Kind.OWNER)
    message = "This module ends on 31 May 2025 without notice."
    assert answer == refusal(problem("RULE_BROKEN", "input.lastDay", message))
    assert await timed_writer.fingerprint() == before


@pytest.mark.parametrize(
    ("today", "message"),
    [
        ("2024-01-14", "This module starts on 15 January 2024; until then withdraw the order."),
        ("2025-05-01", "This module has ended on 30 April 2025."),
    ],
)
@pytest.mark.parametrize("mutation", [GIVE, CHANGE])
async def test_before_the_first_day_and_after_the_last_one(
    hand, book, timed_writer, mutation, today, message
):
    booked = await book()
    await booked.send(GIVE, Kind.OWNER)
    hand.set(today)
    before = await timed_writer.fingerprint()
    answer = await booked.send(mutation, Kind.OWNER)
    assert answer == refusal(problem("RULE_BROKEN", "input.id", message))
    assert await timed_writer.fingerprint() == before


async def test_the_status_is_right_on_each_day_without_any_worker(hand, book, timed_writer):
    booked = await book()
    await booked.send(GIVE, Kind.OWNER)
    seen = {}
    for day, time in (
        ("2024-01-14", "23:59:59"),
        ("2024-01-15", "00:00:00"),
        ("2025-04-30", "23:59:59"),
        ("2025-05-01", "00:00:00"),
    ):
        hand.set(day, time)
        answer = await timed_writer.api(
            "query ($id: ID!) { node(id: $id) { ... on ModuleSubscription { status } } }",
            timed_writer.world.tokens[Kind.OWNER],
            id=booked.id,
        )
        seen[day] = answer["data"]["node"]["status"]
    assert seen == {
        "2024-01-14": "ORDERED",
        "2024-01-15": "CANCELLED",
        "2025-04-30": "CANCELLED",
        "2025-05-01": "ENDED",
    }


@pytest.mark.parametrize("mutation", [GIVE, CHANGE])
async def test_the_module_of_another_account_is_not_found(hand, book, timed_writer, mutation):
    booked = await book()
    (theirs, *_) = timed_writer.world.foreign.ids["ModuleSubscription"]
    before = await timed_writer.fingerprint()
    assert await booked.send(mutation, Kind.OWNER, {"id": theirs}) == NOT_FOUND
    assert await timed_writer.fingerprint() == before


@pytest.mark.parametrize("language", [Language.NL, Language.DE])
async def test_reasons_and_refusals_come_in_the_viewers_language(
    hand, book, timed_writer, language
):
    booked = await book()
    async with timed_writer.superuser.begin() as connection:
        await connection.execute(
            text("UPDATE person SET language = :language WHERE id = :id"),
            {"language": language, "id": timed_writer.world.own.owner.id},
        )
    answer = await booked.send(GIVE, Kind.OWNER, {}, NOTICE)
    (first, *_) = answer["notice"]["reasons"]
    message = translate("Notice arrives on {outcome}.", language, outcome=date(2025, 3, 14))
    assert first["sentence"] == message != "Notice arrives on 14 March 2025."
    (mail,) = await booked.mails()
    received = {Language.NL: "Ontvangen: 14 maart 2025", Language.DE: "Eingegangen: 14. März 2025"}
    assert received[language] in mail[2]
