"""Which prices a customer has on a day, and what they come to in a month."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from portal.clock import now
from portal.language.global_id import encode
from portal.models import Base, Tariff, TariffVersion
from portal.rules.catalogue.terms import BillingMode
from portal.viewer import Role
from tests import factories
from tests.api.asking import Api
from tests.api.conftest import CountStatements, Write
from tests.api.ordering import today

MONTHLY = BillingMode.MONTHLY_IN_ADVANCE
PRICE_LIST = (
    "{ validFrom sections { title { value } items { name { value } unitPrice billingMode } } }"
)
OF_MODULES = """query ($id: ID!, $day: Date) {
  account(id: $id) { modules { edges { node { priceList(on: $day) { validFrom } } } } }
}"""


@dataclass
class Customer:
    """An account with its owner, to which modules are added."""

    rows: list[Base]
    account_id: Any
    token: str
    modules: list[str] = field(default_factory=list)

    @classmethod
    def make(cls, **values: Any) -> "Customer":
        owner = factories.person()
        account, owning = factories.account(owner, **values)
        token, credential = factories.credential(Role.CUSTOMER, owner)
        return cls([owner, account, owning, credential], account.id, token)

    @property
    def id(self) -> str:
        return encode("Account", self.account_id)

    def tariff(self, *versions: tuple[date, date, Iterable[tuple[str, BillingMode]]]) -> Tariff:
        """Add a tariff with versions: two first days, and the items' prices and modes."""
        module = factories.module()
        tariff = factories.tariff(module)
        self.rows += [module, tariff]
        for valid_from, for_existing, items in versions:
            self.price(tariff, items, valid_from=valid_from, valid_from_for_existing=for_existing)
        return tariff

    def price(
        self, tariff: Tariff, items: Iterable[tuple[str, BillingMode]], **values: Any
    ) -> TariffVersion:
        version = factories.tariff_version(tariff, **values)
        section = factories.section(version, title="Fixed")
        self.rows += [version, section]
        self.rows += [
            factories.item(
                section,
                place,
                name=f"Item {place}",
                unit_price=Decimal(price.rstrip("*")),
                billing_mode=mode,
                is_additional_option=price.endswith("*"),
            )
            for place, (price, mode) in enumerate(items)
        ]
        return version

    def order(
        self, starts_on: date, *tariffs: tuple[Tariff, date, date], ends_on: date | None = None
    ) -> str:
        """Add a module under tariffs one after another: since when, and agreed when."""
        module = factories.module()
        values = {"starts_on": starts_on, "ends_on": ends_on}
        subscription = factories.module_subscription(self.account_id, module, **values)
        self.rows += [module, subscription]
        ends = [*(since - timedelta(days=1) for _, since, _ in tariffs[1:]), ends_on]
        self.rows += [
            factories.tariff_period(
                subscription, tariff, starts_on=since, ends_on=end, agreed_on=agreed
            )
            for (tariff, since, agreed), end in zip(tariffs, ends, strict=True)
        ]
        return encode("ModuleSubscription", subscription.id)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
async def raised(write: Write) -> tuple[Customer, str]:
    """A module of 2024 whose first tariff got dearer, and which changed its tariff in 2026."""
    customer = Customer.make()
    first = customer.tariff(
        (day("2020-01-01"), day("2020-01-01"), [("10", MONTHLY)]),
        (day("2024-06-01"), day("2025-01-01"), [("12", MONTHLY)]),
    )
    second = customer.tariff(
        (day("2025-01-01"), day("2025-01-01"), [("20", MONTHLY), ("7.5", BillingMode.PER_USE)]),
        (day("2025-12-01"), day("2099-01-01"), [("25", MONTHLY)]),
        (day("2026-02-01"), day("2099-06-01"), [("30", MONTHLY)]),
    )
    module = customer.order(
        day("2024-03-01"),
        (first, day("2024-03-01"), day("2024-02-01")),
        (second, day("2026-03-01"), day("2026-01-15")),
        ends_on=day("2026-06-30"),
    )
    await write(*customer.rows)
    return customer, module


