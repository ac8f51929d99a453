"""bookOption, endOption and what undoes them: for managers alone."""

from typing import Any

import pytest

from portal.rules.catalogue.terms import EndingDay, TermUnit
from tests.api.cancelling import CHANGE, GIVE, MONTHLY, UNDO, YEARLY, Booked, make_consumer
from tests.api.modules.test_change_quantity import add_item
from tests.api.previewing import SHOWN, Previewed
from tests.world import Kind
from tests.writing import problem, refusal

BOOK, END = "bookOption", "endOption"
OPTION = "itemKey quantity startsOn endsOn"
KEY = "SATURDAY"
TWO_WEEKS = {
    "notice_period_count": 2,
    "notice_period_unit": TermUnit.WEEKS,
    "ending_day": EndingDay.END_OF_MONTH,
}


def refused(code: str, path: str, message: str) -> dict[str, Any]:
    return refusal(problem(code, f"input.{path}", message))


def option(starts_on: str, ends_on: str | None = None, quantity: int = 1) -> dict[str, Any]:
    return {"itemKey": KEY, "quantity": quantity, "startsOn": starts_on, "endsOn": ends_on}


@pytest.fixture
def optional(book, hand):
    """Book a module whose tariff has an option at 12.50 a month; the other tariff has none."""

    async def booked_optional(terms: dict[str, Any] | None = None, **values: Any) -> Booked:
        booked = await book("2024-01-15", MONTHLY if terms is None else terms)
        await add_item(booked, booked.tariff, KEY, is_additional_option=True, **values)
        return booked

    return booked_optional


async def send(booked: Booked, mutation: str, given: dict[str, Any], fields: str = OPTION) -> Any:
    """Send a mutation as a manager."""
    return await booked.send(mutation, Kind.MANAGER, given, fields)


async def book_one(booked: Booked, **given: Any) -> str:
    """Book the option, and give its id."""
    answer = await send(booked, BOOK, {"itemKey": KEY} | given, "id")
    assert answer["__typename"] == "BookedOption", answer
    id: str = answer["id"]
    return id


async def test_a_manager_books_one_from_a_day_on(optional, timed_writer):
    booked = await optional()
    before = await timed_writer.rows()
    given = {"itemKey": KEY, "quantity": 2, "startsOn": "2025-04-01"}
    answer = await send(booked, BOOK, given, f"version {OPTION} agreedOn deadline")
    assert answer == {
        "__typename": "BookedOption",
        "version": 1,
        **option("2025-04-01", quantity=2),
        "agreedOn": "2025-03-14",
        "deadline": None,
    }
    assert await timed_writer.written_since(before) == {
        "account": {"history_length": 3},
        "booked_option": {"added": 1},
        "message": {"added": 1},
        "outbox": {"added": 1},
    }
    ((to, subject, text),) = await booked.mails()
    assert to == timed_writer.world.own.owner.email
    assert subject.startswith(f"Additional option for {booked.module.name}: ")
    assert "We have booked " in text
    assert (
        """
Quantity: 2

First day: 1 April 2025

Price of the module each month from 1 April 2025 on, without VAT: €64.00
"""
        in text
    )


async def test_the_end_of_an_option_and_what_is_undone_are_told_too(optional, timed_writer):
    booked = await optional()
    id = await book_one(booked)
    end = {"id": id, "deviatingDate": "2025-03-25", "reason": "Agreed."}
    for mutation, given in ((END, end), ("withdrawOptionEnd", {"id": id})):
        await timed_writer.change(mutation, Kind.MANAGER, given, "__typename")
    _, ended, unended = (text for *_, text in await booked.mails())
    assert " ends for " in ended
    assert "Last day: 25 March 2025\n" in ended
    assert "from 26 March 2025 on, without VAT: €39.00\n" in ended
    assert "its end was withdrawn." in unended
    assert "Last day" not in unended


LISTED = """query ($id: ID!, $day: Date) { node(id: $id) { ... on ModuleSubscription {
  additionalOptions { key } bookedOptions { itemKey quantity }
  priceList { sections { items { key isAdditionalOption } } }
  costs(on: $day) { key quantity monthlyAmount isAdditionalOption } } } }"""


