"""The time line of a module and the terms of its tariff, as data."""

from typing import Any

from tests.api.cancelling import CHANGE, YEARLY
from tests.world import Kind

TERM = "{ count unit }"
TERMS = f"""terms {{ initialTerm {TERM} renewal renewalTerm {TERM} noticePeriod {TERM} endingDay
    changeFreeOfNotice termContinues }}"""
ASKED = f"""query ($id: ID!) {{ node(id: $id) {{ ... on ModuleSubscription {{
    timeline {{ spans {{ kind startsOn endsOn }} marks {{ kind day deadline lastDay }} isRolling
        noticePeriod {TERM} }}
    cancellationOptions(first: 2, by: CUSTOMER) {{ lastDay isRolling }}
    tariffChangeOptions(first: 2, by: CUSTOMER) {{ startsOn isRolling }}
    currentTariff {{ {TERMS} }} }} }} }}"""
ANY_DAY = {"initial_term_count": 0, "renewal": "OPEN_ENDED", "ending_day": "ANY_DAY"}


async def asked(booked: Any, kind: Kind = Kind.OWNER) -> dict[str, Any]:
    """Ask for all of it."""
    writer = booked.writer
    answer = await writer.api(ASKED, writer.world.tokens[kind], id=booked.id)
    assert set(answer) == {"data"}, answer
    found: dict[str, Any] = answer["data"]["node"]
    return found


async def test_a_yearly_contract(hand, book):
    found = await asked(await book(terms=YEARLY))
    months = {"unit": "MONTHS"}
    assert found["timeline"] == {
        "spans": [
            {"kind": "EARLIER", "startsOn": "2024-01-15", "endsOn": "2025-01-14"},
            {"kind": "RENEWAL_TERM", "startsOn": "2025-01-15", "endsOn": "2026-01-14"},
            {"kind": "RENEWAL_TERM", "startsOn": "2026-01-15", "endsOn": "2027-01-14"},
            {"kind": "RENEWAL_TERM", "startsOn": "2027-01-15", "endsOn": "2028-01-14"},
        ],
        "marks": [
            {"kind": "FIRST_DAY", "day": "2024-01-15", "deadline": None, "lastDay": None},
            {"kind": "TODAY", "day": "2025-03-14", "deadline": None, "lastDay": None},
            {"kind": "DEADLINE", "day": "2025-10-14", "deadline": None, "lastDay": "2026-01-14"},
            *(
                {
                    "kind": "POSSIBLE_LAST_DAY",
                    "day": f"{year}-01-14",
                    "deadline": f"{year - 1}-10-14",
                    "lastDay": None,
                }
                for year in (2026, 2027, 2028)
            ),
        ],
        "isRolling": False,
        "noticePeriod": {"count": 3, **months},
    }
    assert found["cancellationOptions"] == [
        {"lastDay": "2026-01-14", "isRolling": False},
        {"lastDay": "2027-01-14", "isRolling": False},
    ]
    assert found["currentTariff"]["terms"] == {
        "initialTerm": {"count": 12, **months},
        "renewal": "RENEWAL_TERM",
        "renewalTerm": {"count": 12, **months},
        "noticePeriod": {"count": 3, **months},
        "endingDay": "END_OF_TERM",
        "changeFreeOfNotice": False,
        "termContinues": False,
    }


async def test_one_that_may_end_on_any_day_rolls_for_a_change_too(hand, book):
    booked = await book(terms=ANY_DAY | {"notice_period_count": 1})
    found = await asked(booked, Kind.EMPLOYEE)
    line = found["timeline"]
    assert (line["isRolling"], line["noticePeriod"]) == (True, {"count": 1, "unit": "MONTHS"})
    assert [mark["kind"] for mark in line["marks"]] == ["FIRST_DAY", "TODAY", "POSSIBLE_LAST_DAY"]
    assert found["cancellationOptions"] == [
        {"lastDay": "2025-04-14", "isRolling": True},
        {"lastDay": "2025-04-15", "isRolling": True},
    ]
    assert found["tariffChangeOptions"] == [
        {"startsOn": "2025-04-15", "isRolling": True},
        {"startsOn": "2025-04-16", "isRolling": True},
    ]


async def test_a_pending_change_is_drawn(hand, book):
    booked = await book()
    await booked.send(CHANGE, Kind.OWNER)
    line = (await asked(booked))["timeline"]
    assert [(one["kind"], one["startsOn"], one["endsOn"]) for one in line["spans"]] == [
        ("OPEN_ENDED", "2024-01-15", "2025-04-30"),
        ("NEXT_TARIFF", "2025-05-01", None),
    ]
    assert line["marks"][-1]["day"] == "2025-05-01"
    assert line["noticePeriod"] is None


async def test_the_terms_of_a_tariff_are_for_everybody_and_those_agreed_stay(lane, book):
    booked = await book(terms=YEARLY)
    document = f"query ($id: ID!) {{ tariff(id: $id) {{ {TERMS} }} }}"
    answer = await lane(document, None, id=booked.other_id)
    assert answer["data"]["tariff"]["terms"]["endingDay"] == "END_OF_MONTH"
    answer = await lane(ASKED, booked.writer.world.tokens[Kind.OWNER], id=booked.id)
    assert answer["data"]["node"]["currentTariff"]["terms"]["renewalTerm"]["count"] == 12
    assert answer["data"]["node"]["timeline"]["spans"][0]["startsOn"] == "2024-01-15"
