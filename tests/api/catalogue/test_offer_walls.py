"""Offers behind the second wall: what a customer's database role can do by itself."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from portal.database.engines import set_viewer
from portal.viewer import Grant, Role, Viewer
from tests.api.ordering import change_offer, open_shop, today, uses

USE = sa.text("SELECT tariff_id FROM use_offer(:number, :module, :today)")
TAKE = sa.text("UPDATE tariff_period SET tariff_id = :tariff WHERE id = :id")
GIVE_BACK = sa.text("SELECT give_offer_back(:id)")


@pytest.fixture
async def shop(superuser, world):
    return await open_shop(superuser, world)


@pytest.fixture
async def customer(database, world):
    """A transaction as customers have it, of the owner of the account at hand."""
    grants = {world.own.account_id: Grant()}
    viewer = Viewer(Role.CUSTOMER, world.own.owner.id, "Owner", grants=grants)
    async with database.app.connect() as connection:
        await set_viewer(connection, viewer)
        yield connection


async def test_an_offer_is_neither_seen_nor_written(customer, shop):
    seen = sa.text("SELECT id FROM tariff WHERE module_id = :module")
    found = await customer.scalars(seen, {"module": shop.module.id})
    assert found.all() == [shop.public.id]
    with pytest.raises(ProgrammingError, match="permission denied for table tariff"):
        await customer.execute(sa.text("UPDATE tariff SET offer_uses = 0"))


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({}, True),
        ({"offer_expires_on": timedelta(0)}, True),
        ({"offer_expires_on": timedelta(days=-1)}, False),
        ({"offer_most_uses": 3, "offer_uses": 2}, True),
        ({"offer_most_uses": 3, "offer_uses": 3}, False),
        ({"offer_number": "another"}, False),
    ],
)
async def test_the_function_counts_what_it_gives(customer, superuser, shop, limits, found):
    day = today()
    given = {"number": shop.offer.offer_number, "module": shop.module.id, "today": day}
    if "offer_number" in limits:
        limits = {"offer_number": f"{shop.offer.offer_number}-2"}
    if "offer_expires_on" in limits:
        limits = {"offer_expires_on": day + limits["offer_expires_on"]}
    if limits:
        await change_offer(superuser, shop.offer, **limits)
    tariffs = (await customer.scalars(USE, given)).all()
    await customer.commit()
    assert tariffs == ([shop.offer.id] if found else [])
    assert await uses(superuser, shop.offer) == limits.get("offer_uses", 0) + found


@pytest.mark.parametrize(("name", "left"), [("own", 0), ("foreign", 1)])
async def test_a_use_is_given_back_by_its_own_account(customer, superuser, world, shop, name, left):
    await change_offer(superuser, shop.offer, offer_uses=1)
    period = next(row for row in getattr(world, name).rows if row.__tablename__ == "tariff_period")
    async with superuser.begin() as connection:
        await connection.execute(TAKE, {"tariff": shop.offer.id, "id": period.id})
    await customer.execute(GIVE_BACK, {"id": period.id})
    await customer.commit()
    assert await uses(superuser, shop.offer) == left