async def test_the_list_is_for_managers_and_what_is_booked_shows_in_the_costs(
    optional, timed_writer
):
    booked = await optional()
    await book_one(booked, quantity=3)
    answers = {
        kind: await timed_writer.api(
            LISTED, timed_writer.world.tokens[kind], id=booked.id, day="2025-03-14"
        )
        for kind in (Kind.MANAGER, Kind.EMPLOYEE, Kind.OWNER)
    }
    line = {"key": KEY, "quantity": 3, "monthlyAmount": "37.50", "isAdditionalOption": True}
    for kind, answer in answers.items():
        node = answer["data"]["node"]
        assert node["costs"][-1] == line
        (section,) = node["priceList"]["sections"]
        shown = [item for item in section["items"] if item["isAdditionalOption"]]
        if kind is Kind.MANAGER:
            assert len(shown) == 2
            assert KEY in [item["key"] for item in node["additionalOptions"]]
            assert node["bookedOptions"] == [{"itemKey": KEY, "quantity": 3}]
            assert "errors" not in answer
            continue
        assert shown == []
        assert (node["additionalOptions"], node["bookedOptions"]) == (None, None)
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.EMPLOYEE])
async def test_nobody_else_books_or_ends_one(optional, timed_writer, kind):
    booked = await optional()
    id = await book_one(booked)
    before = await timed_writer.rows()
    for mutation, given in (
        (BOOK, {"itemKey": KEY}),
        (END, {"id": id}),
        ("withdrawOption", {"id": id}),
        ("withdrawOptionEnd", {"id": id}),
    ):
        answer = await booked.send(mutation, kind, given, "id")
        (one,) = answer["problems"]
        assert (one["code"], one["required"]["roles"]) == ("FORBIDDEN", ["MANAGER"])
    assert await timed_writer.rows() == before


@pytest.mark.parametrize(
    ("given", "code", "path", "message"),
    [
        ({"quantity": 0}, "INVALID_INPUT", "quantity", "Must be from 1 to 1,000,000."),
        ({"quantity": -1}, "INVALID_INPUT", "quantity", "Must be from 1 to 1,000,000."),
        ({"quantity": 10**9}, "INVALID_INPUT", "quantity", "Must be from 1 to 1,000,000."),
        (
            {"itemKey": "NONE"},
            "NOT_FOUND",
            "itemKey",
            "The price list of that day has no such additional option.",
        ),
        (
            {"startsOn": "2024-01-14"},
            "RULE_BROKEN",
            "startsOn",
            "14 January 2024 is before the first day, 15 January 2024.",
        ),
        ({"startsOn": "2025-03-13"}, "RULE_BROKEN", "reason", "A day that is over needs a reason."),
    ],
)
async def test_what_cannot_be_booked_is_refused(optional, timed_writer, given, code, path, message):
    booked = await optional()
    before = await timed_writer.rows()
    assert await send(booked, BOOK, {"itemKey": KEY} | given) == refused(code, path, message)
    assert await timed_writer.rows() == before


async def test_one_that_is_booked_is_not_booked_again(optional):
    booked = await optional()
    await book_one(booked, startsOn="2025-05-01")
    assert await send(booked, BOOK, {"itemKey": KEY}) == refused(
        "RULE_BROKEN", "itemKey", "This option is booked from 1 May 2025 on already."
    )


async def test_a_day_that_is_over_takes_a_reason_and_no_consumer(optional, timed_writer):
    booked = await optional()
    id = await book_one(booked, startsOn="2025-03-01", reason="Forgotten.")
    assert id
    await make_consumer(timed_writer)
    other = await optional()
    given = {"itemKey": KEY, "startsOn": "2025-03-01", "reason": "Forgotten."}
    assert await send(other, BOOK, given) == refused(
        "RULE_BROKEN",
        "startsOn",
        "For a consumer nothing becomes dearer for days that are over: 1 March 2025 would.",
    )


async def test_it_ends_by_its_own_terms(optional):
    booked = await optional(YEARLY, **TWO_WEEKS)
    id = await book_one(booked)
    fields = f"{OPTION} deadline reasons {{ rule outcome sentence }}"
    answer = await send(booked, END, {"id": id}, fields)
    assert answer == {
        "__typename": "BookedOption",
        **option("2025-03-14", "2025-03-31"),
        "deadline": "2025-03-17",
        "reasons": [
            step("NOTICE_ARRIVES", "14", "The end of the option is asked for on 14 March 2025."),
            step("NO_INITIAL_TERM", "14", "The option may end from 14 March 2025 on."),
            step(
                "NOTICE_PERIOD",
                "28",
                "The notice period is 2 weeks: the last day may be 28 March 2025 or later.",
            ),
            step(
                "ENDING_DAY",
                "31",
                "The option may end on the last day of a month: from 28 March 2025 on the first"
                " possible day is 31 March 2025.",
            ),
        ],
    }