@pytest.mark.parametrize(
    ("on", "price"),
    [
        ("2024-03-01", "10.00"),
        ("2024-12-31", "10.00"),
        # The day from which existing customers pay more.
        ("2025-01-01", "12.00"),
        ("2026-02-28", "12.00"),
        # The version of the day it was agreed, not the first nor the one of the first day.
        ("2026-03-01", "25.00"),
        ("2026-06-30", "25.00"),
    ],
)
async def test_the_prices_of_a_day_are_those_in_force_for_this_customer(
    api: Api, raised: tuple[Customer, str], on: str, price: str
):
    customer, module = raised
    answer = await api(
        "query ($id: ID!, $day: Date) { node(id: $id) { ... on ModuleSubscription"
        f" {{ priceList(on: $day) {PRICE_LIST} }} }} }}",
        customer.token,
        id=module,
        day=on,
    )
    (section,) = answer["data"]["node"]["priceList"]["sections"]
    assert section["items"][0] == {
        "name": {"value": "Item 0"},
        "unitPrice": price,
        "billingMode": "MONTHLY_IN_ADVANCE",
    }


async def test_one_operation_may_ask_for_several_days(api: Api, raised: tuple[Customer, str]):
    customer, module = raised
    answer = await api(
        "query ($id: ID!) { node(id: $id) { ... on ModuleSubscription {"
        ' old: priceList(on: "2024-05-01") { validFrom }'
        ' new: priceList(on: "2026-05-01") { validFrom }'
        " last: priceList { validFrom }"
        " null: priceList(on: null) { validFrom } } } }",
        customer.token,
        id=module,
    )
    assert answer == {
        "data": {
            "node": {
                "old": {"validFrom": "2020-01-01"},
                "new": {"validFrom": "2025-12-01"},
                # It is over, so the last day speaks.
                "last": {"validFrom": "2025-12-01"},
                "null": {"validFrom": "2025-12-01"},
            }
        }
    }


@pytest.mark.parametrize(
    ("on", "code", "message"),
    [
        ("2024-02-29", "RULE_BROKEN", "29 February 2024 is before the first day, 1 March 2024."),
        ("2026-07-01", "RULE_BROKEN", "1 July 2026 is after the last day, 30 June 2026."),
        ("1899-12-31", "INVALID_INPUT", "Must be a day from 1 January 1900 to 31 December 2199."),
        ("2200-01-01", "INVALID_INPUT", "Must be a day from 1 January 1900 to 31 December 2199."),
    ],
)
async def test_a_day_outside_the_run_has_no_prices_and_says_why(
    api: Api, raised: tuple[Customer, str], on: str, code: str, message: str
):
    customer, _ = raised
    answer = await api(OF_MODULES, customer.token, id=customer.id, day=on)
    (edge,) = answer["data"]["account"]["modules"]["edges"]
    assert edge == {"node": {"priceList": None}}
    (error,) = answer["errors"]
    assert error["message"] == message
    assert error["path"] == ["account", "modules", "edges", 0, "node", "priceList"]
    assert (error["extensions"]["code"], error["extensions"]["inputPath"]) == (code, ["on"])


async def test_before_the_first_day_the_prices_of_that_day_are_shown(api: Api, write: Write):
    customer = Customer.make()
    present = today()
    begins = present + timedelta(days=90)
    tariff = customer.tariff(
        (day("2020-01-01"), day("2020-01-01"), [("10", MONTHLY)]),
        (present + timedelta(days=30), begins, [("12", MONTHLY)]),
        (present + timedelta(days=31), begins + timedelta(days=1), [("14", MONTHLY)]),
    )
    customer.order(begins, (tariff, begins, present))
    await write(*customer.rows)
    answer = await api(OF_MODULES, customer.token, id=customer.id)
    (edge,) = answer["data"]["account"]["modules"]["edges"]
    assert edge["node"] == {"priceList": {"validFrom": (present + timedelta(days=30)).isoformat()}}


