"""A version without a key in use: whose quantity, option or agreement ends by it, and when."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.announcement import run_batch
from portal.clock import now
from portal.database.addresses import Addresses
from portal.jobs.worker import worker_engine
from portal.language.global_id import encode
from portal.rules.catalogue.terms import BillingMode
from portal.rules.modules.special_agreement import AgreementKind
from tests import factories
from tests.api.modules.test_version_jobs import job_rows, mails
from tests.api.publishing import BEGUN, IN_30_DAYS, PUBLISH, Offered, version_of
from tests.saying import written
from tests.world import Kind

FOR_ALL = {"validFrom": str(IN_30_DAYS)}
LAST_DAY = IN_30_DAYS - timedelta(days=1)
HELD = """query ($id: ID!) { node(id: $id) { ... on ModuleSubscription {
  quantities { itemKey endsOn } costs { key quantity agreedPrice } } } }"""
BOOKED = """query ($id: ID!) { node(id: $id) { ... on ModuleSubscription {
  bookedOptions { itemKey endsOn } } } }"""


def also(section, *keys):
    """Give more items below a heading: a seat, and an additional option."""
    items = {"SEAT": (1, False, "4.00"), "SATURDAY": (2, True, "29.00")}
    for key in keys:
        place, is_option, price = items[key]
        yield factories.item(
            section,
            place,
            key=key,
            name=key.title(),
            is_additional_option=is_option,
            unit_price=Decimal(price),
            billing_mode=BillingMode.MONTHLY_IN_ADVANCE,
        )


class Dropping:
    """A module with seats and an option, of which an account has some; a draft without."""

    def __init__(self, writer, world):
        module = factories.module(name=f"Module {factories.word()}")
        self.tariff = factories.tariff(module)
        version, section, *items = version_of(self.tariff, "39.00", is_draft=False)
        draft, *rest = version_of(self.tariff, "39.00")
        self.offered = Offered(module, self.tariff, draft, writer)
        account_id = world.own.account_id
        self.subscription = factories.module_subscription(account_id, module, starts_on=BEGUN)
        self.rows = [
            *(module, self.tariff, version, section, *items, *also(section, "SEAT", "SATURDAY")),
            *(draft, *rest, self.subscription),
            factories.tariff_period(self.subscription, self.tariff),
            factories.item_quantity(self.subscription, "SEAT", 3, starts_on=BEGUN),
            factories.booked_option(self.subscription, "SATURDAY", 2, starts_on=BEGUN),
            factories.special_agreement(
                account_id,
                module,
                kind=AgreementKind.DISCOUNT,
                item_key="SEAT",
                discount_percent=Decimal(50),
                starts_on=BEGUN,
            ),
        ]

    @property
    def id(self):
        return encode("ModuleSubscription", self.subscription.id)


@pytest.fixture
async def dropping(writer, world):
    made = Dropping(writer, world)
    await factories.write(writer.superuser, made.rows)
    return made


async def asked(writer, document, id, kind=Kind.READER):
    answer = await writer.api(document, writer.world.tokens[kind], id=id)
    assert "errors" not in answer
    return answer["data"]["node"]


async def test_the_preview_names_whose_it_is_and_the_customer_sees_its_last_day(
    dropping, writer, world
):
    shown = await dropping.offered.preview(
        FOR_ALL, "endingUses { key kind accountId accountName endsOn }"
    )
    of_own = {
        "accountId": world.own.id,
        "accountName": world.own.account.name,
        "endsOn": str(LAST_DAY),
    }
    assert shown["endingUses"] == [
        {"key": "SATURDAY", "kind": "OPTION", **of_own},
        {"key": "SEAT", "kind": "AGREEMENT", **of_own},
        {"key": "SEAT", "kind": "QUANTITY", **of_own},
    ]
    before = await asked(writer, HELD, dropping.id)
    assert before["quantities"] == [{"itemKey": "SEAT", "endsOn": None}]
    await dropping.offered.send(PUBLISH, FOR_ALL)
    after = await asked(writer, HELD, dropping.id)
    assert after == before | {"quantities": [{"itemKey": "SEAT", "endsOn": str(LAST_DAY)}]}
    booked = await asked(writer, BOOKED, dropping.id, Kind.MANAGER)
    assert booked["bookedOptions"] == [{"itemKey": "SATURDAY", "endsOn": str(LAST_DAY)}]
    await dropping.offered.send("withdrawVersion")
    assert await asked(writer, HELD, dropping.id) == before


async def test_the_mail_names_what_ends(dropping, writer, world, superuser, addresses: Addresses):
    await dropping.offered.send(PUBLISH, FOR_ALL)
    (job,) = await job_rows(superuser, dropping.offered)
    engine = worker_engine(addresses)
    async with AsyncSession(engine) as session, session.begin():
        await run_batch(session, job.id, now())
    await engine.dispose()
    ((to, _, text),) = await mails(superuser, world.own)
    assert to == world.own.owner.email
    until = f"the last day is {written(LAST_DAY)}"
    assert (
        f"""The new price list lacks what you have had until now. This ends:

- Saturday: 2; {until}
- Seat: your special agreement about it; {until}
- Seat: 3; {until}

All else that you have agreed to stays as it is."""
        in text
    )


async def test_a_key_that_was_dropped_does_not_come_back_for_those_who_had_it(dropping, writer):
    await dropping.offered.send(PUBLISH, FOR_ALL)
    later, section, *items = version_of(dropping.tariff, "39.00")
    await factories.write(writer.superuser, [later, section, *items, *also(section, "SATURDAY")])
    again = Offered(dropping.offered.module, dropping.tariff, later, writer)
    given = {"validFrom": str(IN_30_DAYS + timedelta(days=30))}
    before = await writer.fingerprint()
    refused = {
        "__typename": "Refusal",
        "problems": [
            {
                "code": "RULE_BROKEN",
                "path": ["input", "id"],
                "message": (
                    "What customers have of SATURDAY ended with the prices from"
                    f" {written(IN_30_DAYS)} on: what comes anew needs another key."
                ),
            }
        ],
    }
    assert await again.send(PUBLISH, given) == refused
    assert await again.preview(given, "customerCount") == refused
    assert await writer.fingerprint() == before


async def test_what_a_version_ended_does_not_come_back_by_another_tariff(dropping, writer):
    await dropping.offered.send(PUBLISH, FOR_ALL)
    other = factories.tariff(dropping.offered.module)
    version, section, *items = version_of(other, "39.00", is_draft=False)
    rows = [other, version, section, *items, *also(section, "SEAT")]
    await factories.write(writer.superuser, rows)
    follows = IN_30_DAYS + timedelta(days=10)
    given = {
        "id": dropping.id,
        "tariff": {"id": encode("Tariff", other.id)},
        "deviatingDate": str(follows),
        "reason": "Agreed.",
    }
    answer = await writer.change("changeTariff", Kind.MANAGER, given, "id")
    assert answer["__typename"] == "ModuleSubscription", answer
    after = await asked(writer, HELD, dropping.id)
    assert after["quantities"] == [{"itemKey": "SEAT", "endsOn": str(LAST_DAY)}]


HELD_BY = "Other than in the preview: what customers have and have agreed."


@pytest.mark.parametrize(
    ("table", "change", "whose"),
    [
        ("subscription_item_quantity", "quantity = 4", "module_subscription_id"),
        ("booked_option", "ends_on = current_date", "module_subscription_id"),
        ("special_agreement", "discount_percent = 49", "module_id"),
    ],
)
async def test_a_preview_is_stale_once_a_customer_would_pay_otherwise(
    dropping, writer, superuser, table, change, whose
):
    token = (await dropping.offered.preview(FOR_ALL, "customerCount"))["token"]
    id = dropping.offered.module.id if whose == "module_id" else dropping.subscription.id
    update = sa.text(f"UPDATE {table} SET {change} WHERE {whose} = :id")  # noqa: S608  (ours)
    async with superuser.begin() as connection:
        assert (await connection.execute(update, {"id": id})).rowcount == 1
    before = await writer.fingerprint()
    answer = await dropping.offered.send(PUBLISH, FOR_ALL | {"previewToken": token})
    found = [(one["code"], one["message"]) for one in answer["problems"]]
    assert found == [("PREVIEW_STALE", HELD_BY)]
    assert await writer.fingerprint() == before