def step(rule: str, day: str, sentence: str) -> dict[str, str]:
    return {"rule": rule, "outcome": f"2025-03-{day}", "sentence": sentence}


async def test_without_terms_of_its_own_it_ends_by_its_tariffs(optional):
    booked = await optional(YEARLY)
    id = await book_one(booked)
    answer = await send(booked, END, {"id": id}, f"{OPTION} deadline")
    assert answer == {
        "__typename": "BookedOption",
        **option("2025-03-14", "2026-01-14"),
        "deadline": "2025-10-14",
    }


async def test_it_ends_on_a_deviating_day_with_a_reason_and_never_before_it_began(optional):
    booked = await optional(YEARLY)
    id = await book_one(booked)
    assert await send(booked, END, {"id": id, "deviatingDate": "2025-03-20"}) == refused(
        "RULE_BROKEN", "reason", "A deviating date needs a reason."
    )
    given = {"id": id, "deviatingDate": "2025-03-13", "reason": "A mistake."}
    assert await send(booked, END, given) == refused(
        "RULE_BROKEN",
        "deviatingDate",
        "The option cannot end on 13 March 2025; the first possible day is 14 March 2025.",
    )
    answer = await send(booked, END, given | {"deviatingDate": "2025-03-20"}, f"{OPTION} deadline")
    assert (answer["endsOn"], answer["deadline"]) == ("2025-03-20", None)


async def test_before_its_first_day_the_booking_is_withdrawn(optional, timed_writer):
    booked = await optional()
    before = await timed_writer.rows()
    id = await book_one(booked, startsOn="2025-04-01")
    assert await send(booked, END, {"id": id}) == refused(
        "RULE_BROKEN",
        "lastDay",
        "This option begins on 1 April 2025; until then withdraw its booking.",
    )
    answer = await send(booked, "withdrawOption", {"id": id}, "bookedOptions { itemKey }")
    assert answer == {"__typename": "ModuleSubscription", "bookedOptions": []}
    assert "booked_option" not in await timed_writer.written_since(before)
    id = await book_one(booked)
    assert await send(booked, "withdrawOption", {"id": id}, "id") == refused(
        "RULE_BROKEN",
        "id",
        "A booking can be withdrawn before its first day, which was 14 March 2025; end it instead.",
    )


async def test_an_end_is_withdrawn_while_the_option_runs(optional, hand):
    booked = await optional(**TWO_WEEKS)
    id = await book_one(booked)
    assert await send(booked, "withdrawOptionEnd", {"id": id}) == refused(
        "RULE_BROKEN", "id", "No end of this option is pending."
    )
    await send(booked, END, {"id": id})
    assert await send(booked, END, {"id": id}) == refused(
        "CONFLICT", "id", "This option ends on 31 March 2025; withdraw that first."
    )
    answer = await send(booked, "withdrawOptionEnd", {"id": id}, f"{OPTION} reasons {{ rule }}")
    assert answer == {"__typename": "BookedOption", **option("2025-03-14"), "reasons": []}
    await send(booked, END, {"id": id})
    hand.set("2025-04-01")
    for mutation in (END, "withdrawOptionEnd"):
        assert await send(booked, mutation, {"id": id}) == refused(
            "RULE_BROKEN", "id", "This option has ended on 31 March 2025."
        )


async def test_it_ends_with_its_module_at_the_latest(optional):
    booked = await optional(**TWO_WEEKS)
    id = await book_one(booked)
    await booked.send(GIVE, Kind.OWNER)
    assert await send(booked, END, {"id": id, "lastDay": "2025-04-30"}) == refused(
        "RULE_BROKEN", "lastDay", "This option ends on 30 April 2025 without that."
    )
    answer = await send(booked, END, {"id": id})
    assert answer["endsOn"] == "2025-03-31"