async def test_twenty_modules_cost_the_prices_one_statement(
    standard_api: Api, write: Write, count_statements: CountStatements
):
    customer = Customer.make()
    for _ in range(20):
        tariff = customer.tariff((day("2020-01-01"), day("2020-01-01"), [("10", MONTHLY)]))
        customer.order(day("2024-01-01"), (tariff, day("2024-01-01"), day("2024-01-01")))
    await write(*customer.rows)
    with count_statements() as sent:
        answer = await standard_api(OF_MODULES, customer.token, id=customer.id, day="2024-05-01")
    assert len(answer["data"]["account"]["modules"]["edges"]) == 20
    # The look-up of the token, the account, its modules, their prices.
    assert len(sent) == 4


@pytest.mark.parametrize(
    ("items", "total"),
    [
        ([], "0.00"),
        ([("12.50", MONTHLY), ("1.25", BillingMode.MONTHLY)], "13.75"),
        (
            [("30", BillingMode.QUARTERLY_IN_ADVANCE), ("60", BillingMode.YEARLY_IN_ADVANCE)],
            "15.00",
        ),
        ([("99", BillingMode.AT_ONCE), ("3", BillingMode.PER_USE), ("29*", MONTHLY)], "0.00"),
        # Half up, each line for itself: 0.005 is a cent, three times a third of one are nothing.
        ([("0.06", BillingMode.YEARLY_IN_ADVANCE)], "0.01"),
        ([("0.059999", BillingMode.YEARLY_IN_ADVANCE)], "0.00"),
        ([("0.01", BillingMode.QUARTERLY_IN_ADVANCE)] * 3, "0.00"),
        ([("0.06", BillingMode.YEARLY_IN_ADVANCE)] * 3, "0.03"),
        ([("-0.06", BillingMode.YEARLY_IN_ADVANCE), ("5", MONTHLY)], "4.99"),
        ([("0.125", MONTHLY)] * 2, "0.26"),
        ([("9999999.999999", MONTHLY)] * 3, "30000000.00"),
    ],
)
async def test_what_comes_back_is_added_up_by_the_month(
    api: Api, write: Write, items: list[tuple[str, BillingMode]], total: str
):
    customer = Customer.make()
    tariff = customer.tariff((day("2020-01-01"), day("2020-01-01"), items))
    customer.order(day("2024-01-01"), (tariff, day("2024-01-01"), day("2024-01-01")))
    await write(*customer.rows)
    assert await total_of(api, customer) == total


async def test_totals_are_the_sums_of_what_is_shown(api: Api, write: Write):
    """Lines of six decimals, whose exact sums are other ones."""
    customer, began = Customer.make(), day("2024-01-01")
    customer.rows.append(factories.contract(customer.account_id, starts_on_override=None))
    modes = (MONTHLY, BillingMode.QUARTERLY_IN_ADVANCE, BillingMode.YEARLY_IN_ADVANCE)
    for number in range(4):
        items = [
            (f"{place}.{(number * 977 + place * 131) % 1000:03}005", modes[(number + place) % 3])
            for place in range(7)
        ]
        tariff = customer.tariff((began, began, [*items, ("77.77", BillingMode.PER_USE)]))
        customer.order(began, (tariff, began, began))
    await write(*customer.rows)
    answer = await api(SHOWN, customer.token, id=customer.id)
    account = answer["data"]["account"]
    modules = [edge["node"] for edge in account["modules"]["edges"]]
    costs = [Decimal(one["monthlyCost"]) for node in modules for one in node["options"]]
    assert costs == [sum(map(a_month, lines_of(node)), Decimal()) for node in modules]
    assert account["monthlyTotal"] == str(sum(costs))
    for node, cost in zip(modules, costs, strict=True):
        preview = await api(PREVIEW, customer.token, id=node["id"])
        assert preview["data"]["previewNotice"]["monthlyBefore"] == str(cost)
    exact = sum(line[0] * line[1] for node in modules for line in lines_of(node)) / 12
    assert abs(exact - sum(costs)) > Decimal("0.01")


