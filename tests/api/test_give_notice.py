"""giveNotice and withdrawNotice: in time, at days that the tariff allows; managers at any day."""

from datetime import date

import pytest

from tests.api.cancelling import GIVE, SELF_ENDING, WITHDRAW, YEARLY, make_consumer
from tests.world import Kind
from tests.writing import NOT_FOUND, forbidden, problem, refusal, unauthenticated

NOTICE = (
    "notice { id givenBy receivedAt receivedOn lastDay deadline isDeviating reasonCode comment"
    " withdrawnAt reasons { rule outcome inputs { name value } sentence } }"
)
FIELDS = f"version status startsOn endsOn {NOTICE}"


async def test_a_customer_cancels_for_the_earliest_day(hand, book, timed_writer):
    booked = await book()
    hand.set("2025-03-31", "23:59:59")
    before = await timed_writer.rows()
    given = {"reasonCode": "PRICE", "comment": " Te duur. "}
    answer = await booked.send(GIVE, Kind.OWNER, given, FIELDS)
    id = answer["notice"].pop("id")
    assert answer == {
        "__typename": "ModuleSubscription",
        "version": 2,
        "status": "CANCELLED",
        "startsOn": "2024-01-15",
        "endsOn": "2025-04-30",
        "notice": {
            "givenBy": "CUSTOMER",
            "receivedAt": "2025-03-31T21:59:59+00:00",
            "receivedOn": "2025-03-31",
            "lastDay": "2025-04-30",
            "deadline": "2025-03-31",
            "isDeviating": False,
            "reasonCode": "PRICE",
            "comment": "Te duur.",
            "withdrawnAt": None,
            "reasons": [],
        },
    }