async def test_a_change_of_tariff_ends_it_where_the_new_one_lacks_it(optional, timed_writer):
    booked = await optional(**TWO_WEEKS)
    id = await book_one(booked, quantity=2)
    previewed = Previewed(timed_writer, CHANGE, "previewTariffChange", booked.id)
    ends = "ends { itemKey quantity lastDay isAdditionalOption }"
    shown = await previewed.show({"tariff": {"id": booked.other_id}}, fields=f"{SHOWN} {ends}")
    assert (shown["monthlyBefore"], shown["monthlyAfter"]) == ("64.00", "59.00")
    assert shown["ends"] == [
        {"itemKey": KEY, "quantity": 2, "lastDay": "2025-04-30", "isAdditionalOption": True}
    ]
    # It is a customer who changes the tariff.
    await booked.send(CHANGE, Kind.OWNER)
    assert await rows_of(booked) == [option("2025-03-14", "2025-04-30", 2)]
    # It may end before that, and goes on to that day where its end is taken back.
    await send(booked, END, {"id": id})
    assert await rows_of(booked) == [option("2025-03-14", "2025-03-31", 2)]
    await send(booked, "withdrawOptionEnd", {"id": id})
    assert await rows_of(booked) == [option("2025-03-14", "2025-04-30", 2)]
    await booked.send(UNDO, Kind.OWNER)
    assert await rows_of(booked) == [option("2025-03-14", None, 2)]


async def rows_of(booked: Booked) -> Any:
    answer = await booked.writer.api(
        "query ($id: ID!) { node(id: $id) { ... on ModuleSubscription {"
        f" bookedOptions {{ {OPTION} }} }} }} }}",
        booked.writer.world.tokens[Kind.MANAGER],
        id=booked.id,
    )
    return answer["data"]["node"]["bookedOptions"]


async def test_previews_show_what_booking_and_ending_do(optional, timed_writer):
    booked = await optional(**TWO_WEEKS)
    previewed = Previewed(timed_writer, BOOK, "previewOptionBooking", booked.id)
    given = {"itemKey": KEY, "quantity": 2, "startsOn": "2025-03-20"}
    shown = await previewed.show(given, Kind.MANAGER, f"currency {SHOWN}")
    assert (shown["startsOn"], shown["endsOn"], shown["currency"]) == ("2025-03-20", None, "EUR")
    assert (shown["monthlyBefore"], shown["monthlyAfter"]) == ("39.00", "64.00")
    answer = await previewed.make(given, shown["token"], Kind.MANAGER, "id")
    previewed = Previewed(timed_writer, END, "previewOptionEnd", answer["id"])
    shown = await previewed.show({"deviatingDate": "2025-03-25", "reason": "So."}, Kind.MANAGER)
    assert (shown["startsOn"], shown["endsOn"]) == ("2025-03-20", "2025-03-25")
    assert (shown["monthlyBefore"], shown["monthlyAfter"]) == ("64.00", "39.00")


async def test_on_the_first_day_of_its_module_a_booking_adds_to_what_that_costs(
    optional, timed_writer
):
    booked = await optional()
    previewed = Previewed(timed_writer, BOOK, "previewOptionBooking", booked.id)
    given = {"itemKey": KEY, "startsOn": "2024-01-15", "reason": "Forgotten."}
    shown = await previewed.show(given, Kind.MANAGER)
    assert (shown["monthlyBefore"], shown["monthlyAfter"]) == ("39.00", "51.50")


async def test_an_order_is_withdrawn_with_its_options(optional, timed_writer, write, hand):
    booked = await optional()
    hand.set("2024-01-10")
    id = await book_one(booked, startsOn="2024-02-01")
    answer = await booked.send("withdrawOrder", Kind.OWNER, {}, "id")
    assert answer["__typename"] == "Account"
    answer = await send(booked, END, {"id": id})
    assert answer["problems"][0]["code"] == "NOT_FOUND"


async def test_an_end_taken_back_under_a_change_of_tariff_is_one_version_more(optional):
    booked = await optional()
    id = await book_one(booked)
    end = {"id": id, "deviatingDate": "2025-03-20", "reason": "Agreed."}
    assert (await send(booked, END, end, "version"))["version"] == 2
    await booked.send(CHANGE, Kind.OWNER)
    answer = await send(booked, "withdrawOptionEnd", {"id": id}, "version endsOn")
    # The other tariff lacks it, and begins in May.
    assert answer == {"__typename": "BookedOption", "version": 3, "endsOn": "2025-04-30"}
