"""On the first and the last days that a contract can know, there is an answer or a refusal."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.login.credentials import hash_of
from portal.rules.catalogue.terms import TermUnit
from tests.api.cancelling import CHANGE, GIVE, MONTHLY, SELF_ENDING, UNDO, WITHDRAW, YEARLY
from tests.world import Kind

CENTURY = {"initial_term_count": 1_200, "notice_period_count": 1_200}
TERMS = {
    "nothing binds": MONTHLY | {"notice_period_count": 0},
    "a century in months": MONTHLY | CENTURY,
    "renewed by centuries": YEARLY | CENTURY | {"renewal_term_count": 1_200},
    "renewed by the day": YEARLY
    | {"initial_term_count": 0, "notice_period_count": 0}
    | {"renewal_term_count": 1, "renewal_term_unit": TermUnit.DAYS},
    "a century by itself": SELF_ENDING | {"initial_term_count": 1_200},
    "free of notice": MONTHLY | CENTURY | {"change_free_of_notice": True},
}
OPTIONS = """query ($id: ID!) { node(id: $id) { ... on ModuleSubscription { status
  cancellationOptions(first: 12) { deadline daysLeft ifMissed { day } reasons { sentence } }
  tariffChangeOptions(first: 12) { deadline daysLeft ifMissed { day } reasons { sentence } }
} } }"""
PREVIEWS = """mutation ($notice: GiveNoticeInput!, $change: ChangeTariffInput!) {
  previewNotice(input: $notice) { __typename }
  previewTariffChange(input: $change) { __typename }
}"""
EDGES = ("1900-01-01", "2199-12-31")


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS.keys())
@pytest.mark.parametrize("starts_on", ["1900-01-01", "2199-12-31"])
async def test_whatever_is_asked_is_answered_with_a_code(
    hand, book, timed_writer, starts_on, terms
):
    booked = await book(starts_on, terms, terms, agreed_on=date(2020, 1, 1))
    token = timed_writer.world.tokens[Kind.MANAGER]
    async with timed_writer.superuser.begin() as connection:
        far = "UPDATE credential SET expires_at = '2300-01-01' WHERE token_hash = :hash"
        await connection.execute(sa.text(far), {"hash": hash_of(token)})
    for today in ("2025-03-14", "2200-01-01"):
        hand.set(today)
        answer = await timed_writer.api(OPTIONS, token, id=booked.id)
        assert "errors" not in answer, answer
        given = {"id": booked.id}
        change = {**given, "tariff": {"id": booked.other_id}}
        answer = await timed_writer.api(PREVIEWS, token, notice=given, change=change)
        assert "errors" not in answer, answer
        for day in EDGES:
            for mutation, field in ((GIVE, "lastDay"), (CHANGE, "startsOn")):
                answer = await booked.send(mutation, Kind.MANAGER, {field: day})
                assert answer["__typename"] in {"Refusal", "ModuleSubscription"}
                if answer["__typename"] != "Refusal":
                    await booked.send(UNDO if mutation == CHANGE else WITHDRAW, Kind.MANAGER)
