"""Each of the demo's tariffs is ordered, changed and cancelled as its preview shows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from portal import demo
from portal.database.addresses import Addresses
from portal.demo.catalogue.tariffs import TARIFFS
from portal.embedded import EmbeddedPostgres
from portal.language.global_id import encode
from portal.settings.settings import Settings
from portal.viewer import Language, Role
from tests import factories
from tests.api.asking import Api, api_of, own_client
from tests.api.ordering import PARTNER

DAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
DATES = "startsOn endsOn earliestEnd deadline monthlyBefore monthlyAfter"
SHOWN = f"... on Preview {{ token {DATES} reasons {{ rule outcome }} }}"
REFUSAL = "... on Refusal { problems { code path message } }"
DATA = {"greeting": "Goedemorgen.", "forwardTo": "+31201234567"}
MADE = """... on ModuleSubscription { id startsOn endsOn
  costs { key monthlyAmount } currentTariff { name { value } }
  notice { lastDay deadline reasons { rule outcome } }
  pendingTariffChange { startsOn deadline reasons { rule outcome } } }"""
COSTS = """query ($id: ID!, $day: Date) { node(id: $id) { ... on ModuleSubscription {
  costs(on: $day) { key monthlyAmount } } } }"""
CATALOGUE = """{ modules(first: 20) { edges { node { id key
  tariffs(first: 20) { edges { node { id name { value } } } } } } }
  documentsToConsent { id } }"""
"""What there is to order, as a manager sees it."""


@pytest.fixture(scope="module")
async def demo_addresses(
    cluster: EmbeddedPostgres, template: str, worker_id: str
) -> AsyncIterator[Addresses]:
    """A database with the demo of a day."""
    name = f"tariffs_{worker_id}"
    cluster.drop_database(name)
    cluster.create_database(name, template)
    addresses = cluster.addresses(name)
    await demo.write_demo(addresses.owner, DAY)
    yield addresses
    cluster.drop_database(name)


@pytest.fixture(scope="module")
async def owner(demo_addresses: Addresses) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(demo_addresses.owner)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="module")
async def asked(
    demo_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Api]:
    """Ask a portal for which it is that day."""
    settings = Settings(data=tmp_path_factory.mktemp("tariffs"))
    async with own_client(settings, demo_addresses, lambda: DAY) as client:
        yield api_of(client)


@dataclass(frozen=True)
class Buyer:
    """A new customer, a business, who orders one of the tariffs."""

    ask: Api
    token: str
    managing: str
    account_id: str
    module_id: str
    tariffs: dict[str, str]
    documents: list[str]

    def by(self, key: str) -> dict[str, str]:
        """Give the way to a tariff: its id, or the number of its offer."""
        offered = TARIFFS[key]
        if offered.offer_number is not None:
            return {"tariff": {"offerNumber": offered.offer_number}}
        return {"tariff": {"id": self.tariffs[offered.name]}}

    async def send(
        self, field: str, kind: str, answer: str, *, by: str | None = None, **given: Any
    ) -> dict[str, Any]:
        """Send a mutation that nothing breaks, as the customer where nobody else is named."""
        document = (
            f"mutation ($input: {kind}!) {{ {field}(input: $input) {{ {answer} {REFUSAL} }} }}"
        )
        response = await self.ask(document, by or self.token, input=given)
        assert set(response) == {"data"}, response
        told: dict[str, Any] = response["data"][field]
        return told

    async def as_shown(
        self,
        preview: str,
        mutation: str,
        answer: str = MADE,
        *,
        by: str | None = None,
        **given: Any,
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Preview a change and make it; give what was shown, and what came of it."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        shown = await self.send(preview, kind, SHOWN, by=by, **given)
        assert "problems" not in shown, shown
        token = shown.pop("token")
        made = await self.send(mutation, kind, answer, by=by, **given, previewToken=token)
        assert "problems" not in made, made
        return shown, made

    async def order(self, key: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Order a tariff for that day, as its preview shows."""
        return await self.as_shown(
            "previewOrder",
            "orderModule",
            id=self.account_id,
            moduleId=self.module_id,
            startsOn="2026-11-22",
            data=DATA if TARIFFS[key].module == "telephone" else {},
            contractPartner=PARTNER | {"kind": "BUSINESS"},
            consentDocumentIds=self.documents,
            **self.by(key),
        )

    async def costs(self, id: str, day: str = "2026-11-22") -> dict[str, str | None]:
        """Give what each line of a module costs each month, by the prices of a day."""
        answer = await self.ask(COSTS, self.token, id=id, day=day)
        return {one["key"]: one["monthlyAmount"] for one in answer["data"]["node"]["costs"]}


