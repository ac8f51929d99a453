"""What an item costs on a day is the same in SQL and in Python, with the same reasons."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import aliased

from portal.actions.modules import agreed_price_list
from portal.actions.modules.cost import cost_lines, monthly_cost
from portal.database.addresses import Addresses
from portal.models import (
    AgreedItem,
    AgreedPriceList,
    AgreedPriceListSection,
    Base,
    CostLine,
    ModuleSubscription,
)
from portal.rules.catalogue.terms import BillingMode
from portal.rules.contract.vat import VatTreatment
from portal.rules.modules import item_price
from portal.rules.modules.cost import Agreed, Count, Priced, PricedItem, PricedPeriod, PriceList
from portal.rules.modules.special_agreement import AgreementKind
from tests import factories

FIRST = date(2024, 1, 1)
LAST = 40
KEYS = ("BASE", "SEAT", "EXTRA")
OPTION_KEYS = ("SATURDAY",)
PRICES = st.decimals(-(10**7), 10**7, places=6) | st.sampled_from(
    [Decimal(text) for text in ("0", "0.06", "0.059999", "0.005", "12.345678", "9999999.999999")]
)
MODES = st.sampled_from(BillingMode)
QUANTITIES = st.integers(1, 3) | st.just(1_000_000)
PERCENTS = st.decimals("0.01", 100, places=2)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def spans(draw: st.DrawFn, most: int) -> list[tuple[date, date | None]]:
    """Draw spans of days that do not meet; the last one may have no end."""
    turns = sorted(draw(st.sets(st.integers(-5, LAST + 5), max_size=2 * most)))
    found: list[tuple[date, date | None]] = [
        (day(first), day(last)) for first, last in zip(turns[::2], turns[1::2], strict=False)
    ]
    if len(turns) % 2:
        found.append((day(turns[-1]), None))
    return found


@st.composite
def price_lists(draw: st.DrawFn) -> tuple[PriceList, ...]:
    """Draw versions of a tariff, each with some of the keys."""
    firsts = sorted(draw(st.sets(st.integers(-20, LAST), min_size=1, max_size=3)))
    return tuple(
        PriceList(
            day(first),
            day(first + draw(st.integers(0, 20))),
            tuple(
                PricedItem(
                    key, draw(PRICES), draw(st.sampled_from(BillingMode)), key in OPTION_KEYS
                )
                for key in draw(st.permutations([*KEYS, *OPTION_KEYS]))[: draw(st.integers(0, 5))]
            ),
        )
        for first in firsts
    )


@st.composite
def periods(draw: st.DrawFn) -> tuple[PricedPeriod, ...]:
    """Draw tariffs one after another, the last one mostly without an end."""
    turns = [0, *sorted(draw(st.sets(st.integers(1, LAST - 1), max_size=2)))]
    ends = [*(turn - 1 for turn in turns[1:]), draw(st.none() | st.integers(turns[-1], LAST))]
    return tuple(
        PricedPeriod(
            day(first),
            None if last is None else day(last),
            day(first - draw(st.integers(0, 10))),
            draw(price_lists()),
        )
        for first, last in zip(turns, ends, strict=True)
    )


@st.composite
def counts(draw: st.DrawFn, keys: tuple[str, ...]) -> list[Count]:
    return [
        Count(key, draw(QUANTITIES), first, last) for key in keys for first, last in draw(spans(2))
    ]


@st.composite
def agreements(draw: st.DrawFn) -> list[Agreed]:
    """Draw agreements of each kind, about items and about the whole module."""
    values = {
        AgreementKind.UNIT_PRICE: ("unit_price", PRICES),
        AgreementKind.DISCOUNT: ("discount_percent", PERCENTS),
        AgreementKind.VAT_TREATMENT: ("vat_treatment", st.sampled_from(VatTreatment)),
    }
    targets = st.sets(st.sampled_from([None, *KEYS, *OPTION_KEYS]), max_size=3)
    return [
        Agreed(kind, key, first, last, **{name: draw(value)})  # type: ignore[arg-type]
        for kind, (name, value) in values.items()
        for key in draw(targets)
        for first, last in draw(spans(1))
    ]


PRICED = st.builds(
    Priced, periods=periods(), quantities=counts(KEYS), options=counts(OPTION_KEYS),
    agreements=agreements(),
)  # fmt: skip


def rows_of(priced: Priced) -> Iterator[Base]:
    """Give the rows that say the same; the subscription comes first."""
    owner = factories.person()
    account, member = factories.account(owner)
    module = factories.module()
    last = priced.periods[-1].ends_on
    subscription = factories.module_subscription(
        account.id, module, starts_on=priced.periods[0].starts_on, ends_on=last
    )
    yield from (subscription, owner, account, member, module)
    for period in priced.periods:
        tariff = factories.tariff(module)
        days = {"starts_on": period.starts_on, "ends_on": period.ends_on}
        yield from (
            tariff,
            factories.tariff_period(subscription, tariff, **days, agreed_on=period.agreed_on),
        )
        for prices in period.price_lists:
            yield from _price_list_rows(tariff, prices)
    for made, counted in (
        (factories.item_quantity, priced.quantities),
        (factories.booked_option, priced.options),
    ):
        for one in counted:
            values = {"starts_on": one.starts_on, "ends_on": one.ends_on}
            yield made(subscription, one.item_key, one.quantity, **values)
    for agreed in priced.agreements:
        values = {field.name: getattr(agreed, field.name) for field in fields(Agreed)}
        yield factories.special_agreement(account.id, module, **values)


def _price_list_rows(tariff: Any, prices: PriceList) -> Iterator[Base]:
    version = factories.tariff_version(
        tariff,
        valid_from=prices.valid_from,
        valid_from_for_existing=prices.valid_from_for_existing,
    )
    section = factories.section(version)
    yield from (version, section)
    for place, one in enumerate(prices.items):
        yield factories.item(
            section,
            place,
            key=one.key,
            is_additional_option=one.is_additional_option,
            unit_price=one.unit_price,
            billing_mode=one.billing_mode,
        )


@pytest.fixture(scope="module")
async def engine(addresses: Addresses) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(addresses.owner)
    yield engine
    await engine.dispose()


@settings(max_examples=25)
@given(priced=PRICED, on=st.lists(st.integers(-2, LAST + 2), min_size=1, max_size=4))
async def test_sql_and_python_give_the_same_lines(engine, priced, on):
    async with AsyncSession(engine) as session, session.begin() as transaction:
        subscription, *others = rows_of(priced)
        await write(session, [subscription, *others])
        turns = priced.turns()
        for today in {
            *map(day, on),
            turns[0] - timedelta(days=1),
            turns[-1],
            turns[len(turns) // 2],
        }:
            expected = priced.lines(today)
            assert await lines_in_sql(session, subscription.id, today) == expected
            assert await prices_in_sql(session, subscription.id, today) == priced.prices(today)
            total = await monthly_cost(session, subscription, today)
            assert total == priced.monthly_cost(today)
            amounts = [one.monthly_amount for one in expected if one.monthly_amount is not None]
            assert total == sum(amounts)
        await transaction.rollback()


def lines_of_day() -> sa.Select[Any]:
    subscription = aliased(ModuleSubscription)
    selected = cost_lines(subscription, sa.bindparam("day", type_=sa.Date()))
    line = aliased(CostLine, selected.lateral(), adapt_on_names=True)
    return (
        sa.select(line)
        .join_from(subscription, line, sa.true())
        .where(subscription.id == sa.bindparam("id", type_=sa.Uuid()))
        .order_by(line.section_position, line.position)
    )


def prices_of_day() -> sa.Select[Any]:
    subscription = aliased(ModuleSubscription)
    day = sa.bindparam("day", type_=sa.Date())
    prices = aliased(
        AgreedPriceList,
        agreed_price_list.price_list(subscription, day).lateral(),
        adapt_on_names=True,
    )
    section = aliased(
        AgreedPriceListSection, agreed_price_list.sections(prices).lateral(), adapt_on_names=True
    )
    item = aliased(AgreedItem, agreed_price_list.items(section).lateral(), adapt_on_names=True)
    return (
        sa.select(item)
        .join_from(subscription, prices, sa.true())
        .join(section, sa.true())
        .join(item, sa.true())
        .where(subscription.id == sa.bindparam("id", type_=sa.Uuid()))
        .order_by(section.position, item.position)
    )


LINES, PRICE_LIST = lines_of_day(), prices_of_day()
PLACES = {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}


async def write(session: AsyncSession, rows: list[Base]) -> None:
    """Write rows, those first that others refer to."""
    for table in sorted({row.__tablename__ for row in rows}, key=PLACES.__getitem__):
        session.add_all([row for row in rows if row.__tablename__ == table])
        await session.flush()


async def lines_in_sql(session: AsyncSession, id: Any, today: date) -> list[item_price.CostLine]:
    """Read the lines of a day as the engine in SQL has them, and what it says that they come to."""
    rows = (await session.scalars(LINES, {"id": id, "day": today})).all()
    names = [field.name for field in fields(item_price.CostLine)]
    lines = [item_price.CostLine(**{name: getattr(row, name) for name in names}) for row in rows]
    for row, one in zip(rows, lines, strict=True):
        assert (row.agreed_price, row.monthly_amount) == (one.agreed_price, one.monthly_amount)
        session.expunge(row)
    return lines


async def prices_in_sql(session: AsyncSession, id: Any, today: date) -> list[item_price.ItemPrice]:
    """Read what one of each item costs on a day, as the price list of a customer has it."""
    rows = (await session.scalars(PRICE_LIST, {"id": id, "day": today})).all()
    names = [field.name for field in fields(item_price.ItemPrice)]
    prices = [item_price.ItemPrice(**{name: getattr(row, name) for name in names}) for row in rows]
    for row, one in zip(rows, prices, strict=True):
        assert row.agreed_price == one.agreed_price
        session.expunge(row)
    return prices


async def test_a_price_is_that_of_the_item_before_that_of_the_module():
    whole = Agreed(AgreementKind.UNIT_PRICE, None, day(0), unit_price=Decimal(8))
    own = Agreed(AgreementKind.UNIT_PRICE, "BASE", day(5), day(9), unit_price=Decimal(6))
    discount = Agreed(AgreementKind.DISCOUNT, None, day(7), discount_percent=Decimal("12.5"))
    items = (PricedItem("BASE", Decimal(10), BillingMode.MONTHLY),)
    period = PricedPeriod(day(0), None, day(0), (PriceList(day(0), day(0), items),))
    priced = Priced([period], [Count("BASE", 3, day(8))], [], [discount, whole, own])
    costs = {number: str(priced.monthly_cost(day(number))) for number in (0, 5, 7, 8, 9, 10)}
    assert costs == {0: "8.00", 5: "6.00", 7: "5.25", 8: "15.75", 9: "15.75", 10: "21.00"}
