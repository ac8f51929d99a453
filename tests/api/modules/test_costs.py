"""What each item of a module costs its customer, and why."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.rules.contract.vat import VatTreatment
from portal.rules.modules.special_agreement import AgreementKind
from portal.viewer import Role, Scope
from tests import factories
from tests.api.asking import Api
from tests.api.conftest import CountStatements, Write
from tests.api.ordering import today
from tests.api.pricing import MONTHLY, ONCE, USED, YEARLY, Pricing

OPTION = "SATURDAY"
COSTS = """query ($id: ID!, $day: Date) { node(id: $id) { ... on ModuleSubscription {
  costs(on: $day) { key name { value } unit { value } isAdditionalOption
    quantity unitPrice agreedPrice discountPercent
    vatCategory vatTreatment billingMode monthlyAmount reasons { rule since sentence } } } } }"""
SHORT = """query ($id: ID!) { node(id: $id) { ... on ModuleSubscription {
  costs { key quantity unitPrice agreedPrice monthlyAmount } } } }"""


@pytest.fixture
async def priced(write: Write) -> Pricing:
    """A module with a quantity, an option, and an agreement of each kind, one after another."""
    fixed = [("BASE", "39", MONTHLY), ("SEAT", "4.5", MONTHLY), ("SETUP", "95", ONCE)]
    used = [("CALL", "0.085", USED), (f"{OPTION}*", "29", MONTHLY)]
    priced = Pricing([fixed, used, [("SIGN", "24", YEARLY)]], {})
    priced.rows += [
        factories.item_quantity(priced.subscription, "SEAT", 7, starts_on=date(2024, 3, 1)),
        factories.booked_option(priced.subscription, OPTION, 2, starts_on=date(2024, 4, 1)),
    ]
    price, percent = Decimal("3.333333"), Decimal("12.5")
    priced.agree(AgreementKind.UNIT_PRICE, "SEAT", unit_price=price, starts_on=date(2024, 5, 1))
    priced.agree(AgreementKind.DISCOUNT, discount_percent=percent, starts_on=date(2024, 6, 1))
    priced.agree(
        AgreementKind.VAT_TREATMENT,
        "SIGN",
        vat_treatment=VatTreatment.NOT_TAXABLE,
        starts_on=date(2024, 7, 1),
    )
    await write(*priced.rows)
    return priced


async def lines_of(api: Api, priced: Pricing, on: str | None = None) -> dict[str, dict[str, Any]]:
    answer = await api(COSTS, priced.token, id=priced.id, day=on)
    assert "errors" not in answer
    return {line["key"]: line for line in answer["data"]["node"]["costs"]}


async def test_a_line_says_what_it_costs_and_why(api: Api, priced: Pricing):
    lines = await lines_of(api, priced)
    assert list(lines) == ["BASE", "SEAT", "SETUP", "CALL", OPTION, "SIGN"]
    assert lines["SEAT"] == {
        "key": "SEAT",
        "name": {"value": "Seat"},
        "unit": {"value": "month"},
        "isAdditionalOption": False,
        "quantity": 7,
        "unitPrice": "4.50",
        "agreedPrice": "2.916666",
        "discountPercent": "12.50",
        "vatCategory": "STANDARD",
        "vatTreatment": None,
        "billingMode": "MONTHLY",
        "monthlyAmount": "20.42",
        "reasons": [
            reason(
                "PRICE_LIST", "2024-01-01", "The price list says €4.50, from 1 January 2024 on."
            ),
            reason("QUANTITY", "2024-03-01", "There are 7 of it from 1 March 2024 on."),
            reason(
                "SPECIAL_PRICE", "2024-05-01", "A price of €3.333333 is agreed from 1 May 2024 on."
            ),
            reason(
                "DISCOUNT",
                "2024-06-01",
                "A discount of 12.5 per cent is agreed from 1 June 2024 on.",
            ),
        ],
    }
    assert lines["SIGN"]["vatTreatment"] == "NOT_TAXABLE"
    assert lines["SIGN"]["reasons"][-1] == reason(
        "SPECIAL_VAT_TREATMENT",
        "2024-07-01",
        "Another VAT treatment is agreed from 1 July 2024 on: not taxable.",
    )
    assert lines[OPTION]["reasons"][1] == reason(
        "ADDITIONAL_OPTION", "2024-04-01", "Booked separately, 2 of it from 1 April 2024 on."
    )
    assert {key: line["monthlyAmount"] for key, line in lines.items()} == {
        "BASE": "34.13",
        "SEAT": "20.42",
        "SETUP": None,
        "CALL": None,
        OPTION: "50.75",
        "SIGN": "1.75",
    }
    assert lines["CALL"]["agreedPrice"] == "0.074375"


def reason(rule: str, since: str, sentence: str) -> dict[str, str]:
    return {"rule": rule, "since": since, "sentence": sentence}


@pytest.mark.parametrize(
    ("on", "amounts"),
    [
        ("2024-02-29", {"BASE": "39.00", "SEAT": "4.50", "SIGN": "2.00"}),
        ("2024-03-01", {"BASE": "39.00", "SEAT": "31.50", "SIGN": "2.00"}),
        ("2024-04-01", {"BASE": "39.00", "SEAT": "31.50", OPTION: "58.00", "SIGN": "2.00"}),
        ("2024-05-01", {"BASE": "39.00", "SEAT": "23.33", OPTION: "58.00", "SIGN": "2.00"}),
        ("2024-06-01", {"BASE": "34.13", "SEAT": "20.42", OPTION: "50.75", "SIGN": "1.75"}),
    ],
)
async def test_each_holds_from_its_first_day_on(
    api: Api, priced: Pricing, on: str, amounts: dict[str, str]
):
    lines = await lines_of(api, priced, on)
    shown = {key: line["monthlyAmount"] for key, line in lines.items() if line["monthlyAmount"]}
    assert shown == amounts


@pytest.mark.parametrize(("first", "last"), [(10, None), (-20, -10)])
async def test_outside_its_days_the_nearest_one_speaks(
    api: Api, write: Write, first: int, last: int | None
):
    present = today()
    ends = None if last is None else present + timedelta(days=last)
    priced = Pricing([[("BASE", "5", MONTHLY)]], {}, starts_on=present + timedelta(days=first))
    priced.subscription.ends_on = ends
    await write(*priced.rows)
    answer = await api(SHORT, priced.token, id=priced.id)
    (line,) = answer["data"]["node"]["costs"]
    assert (line["key"], line["monthlyAmount"]) == ("BASE", "5.00")


async def test_every_sum_is_that_of_the_lines(api: Api, priced: Pricing):
    answer = await api(
        """query ($account: ID!, $id: ID!) {
          account(id: $account) { monthlyTotal }
          node(id: $id) { ... on ModuleSubscription { cancellationOptions(first: 1) { monthlyCost }
            tariffChangeOptions(first: 1) { monthlyCost } costs { monthlyAmount } } } }""",
        priced.token,
        account=priced.account_id,
        id=priced.id,
    )
    node = answer["data"]["node"]
    amounts = [Decimal(line["monthlyAmount"] or 0) for line in node["costs"]]
    assert str(sum(amounts)) == "107.05"
    assert answer["data"]["account"]["monthlyTotal"] == "107.05"
    for options in (node["cancellationOptions"], node["tariffChangeOptions"]):
        assert [one["monthlyCost"] for one in options] == ["107.05"]


async def test_a_manager_sees_the_total_of_each_account(api: Api, priced: Pricing, write: Write):
    other = Pricing([[("BASE", "5", MONTHLY)]], {})
    token, credential = factories.credential(Role.MANAGER, other.manager)
    await write(*other.rows, other.manager, factories.staff(other.manager), credential)
    answer = await api(
        """query ($a: ID!, $b: ID!) {
          a: account(id: $a) { monthlyTotal } b: account(id: $b) { monthlyTotal } }""",
        token,
        a=priced.account_id,
        b=other.account_id,
    )
    assert answer["data"] == {"a": {"monthlyTotal": "107.05"}, "b": {"monthlyTotal": "5.00"}}


async def test_a_list_of_modules_costs_one_statement(
    compiled_api: Api,
    standard_api: Api,
    write: Write,
    count_statements: CountStatements,
    all_statements: CountStatements,
):
    priced = Pricing([[("BASE", "5", MONTHLY)]], {})
    others = [factories.module_subscription(priced.account.id, priced.module) for _ in range(3)]
    periods = [factories.tariff_period(one, priced.tariff) for one in others]
    await write(*priced.rows, *others, *periods)
    asked = "query ($id: ID!) { account(id: $id) { modules { edges { node { costs { key } } } } } }"
    with all_statements() as sent:
        compiled = await compiled_api(asked, priced.token, id=priced.account_id)
    assert len(sent) == 1
    with count_statements() as sent:
        standard = await standard_api(asked, priced.token, id=priced.account_id)
    # The look-up of the token, the account, its modules, their costs.
    assert len(sent) == 4
    edges = compiled["data"]["account"]["modules"]["edges"]
    assert edges == [{"node": {"costs": [{"key": "BASE"}]}}] * 4
    assert compiled == standard


PRICE_LIST = """query ($id: ID!, $day: Date) { node(id: $id) { ... on ModuleSubscription {
  priceList(on: $day) { sections { items {
    key unitPrice agreedPrice discountPercent vatTreatment reasons { rule since sentence } } } }
  currentTariff { tariff { priceList { sections { items { key unitPrice } } } } } } } }"""


async def test_the_price_list_says_what_is_agreed_and_why(
    compiled_api: Api, standard_api: Api, priced: Pricing
):
    answer = await compiled_api(PRICE_LIST, priced.token, id=priced.id)
    assert answer == await standard_api(PRICE_LIST, priced.token, id=priced.id)
    sections = answer["data"]["node"]["priceList"]["sections"]
    # Each section has its items; what is booked separately is in no list that customers see.
    keys = [[item["key"] for item in section["items"]] for section in sections]
    assert keys == [["BASE", "SEAT", "SETUP"], ["CALL"], ["SIGN"]]
    assert sections[0]["items"][1] == {
        "key": "SEAT",
        "unitPrice": "4.50",
        "agreedPrice": "2.916666",
        "discountPercent": "12.50",
        "vatTreatment": None,
        "reasons": [
            reason(
                "PRICE_LIST", "2024-01-01", "The price list says €4.50, from 1 January 2024 on."
            ),
            reason(
                "SPECIAL_PRICE", "2024-05-01", "A price of €3.333333 is agreed from 1 May 2024 on."
            ),
            reason(
                "DISCOUNT",
                "2024-06-01",
                "A discount of 12.5 per cent is agreed from 1 June 2024 on.",
            ),
        ],
    }
    (sign,) = sections[2]["items"]
    assert (sign["agreedPrice"], sign["vatTreatment"]) == ("21.00", "NOT_TAXABLE")


@pytest.mark.parametrize(
    ("on", "agreed"),
    [("2024-04-30", None), ("2024-05-31", "3.333333"), ("2024-06-01", "2.916666")],
)
async def test_the_price_list_of_a_day_has_what_is_agreed_for_it(
    compiled_api: Api, standard_api: Api, priced: Pricing, on: str, agreed: str | None
):
    answer = await compiled_api(PRICE_LIST, priced.token, id=priced.id, day=on)
    assert answer == await standard_api(PRICE_LIST, priced.token, id=priced.id, day=on)
    seat = answer["data"]["node"]["priceList"]["sections"][0]["items"][1]
    assert (seat["unitPrice"], seat["agreedPrice"]) == ("4.50", agreed)


async def test_a_price_list_costs_one_statement_for_each_of_its_levels(
    compiled_api: Api,
    standard_api: Api,
    priced: Pricing,
    count_statements: CountStatements,
    all_statements: CountStatements,
):
    asked = """query ($id: ID!) { account(id: $id) { modules { edges { node {
      priceList { sections { items { key agreedPrice } } } } } } } }"""
    with all_statements() as sent:
        compiled = await compiled_api(asked, priced.token, id=priced.account_id)
    assert len(sent) == 1
    with count_statements() as sent:
        standard = await standard_api(asked, priced.token, id=priced.account_id)
    # The look-up of the token, the account, its modules, their price lists, sections and items.
    assert len(sent) == 6
    assert compiled == standard


async def test_a_partner_reads_what_is_agreed_with_the_scope_of_the_price_list(
    api: Api, write: Write, priced: Pricing
):
    asked = """query ($id: ID!) { node(id: $id) { ... on ModuleSubscription {
      priceList { validFrom } costs { agreedPrice } } } }"""
    app = factories.app()
    token, credential = factories.credential(Role.PARTNER, app)
    given = factories.app_authorization(
        priced.account.id, app, priced.owner, scopes=[Scope.FILES_READ, Scope.FINANCIALS]
    )
    await write(app, credential, given)
    answer = await api(asked, token, id=priced.id)
    assert answer["data"]["node"] == {"priceList": None, "costs": None}
    required = [error["extensions"]["required"]["scope"] for error in answer["errors"]]
    assert required == ["ACCOUNT_READ", "ACCOUNT_READ"]
