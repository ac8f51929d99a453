"""Terms under which no day can be computed: nobody writes them, and where they are it is said."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.errors import InvalidInput, Several
from portal.models import TariffVersion
from portal.rules.catalogue.terms import EndingDay, Renewal, TermUnit
from tests import factories
from tests.api.cancelling import CHANGE, GIVE, YEARLY
from tests.api.ordering import open_shop
from tests.world import Kind
from tests.writing import problem, refusal

UNSOUND = (
    "Under the terms of this tariff no day can be computed; the operator has to correct them first."
)
GONE = (
    "The terms that were agreed for this module are not there any more, so no day can be computed;"
    " the operator has to correct them first."
)
DAYS, MONTHS = TermUnit.DAYS, TermUnit.MONTHS
RENEWED: dict[str, Any] = {
    "renewal": Renewal.RENEWAL_TERM,
    "renewal_term_count": 12,
    "renewal_term_unit": MONTHS,
    "ending_day": EndingDay.END_OF_TERM,
}
WRONG_SHAPES: dict[str, dict[str, Any]] = {
    "a negative initial term": {"initial_term_count": -1},
    "an initial term of over a century": {"initial_term_count": 1_201},
    "days of over a century": {"initial_term_count": 36_501, "initial_term_unit": DAYS},
    "a negative notice period": {"notice_period_count": -1},
    "a notice period of over a century": {"notice_period_count": 1_201},
    "a renewal of nothing": RENEWED | {"renewal_term_count": 0},
    "a renewal of over a century": RENEWED | {"renewal_term_count": 1_201},
    "a renewal without its term": RENEWED | {"renewal_term_count": None, "renewal_term_unit": None},
    "a renewal term of what goes on": {"renewal_term_count": 1, "renewal_term_unit": MONTHS},
    "renewed on any day": RENEWED | {"ending_day": EndingDay.ANY_DAY},
    "open-ended to the end of a term": {"ending_day": EndingDay.END_OF_TERM},
    "by itself at once": {"renewal": Renewal.NONE, "initial_term_count": 0},
}
wrong_shapes = pytest.mark.parametrize("values", WRONG_SHAPES.values(), ids=WRONG_SHAPES.keys())


@wrong_shapes
async def test_no_writer_writes_them(superuser, values):
    module = factories.module()
    tariff = factories.tariff(module)
    version = factories.tariff_version(tariff, **values)
    with pytest.raises(Several) as refused:
        await factories.write(superuser, [module, tariff, version])
    assert {type(fault) for fault in refused.value.problems} == {InvalidInput}


async def test_no_writer_changes_sound_ones_into_them(superuser):
    module = factories.module()
    tariff = factories.tariff(module)
    version = factories.tariff_version(tariff)
    await factories.write(superuser, [module, tariff, version])
    version.notice_period_count = 1_201
    with pytest.raises(Several):
        await factories.write(superuser, [version])


@wrong_shapes
async def test_the_table_keeps_their_shape(superuser, values):
    module = factories.module()
    tariff = factories.tariff(module)
    version = factories.tariff_version(tariff)
    await factories.write(superuser, [module, tariff, version])
    table = sa.inspect(type(version)).local_table
    with pytest.raises(IntegrityError, match="ck_tariff_version_"):
        async with superuser.begin() as connection:
            await connection.execute(
                sa.update(table).where(table.c.id == version.id).values(**values)
            )


async def spoil(superuser, tariff, **values):
    """Write past the check: a notice period that is longer than the renewal term."""
    table = sa.inspect(TariffVersion).local_table
    unsound = values or {"notice_period_count": 24}
    async with superuser.begin() as connection:
        where = table.c.tariff_id == tariff.id
        await connection.execute(sa.update(table).where(where).values(**unsound))


OPTIONS = """query ($id: ID!) { node(id: $id) { ... on ModuleSubscription {
  startsOn cancellationOptions { lastDay } tariffChangeOptions { startsOn }
} } }"""


@pytest.mark.parametrize(
    ("spoiled", "message"),
    [
        ({"notice_period_count": 24}, UNSOUND),
        ({"valid_from": date(2026, 1, 1), "valid_from_for_existing": date(2026, 1, 1)}, GONE),
    ],
    ids=["unsound", "gone"],
)
async def test_what_was_agreed_cannot_be_computed(
    hand, book, superuser, timed_writer, spoiled, message
):
    booked, other = await book("2024-01-15", YEARLY), await book("2024-01-15", YEARLY)
    await spoil(superuser, booked.tariff, **spoiled)
    before = await timed_writer.fingerprint()
    answer = await timed_writer.api(OPTIONS, timed_writer.world.tokens[Kind.OWNER], id=booked.id)
    assert answer["data"]["node"] == {
        "startsOn": "2024-01-15",
        "cancellationOptions": None,
        "tariffChangeOptions": None,
    }
    assert [
        (error["path"], error["message"], error["extensions"]["code"])
        for error in sorted(answer["errors"], key=lambda error: error["path"])
    ] == [
        (["node", "cancellationOptions"], message, "RULE_BROKEN"),
        (["node", "tariffChangeOptions"], message, "RULE_BROKEN"),
    ]
    for mutation in (GIVE, CHANGE):
        answer = await booked.send(mutation, Kind.OWNER)
        assert [(one["code"], one["message"]) for one in answer["problems"]] == [
            ("RULE_BROKEN", message)
        ]
    assert await timed_writer.fingerprint() == before
    # What else is asked for at once is answered.
    answer = await timed_writer.api(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ModuleSubscription {"
        " cancellationOptions(first: 1) { lastDay } } } }",
        timed_writer.world.tokens[Kind.OWNER],
        ids=[booked.id, other.id],
    )
    assert answer["data"]["nodes"] == [
        {"cancellationOptions": None},
        {"cancellationOptions": [{"lastDay": "2026-01-14"}]},
    ]


async def test_a_manager_still_ends_what_cannot_be_computed(hand, book, superuser):
    booked = await book("2024-01-15", YEARLY)
    await spoil(superuser, booked.tariff)
    given = {"deviatingDate": "2025-06-30", "reason": "x"}
    assert (await booked.send(GIVE, Kind.MANAGER, given))["endsOn"] == "2025-06-30"


async def test_nobody_agrees_to_them(hand, book, superuser, writer, world, timed_writer):
    shop = await open_shop(superuser, world, RENEWED | {"initial_term_count": 12})
    await spoil(superuser, shop.public)
    before = await writer.fingerprint()
    answer = await writer.change("orderModule", Kind.OWNER, shop.given())
    assert answer == refusal(problem("RULE_BROKEN", "input", UNSOUND))
    assert await writer.fingerprint() == before
    booked = await book("2024-01-15", other=YEARLY)
    await spoil(superuser, booked.other)
    before = await writer.fingerprint()
    answer = await booked.send(CHANGE, Kind.OWNER)
    assert answer == refusal(problem("RULE_BROKEN", "input.tariff.id", UNSOUND))
    assert await writer.fingerprint() == before
