"""orderModule with quantities: how many of each item there are from the first day on."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from portal.rules.catalogue.terms import BillingMode
from tests import factories
from tests.api.ordering import day, open_shop
from tests.api.previewing import SHOWN, Previewed
from tests.world import Kind
from tests.writing import problem, refusal

ORDER = "orderModule"
MONTHLY = BillingMode.MONTHLY_IN_ADVANCE


@pytest.fixture
async def shop(superuser, world):
    """What there is to order: seats, a set-up and calls, and an option."""
    shop = await open_shop(superuser, world)
    async with superuser.connect() as connection:
        id = await connection.scalar(
            sa.text("SELECT id FROM tariff_version WHERE tariff_id = :id"), {"id": shop.public.id}
        )
    version = factories.tariff_version(shop.public, id=id)
    section = factories.section(version)
    items = [
        factories.item(
            section,
            place,
            key=key,
            unit_price=Decimal(price),
            billing_mode=mode,
            is_additional_option=key == "SATURDAY",
        )
        for place, (key, price, mode) in enumerate(
            [
                ("SEAT", "4.50", MONTHLY),
                ("SETUP", "95", BillingMode.AT_ONCE),
                ("CALL", "0.5", BillingMode.PER_USE),
                ("SATURDAY", "29", MONTHLY),
            ]
        )
    ]
    await factories.write(superuser, [section, *items])
    return shop


def of(**quantities: int) -> list[dict[str, Any]]:
    return [{"itemKey": key, "quantity": number} for key, number in quantities.items()]


async def test_what_is_ordered_so_often_costs_so_often(writer, shop):
    given = shop.given(startsOn=day(3), quantities=of(SEAT=4, SETUP=2))
    previewed = Previewed(writer, ORDER, "previewOrder", writer.world.own.id)
    shown = await previewed.show(given, fields=SHOWN)
    assert shown["monthlyAfter"] == "18.00"
    answer = await previewed.make(
        given,
        shown["token"],
        fields="quantities { itemKey quantity startsOn endsOn askedBy reasons { rule } }"
        " costs { key quantity monthlyAmount }",
    )
    row = {"startsOn": day(3), "endsOn": None, "askedBy": "CUSTOMER", "reasons": []}
    assert answer["quantities"] == [
        {"itemKey": "SEAT", "quantity": 4} | row,
        {"itemKey": "SETUP", "quantity": 2} | row,
    ]
    assert answer["costs"] == [
        {"key": "SEAT", "quantity": 4, "monthlyAmount": "18.00"},
        {"key": "SETUP", "quantity": 2, "monthlyAmount": None},
        {"key": "CALL", "quantity": 1, "monthlyAmount": None},
    ]


async def test_each_fault_is_told_and_nothing_is_ordered(writer, shop):
    before = await writer.rows()
    quantities = of(SEAT=0, CALL=2, SATURDAY=2, NONE=2) + of(SETUP=1) + of(SETUP=1)
    answer = await writer.change(ORDER, Kind.OWNER, shop.given(quantities=quantities))
    unknown = "The price list of that day has no such item."
    assert answer == refusal(
        fault("INVALID_INPUT", "0.quantity", "Must be from 1 to 1,000,000."),
        fault("RULE_BROKEN", "1.itemKey", "This item is billed by use: it has no quantity."),
        fault("NOT_FOUND", "2.itemKey", unknown),
        fault("NOT_FOUND", "3.itemKey", unknown),
        fault("RULE_BROKEN", "5.itemKey", "This item is named twice."),
    )
    assert await writer.rows() == before


def fault(code: str, path: str, message: str) -> dict[str, Any]:
    return problem(code, f"input.quantities.{path}", message)


async def test_a_withdrawn_order_leaves_no_quantity(writer, shop):
    before = await writer.rows()
    given = shop.given(startsOn=day(3), quantities=of(SEAT=4))
    answer = await writer.change(ORDER, Kind.OWNER, given, "id")
    answer = await writer.change("withdrawOrder", Kind.OWNER, {"id": answer["id"]}, "id")
    assert answer["__typename"] == "Account"
    assert "subscription_item_quantity" not in await writer.written_since(before)
