"""withdrawOrder: before the first day; the history keeps what was ordered."""

import asyncio

import pytest
import sqlalchemy as sa

from portal.language.global_id import decode
from tests.api.ordering import DATA, PARTNER, day, end_contract, open_shop, today, uses
from tests.saying import written
from tests.world import Kind
from tests.writing import NOT_FOUND, problem, refusal

MUTATION = "withdrawOrder"
STARTED = "An order can be withdrawn before its first day, which was {}; give notice instead."


@pytest.fixture
async def shop(superuser, world):
    return await open_shop(superuser, world, is_single_booking=True)


async def order(writer, given):
    """Order as the owner; give the global id."""
    answer = await writer.change("orderModule", Kind.OWNER, given, "id")
    assert answer["__typename"] == "ModuleSubscription", answer
    return answer["id"]


async def ordered_rows(writer):
    """Give the rows of modules and their tariffs, by table and id."""
    rows = await writer.rows()
    return {
        key: row for key, row in rows.items() if key[0] in {"module_subscription", "tariff_period"}
    }


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.ADMIN, Kind.EMPLOYEE, Kind.MANAGER])
async def test_an_order_is_undone_and_its_offer_given_back(writer, superuser, shop, kind):
    before = await ordered_rows(writer)
    id = await order(writer, shop.by_offer(startsOn=day(1)))
    assert (len(await ordered_rows(writer)), await uses(superuser, shop.offer)) == (
        len(before) + 2,
        1,
    )
    given = {"id": id, "expectedVersion": 1, "reason": "Vergissing."}
    answer = await writer.change(MUTATION, kind, given, "id version modules { totalCount }")
    assert answer == {
        "__typename": "Account",
        "id": writer.world.own.id,
        "version": 1,
        "modules": {"totalCount": 2},
    }
    assert await ordered_rows(writer) == before
    assert await uses(superuser, shop.offer) == 0
    (entry,) = await writer.entries(3)
    assert (entry["action"], entry["reason"]) == (MUTATION, "Vergissing.")
    values = {field: (old, new) for field, old, new in entry["values"]}
    assert values.pop("TariffPeriod.moduleSubscriptionId") == (str(decode(id)[1]), None)
    assert values == {
        "TariffPeriod.tariffId": (str(shop.offer.id), None),
        "TariffPeriod.startsOn": (day(1), None),
        "TariffPeriod.agreedOn": (day(0), None),
        "ModuleSubscription.moduleId": (str(shop.module.id), None),
        "ModuleSubscription.startsOn": (day(1), None),
        "ModuleSubscription.data": (DATA, None),
    }
    # The contract stays, and the module can be ordered again.
    await order(writer, shop.given())


async def test_from_the_first_day_on_it_is_too_late(writer, shop):
    id = await order(writer, shop.by_offer())
    before = await writer.fingerprint()
    for kind in (Kind.OWNER, Kind.MANAGER):
        assert await writer.change(MUTATION, kind, {"id": id}) == refusal(
            problem("RULE_BROKEN", "input.id", STARTED.format(written(today())))
        )
    assert await writer.fingerprint() == before


async def test_the_contract_of_a_first_order_stays(writer, superuser, world, shop):
    await end_contract(superuser, world)
    given = shop.given(startsOn=day(1), contractPartner=PARTNER)
    id = await order(writer, given)
    await writer.change(MUTATION, Kind.OWNER, {"id": id})
    (refused,) = (await writer.change("orderModule", Kind.OWNER, given))["problems"]
    assert (refused["code"], refused["path"]) == ("RULE_BROKEN", ["input", "contractPartner"])
    await order(writer, shop.given(startsOn=day(1)))


async def test_a_public_tariff_has_no_use_to_give_back(writer, superuser, shop):
    id = await order(writer, shop.given(startsOn=day(1)))
    await writer.change(MUTATION, Kind.OWNER, {"id": id})
    async with superuser.connect() as connection:
        counted = sa.text("SELECT sum(offer_uses) FROM tariff WHERE module_id = :id")
        assert await connection.scalar(counted, {"id": shop.module.id}) == 0


async def test_of_two_who_withdraw_at_once_one_does(writer, superuser, shop):
    id = await order(writer, shop.by_offer(startsOn=day(1)))
    answers = await asyncio.gather(
        *(writer.change(MUTATION, kind, {"id": id}) for kind in (Kind.OWNER, Kind.MANAGER))
    )
    assert sorted(answers, key=lambda one: one["__typename"]) == [
        {"__typename": "Account", "version": 1},
        NOT_FOUND,
    ]
    assert (await uses(superuser, shop.offer), len(await writer.entries(3))) == (0, 1)


async def test_the_same_key_again_gives_the_same_answer(writer, shop):
    given = {"id": await order(writer, shop.given(startsOn=day(1))), "idempotencyKey": "k-1"}
    first = await writer.change(MUTATION, Kind.OWNER, given)
    assert first == {"__typename": "Account", "version": 1}
    assert await writer.change(MUTATION, Kind.OWNER, given) == first
    assert await writer.change(MUTATION, Kind.OWNER, {"id": given["id"]}) == NOT_FOUND