SHOWN = """query ($id: ID!) { account(id: $id) { monthlyTotal modules { edges { node { id
  options: cancellationOptions(first: 1) { monthlyCost }
  priceList { sections { items { unitPrice billingMode } } } } } } } }"""
PREVIEW = """mutation ($id: ID!) {
  previewNotice(input: { id: $id }) { ... on Preview { monthlyBefore } }
}"""
TIMES = {
    "MONTHLY_IN_ADVANCE": 12,
    "QUARTERLY_IN_ADVANCE": 4,
    "YEARLY_IN_ADVANCE": 1,
    "PER_USE": 0,
}


def lines_of(module: dict[str, Any]) -> list[tuple[Decimal, int]]:
    """Give the price and the payments a year of each line that is shown."""
    return [
        (Decimal(item["unitPrice"]), TIMES[item["billingMode"]])
        for section in module["priceList"]["sections"]
        for item in section["items"]
    ]


def a_month(line: tuple[Decimal, int]) -> Decimal:
    price, times = line
    return (price * times / 12).quantize(Decimal("0.01"), ROUND_HALF_UP)


async def test_the_total_counts_modules_that_run_today_under_todays_tariff(api: Api, write: Write):
    customer, present, one_day = Customer.make(), today(), timedelta(days=1)

    def tariff(price: str) -> Tariff:
        return customer.tariff((day("2020-01-01"), day("2020-01-01"), [(price, MONTHLY)]))

    began = day("2024-01-01")
    changing = (tariff("1"), began, began), (tariff("2"), present, began)
    customer.order(began, *changing)
    customer.order(began, (tariff("4"), began, began), (tariff("8"), present + one_day, began))
    customer.order(began, (tariff("16"), began, began), ends_on=present)
    customer.order(began, (tariff("32"), began, began), ends_on=present - one_day)
    customer.order(present, (tariff("64"), present, began))
    customer.order(present + one_day, (tariff("128"), present + one_day, began))
    dearer = customer.tariff(
        (day("2020-01-01"), day("2020-01-01"), [("256", MONTHLY)]),
        (day("2024-06-01"), present, [("512", MONTHLY)]),
        (day("2024-07-01"), present + one_day, [("1024", MONTHLY)]),
    )
    customer.order(began, (dearer, began, began))
    other = Customer.make()
    other.order(began, (tariff("2048"), began, began))
    await write(*customer.rows, *other.rows)
    assert await total_of(api, customer) == f"{2 + 4 + 16 + 64 + 512}.00"
    assert await total_of(api, other) == "2048.00"


async def test_the_total_follows_the_accounts_own_day(api: Api, write: Write):
    totals = []
    for zone in ("Pacific/Pago_Pago", "Pacific/Kiritimati"):
        customer = Customer.make(time_zone=zone)
        tariff = customer.tariff((day("2020-01-01"), day("2020-01-01"), [("5", MONTHLY)]))
        # Kiritimati is 25 hours ahead of Pago Pago: never the same day.
        last = (now() - timedelta(hours=11)).date()
        customer.order(day("2024-01-01"), (tariff, day("2024-01-01"), last), ends_on=last)
        await write(*customer.rows)
        totals.append(await total_of(api, customer))
    assert totals == ["5.00", "0.00"]


async def total_of(api: Api, customer: Customer) -> str:
    answer = await api(
        "query ($id: ID!) { account(id: $id) { monthlyTotal } }", customer.token, id=customer.id
    )
    total: str = answer["data"]["account"]["monthlyTotal"]
    return total
