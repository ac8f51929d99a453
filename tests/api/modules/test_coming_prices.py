"""Prices that are published already when somebody orders: told at the order, and their end too."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.announcement import run_batch
from portal.clock import now
from portal.jobs.worker import worker_engine
from portal.language.messages import day
from portal.rules.address import PartyKind
from portal.rules.catalogue.price_rise import SpecialRight
from portal.rules.catalogue.terms import BillingMode
from portal.viewer import Language
from tests import factories
from tests.api.modules.test_version_jobs import mails
from tests.api.ordering import open_shop, today
from tests.api.previewing import Previewed
from tests.api.publishing import IN_30_DAYS, Offered, become


@pytest.fixture
async def shop(writer, world):
    """A tariff of 10.00, and of 12.00 in thirty days, as is published."""
    shop = await open_shop(writer.superuser, world)
    async with writer.superuser.connect() as connection:
        find = sa.text("SELECT id FROM tariff_version WHERE tariff_id = :id")
        present = await connection.scalar(find, {"id": shop.public.id})
    coming = factories.tariff_version(
        shop.public,
        valid_from=IN_30_DAYS,
        valid_from_for_existing=IN_30_DAYS,
        special_right=SpecialRight.CONSUMERS,
    )
    rows: list[Any] = [coming]
    versions = ((factories.tariff_version(shop.public, id=present), "10"), (coming, "12"))
    for version, price in versions:
        section = factories.section(version)
        monthly = BillingMode.MONTHLY
        item = factories.item(section, key="BASE", unit_price=Decimal(price), billing_mode=monthly)
        rows += [section, item]
    await factories.write(writer.superuser, rows)
    return shop, coming


async def test_an_order_says_what_comes_and_whoever_agreed_may_leave_before(
    writer, world, superuser, addresses, shop
):
    shop, coming = shop
    await become(writer, world.own, PartyKind.CONSUMER)
    order = Previewed(writer, "orderModule", "previewOrder", world.own.id)
    shown = await order.show(shop.given(), fields="monthlyAfter coming { startsOn monthly }")
    expected = [{"startsOn": str(IN_30_DAYS), "monthly": "12.00"}]
    assert (shown["monthlyAfter"], shown["coming"]) == ("10.00", expected)
    options = "id cancellationOptions(first: 1) { lastDay reasons { rule } }"
    made = await order.make(shop.given(), shown["token"], fields=options)
    async with superuser.connect() as connection:
        (text,) = await connection.scalars(
            sa.text(
                "SELECT o.text FROM outbox o JOIN message m ON m.id = o.message_id"
                " WHERE o.account_id = :id AND m.kind = 'ORDER_CONFIRMATION'"
            ),
            {"id": world.own.account_id},
        )
    told = text.replace("\N{NO-BREAK SPACE}", " ")
    comes = f"Prijs per maand vanaf {day(IN_30_DAYS, Language.NL)}, zonder btw: € 12,00"
    assert f"zonder btw: € 10,00\n\n{comes}\n" in told
    # The special right is theirs too.
    (first,) = made["cancellationOptions"]
    assert first["lastDay"] == str(IN_30_DAYS - timedelta(days=1))
    withdrawn = await Offered(shop.module, shop.public, coming, writer).send("withdrawVersion")
    assert withdrawn["customers"] == 1
    async with superuser.connect() as connection:
        find = sa.text("SELECT id FROM version_job WHERE tariff_version_id = :id")
        job_id = await connection.scalar(find, {"id": coming.id})
    engine = worker_engine(addresses)
    async with AsyncSession(engine) as session, session.begin():
        await run_batch(session, job_id, now())
    await engine.dispose()
    ((to, subject, _),) = await mails(superuser, world.own)
    assert to == world.own.owner.email
    assert subject == f"The prices for {shop.module.name} stay as they are"


async def test_what_comes_before_the_first_day_is_the_price_of_the_order(writer, world, shop):
    shop, _ = shop
    order = Previewed(writer, "orderModule", "previewOrder", world.own.id)
    later = shop.given(startsOn=str(today() + timedelta(days=60)))
    shown = await order.show(later, fields="monthlyAfter coming { startsOn }")
    assert (shown["monthlyAfter"], shown["coming"]) == ("12.00", [])