@pytest.fixture
async def buyer(request: pytest.FixtureRequest, asked: Api, owner: AsyncEngine) -> Buyer:
    """Somebody who has nothing yet, and what the tariff's module offers."""
    offered = TARIFFS[request.param]
    person, manager = (factories.person(language=Language.NL) for _ in range(2))
    account, owning = factories.account(person)
    far = datetime(2199, 1, 1, tzinfo=UTC)
    token, login = factories.credential(Role.CUSTOMER, person, expires_at=far)
    managing, manager_login = factories.credential(Role.MANAGER, manager, expires_at=far)
    await factories.write(
        owner, [person, manager, account, owning, factories.staff(manager), login, manager_login]
    )
    found = (await asked(CATALOGUE, managing))["data"]
    modules = {edge["node"]["key"]: edge["node"] for edge in found["modules"]["edges"]}
    module = modules[offered.module]
    tariffs = {
        edge["node"]["name"]["value"]: edge["node"]["id"] for edge in module["tariffs"]["edges"]
    }
    documents = [one["id"] for one in found["documentsToConsent"]]
    account_id = encode("Account", account.id)
    return Buyer(asked, token, managing, account_id, module["id"], tariffs, documents)


def other_of(key: str) -> str:
    """Give the tariff of the same module that follows it, the first one after the last."""
    keys = [one for one in TARIFFS if TARIFFS[one].module == TARIFFS[key].module]
    return keys[(keys.index(key) + 1) % len(keys)]


def total(costs: dict[str, str | None]) -> str:
    """Give the sum of what comes back each month."""
    return str(sum(Decimal(amount or 0) for amount in costs.values()))


def monthly(made: dict[str, Any]) -> str:
    """Give what a module costs each month: the sum of its lines, of those that come back."""
    return total({line["key"]: line["monthlyAmount"] for line in made["costs"]})


# For each tariff, ordered on 22 November 2026 for that day: the first day on which it may end, the
# deadline for it, and its monthly cost; the first day of the tariff that follows it, and that cost;
# the last day of a cancellation, if it does not end by itself.
EXPECTED: dict[str, tuple[str | None, ...]] = {
    "telephone-basic": ("2026-12-31", "2026-11-30", "47.00", "2027-01-01", "254.45", "2026-12-31"),
    "telephone-plus": ("2027-11-21", "2027-08-21", "254.45", "2027-11-22", "203.50", "2027-11-21"),
    "telephone-offer": ("2027-11-21", "2027-09-21", "203.50", "2027-11-22", "47.00", "2027-11-21"),
    "address-standard": ("2027-06-30", "2027-05-31", "57.00", "2027-07-01", "8.53", "2027-06-30"),
    "scanning-compact": ("2026-11-22", "2026-11-22", "14.50", "2026-11-23", "91.00", "2026-11-22"),
    "scanning-volume": ("2027-12-31", "2027-10-31", "91.00", "2028-01-01", "2.00", "2027-12-31"),
    "meeting-card": ("2026-11-22", "2026-11-22", "2.00", "2026-11-23", "158.50", "2026-11-22"),
    "desk-partner": ("2029-11-21", "2029-08-21", "147.00", "2029-11-22", "122.00", "2029-11-21"),
    # Free of notice it changes with the next quarter.
    "address-archive": ("2027-02-19", "2027-02-05", "8.53", "2027-01-01", "57.00", "2027-02-19"),
    "scanning-trial": ("2026-12-19", "2026-12-19", "2.00", "2026-12-20", "14.50", None),
    "meeting-room": ("2027-05-21", "2027-04-21", "158.50", "2027-05-22", "2.00", "2027-05-21"),
    "desk-project": ("2027-05-31", "2027-05-17", "122.00", "2027-06-01", "147.00", "2027-05-31"),
}


@pytest.mark.parametrize(("buyer", "key"), [(key, key) for key in TARIFFS], indirect=["buyer"])
async def test_each_tariff_is_ordered_changed_and_cancelled_as_shown(
    buyer: Buyer, key: str
) -> None:
    ordered, made = await buyer.order(key)
    assert made["startsOn"] == ordered["startsOn"] == "2026-11-22"
    assert made["endsOn"] == ordered["endsOn"]
    assert monthly(made) == ordered["monthlyAfter"]
    assert made["currentTariff"]["name"]["value"] == TARIFFS[key].name

    about = {"id": made["id"]}
    changed, made = await buyer.as_shown(
        "previewTariffChange", "changeTariff", **about, **buyer.by(other_of(key))
    )
    pending = made["pendingTariffChange"]
    assert changed["startsOn"] == pending["startsOn"]
    assert changed["deadline"] == pending["deadline"]
    assert changed["reasons"] == pending["reasons"]
    assert changed["monthlyBefore"] == monthly(made) == ordered["monthlyAfter"]

    undone = await buyer.send("withdrawTariffChange", "WithdrawTariffChangeInput", MADE, **about)
    assert undone["pendingTariffChange"] is None
    cancelled = None
    if ordered["endsOn"] is None:
        cancelled, made = await buyer.as_shown("previewNotice", "giveNotice", **about)
        assert made["endsOn"] == cancelled["endsOn"] == made["notice"]["lastDay"]
        assert made["notice"]["deadline"] == cancelled["deadline"]
        assert made["notice"]["reasons"] == cancelled["reasons"]
        # What was shown as the first possible end is it.
        assert cancelled["endsOn"] == ordered["earliestEnd"]
    else:
        refused = await buyer.send("previewNotice", "GiveNoticeInput", SHOWN, **about)
        assert [one["code"] for one in refused["problems"]] == ["RULE_BROKEN"]
    assert (
        *(ordered["earliestEnd"], ordered["deadline"], ordered["monthlyAfter"]),
        *(changed["startsOn"], changed["monthlyAfter"]),
        cancelled and cancelled["endsOn"],
    ) == EXPECTED[key]


# For each additional option, with the tariff under which it is booked two times: what it costs each
# month then, and the last day when it is ended at once, by its own terms or by those of the tariff.
OPTIONS = {
    ("telephone-plus", "SATURDAY"): ("58.00", "2027-11-21"),
    ("telephone-basic", "SECOND_LANGUAGE"): ("78.00", "2026-12-31"),
    ("address-archive", "INSURANCE"): ("15.00", "2026-12-31"),
    ("address-archive", "COURIER"): ("30.00", "2027-02-19"),
    ("address-archive", "CLIMATE"): ("38.00", "2026-11-22"),
    ("meeting-room", "PROJECTOR"): ("50.00", "2027-05-21"),
}


@pytest.mark.parametrize(
    ("buyer", "key", "option"), [(key, key, option) for key, option in OPTIONS], indirect=["buyer"]
)
async def test_each_option_is_booked_and_ended_as_shown(
    buyer: Buyer, key: str, option: str
) -> None:
    _, made = await buyer.order(key)
    before = await buyer.costs(made["id"])
    booked, row = await buyer.as_shown(
        *("previewOptionBooking", "bookOption", "... on BookedOption { id startsOn }"),
        by=buyer.managing,
        id=made["id"],
        itemKey=option,
        quantity=2,
    )
    assert row["startsOn"] == booked["startsOn"] == "2026-11-22"
    costs = await buyer.costs(made["id"])
    assert costs.keys() - before.keys() == {option}
    assert total(costs) == booked["monthlyAfter"]
    ended, over = await buyer.as_shown(
        *("previewOptionEnd", "endOption", "... on BookedOption { endsOn deadline }"),
        by=buyer.managing,
        id=row["id"],
    )
    assert (ended["endsOn"], ended["deadline"]) == (over["endsOn"], over["deadline"])
    assert (costs[option], ended["endsOn"]) == OPTIONS[key, option]


AGREEMENTS: dict[str, tuple[dict[str, Any], str]] = {
    "UNIT_PRICE": ({"itemKey": "BOX", "value": {"unitPrice": "2.10"}}, "8.33"),
    "DISCOUNT": ({"value": {"discountPercent": "10"}}, "7.67"),
    "VAT_TREATMENT": ({"itemKey": "EXPORT", "value": {"vatTreatment": "STANDARD"}}, "8.53"),
}


@pytest.mark.parametrize("buyer", ["address-archive"], indirect=True)
@pytest.mark.parametrize("kind", AGREEMENTS)
async def test_each_kind_of_agreement_is_made_and_ended_as_shown(buyer: Buyer, kind: str) -> None:
    _, made = await buyer.order("address-archive")
    given, monthly_after = AGREEMENTS[kind]
    shown, row = await buyer.as_shown(
        *("previewSpecialAgreement", "makeSpecialAgreement"),
        "... on SpecialAgreement { id kind startsOn endsOn }",
        by=buyer.managing,
        id=buyer.account_id,
        moduleId=buyer.module_id,
        startsOn="2026-12-01",
        **given,
    )
    assert (row["kind"], row["startsOn"]) == (kind, shown["startsOn"])
    assert (shown["monthlyBefore"], shown["monthlyAfter"]) == ("8.53", monthly_after)
    assert total(await buyer.costs(made["id"], "2026-12-01")) == monthly_after
    ended, over = await buyer.as_shown(
        *("previewSpecialAgreementEnd", "endSpecialAgreement"),
        "... on SpecialAgreement { endsOn }",
        by=buyer.managing,
        id=row["id"],
        endsOn="2026-12-31",
    )
    assert ended["endsOn"] == over["endsOn"] == "2026-12-31"
