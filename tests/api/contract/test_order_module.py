"""orderModule: at a public tariff or by an offer number; the first order makes the contract."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.language.global_id import decode, encode
from portal.models import GeneralPaymentTerms
from tests import factories
from tests.api.blocking import pid_of, wait_until_blocked
from tests.api.ordering import (
    DATA,
    PARTNER,
    change_offer,
    day,
    end_contract,
    open_shop,
    set_general_terms,
    today,
    uses,
)
from tests.saying import written
from tests.world import Kind
from tests.writing import NOT_FOUND, forbidden, problem, refusal

MUTATION = "orderModule"
FIELDS = """
version status startsOn endsOn data module { isOrderable }
currentTariff { startsOn endsOn agreedOn tariff { id } }
"""
# As a manager's mutation does.
LOCKS = (
    "SELECT 1 FROM module WHERE id = :module FOR UPDATE",
    "SELECT 1 FROM tariff WHERE id = :tariff FOR UPDATE",
)
CLOSE = "UPDATE tariff SET closed_from = :today WHERE id = :tariff"
WITHDRAW = "UPDATE tariff_version SET withdrawn_at = now() WHERE tariff_id = :tariff"
RETIRE = "UPDATE module SET retired_from = :today WHERE id = :module"
CHANGED = ("CONFLICT", ["input"])
NO_OFFER = refusal(
    problem(
        "NOT_FOUND",
        "input.tariff.offerNumber",
        "There is no such offer for this module, or it is over.",
    )
)


@pytest.fixture
async def shop(superuser, world):
    return await open_shop(superuser, world)


def broken(path, message):
    return refusal(problem("RULE_BROKEN", path, message))


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.ADMIN, Kind.EMPLOYEE, Kind.MANAGER])
async def test_who_may_orders_from_today(writer, shop, kind):
    before = await writer.rows()
    answer = await writer.change(MUTATION, kind, shop.given(), FIELDS)
    period = {"startsOn": day(0), "endsOn": None, "agreedOn": day(0)}
    assert answer == {
        "__typename": "ModuleSubscription",
        "version": 1,
        "status": "ACTIVE",
        "startsOn": day(0),
        "endsOn": None,
        "data": DATA,
        "module": {"isOrderable": True},
        "currentTariff": period | {"tariff": {"id": encode("Tariff", shop.public.id)}},
    }
    # The owner is told, and so is another member who orders.
    mails = 2 if kind is Kind.ADMIN else 1
    assert await writer.written_since(before) == {
        "account": {"history_length": 3},
        "module_subscription": {"added": 1},
        "tariff_period": {"added": 1},
        "contract_copy": {"added": 1},
        "message": {"added": mails},
        "outbox": {"added": mails},
    }
    (entry,) = await writer.entries()
    assert (entry["number"], entry["action"], entry["actor_role"]) == (
        3,
        MUTATION,
        "CUSTOMER" if kind in {Kind.OWNER, Kind.ADMIN} else kind,
    )
    values = {field: new for field, old, new in entry["values"]}
    subscription = values.pop("TariffPeriod.moduleSubscriptionId")
    assert values == {
        "ModuleSubscription.moduleId": str(shop.module.id),
        "ModuleSubscription.startsOn": day(0),
        "ModuleSubscription.data": DATA,
        "TariffPeriod.tariffId": str(shop.public.id),
        "TariffPeriod.startsOn": day(0),
        "TariffPeriod.agreedOn": day(0),
    }
    assert ("module_subscription", subscription) in await writer.rows()


async def test_the_first_order_makes_the_contract(writer, superuser, world):
    await end_contract(superuser, world)
    shop = await open_shop(superuser, world, agreed=False)
    before = await writer.rows()
    given = shop.given(contractPartner=PARTNER, consentDocumentIds=shop.document_ids)
    answer = await writer.change(MUTATION, Kind.OWNER, given, "status startsOn")
    assert answer == {"__typename": "ModuleSubscription", "status": "ACTIVE", "startsOn": day(0)}
    written = await writer.written_since(before)
    assert written.pop("account") == {"history_length": 3}
    assert written == {
        "contract": {"added": 1},
        "consent": {"added": 2},
        "module_subscription": {"added": 1},
        "tariff_period": {"added": 1},
        "contract_copy": {"added": 1},
        "message": {"added": 1},
        "outbox": {"added": 1},
    }
    contract = await writer.api(
        """query ($id: ID!) { account(id: $id) { contract {
          version concludedOn vatTreatment vatNumber iban purchaseOrderNumber
          contractPartner { name street postalCode city country kind attention extra }
          billingAddress { name } documentDelivery { recipients mode }
          duration { startsOn basis }
          paymentTerms { general { name dueDays method } deviating { name } }
        } } }""",
        world.tokens[Kind.OWNER],
        id=world.own.id,
    )
    assert contract == {
        "data": {
            "account": {
                "contract": {
                    "version": 1,
                    "concludedOn": day(0),
                    "vatTreatment": "STANDARD",
                    "vatNumber": None,
                    "iban": None,
                    "purchaseOrderNumber": None,
                    "contractPartner": PARTNER
                    | {"name": "Timmer & Zn.", "country": "NL", "attention": None, "extra": None},
                    "billingAddress": None,
                    "documentDelivery": {
                        "recipients": [world.own.owner.email],
                        "mode": "ATTACHMENT",
                    },
                    "duration": {"startsOn": day(0), "basis": "OLDEST_MODULE"},
                    "paymentTerms": {
                        "general": {"name": "14 days", "dueDays": 14, "method": "TRANSFER"},
                        "deviating": None,
                    },
                }
            }
        }
    }
    again = await writer.change(MUTATION, Kind.OWNER, shop.given(), "status")
    assert again == {"__typename": "ModuleSubscription", "status": "ACTIVE"}


async def test_the_first_order_needs_a_partner_and_consents(writer, superuser, world):
    await end_contract(superuser, world)
    shop = await open_shop(superuser, world, agreed=False)
    before = await writer.fingerprint()
    partner = problem(
        "RULE_BROKEN",
        "input.contractPartner",
        "The first order makes the contract: say with whom.",
    )
    terms, protection = (
        problem(
            "RULE_BROKEN",
            "input.consentDocumentIds",
            f"An order needs your agreement to: {title}.",
        )
        for title in ("TERMS", "DATA_PROTECTION")
    )
    for kind in (Kind.OWNER, Kind.MANAGER):
        answer = await writer.change(MUTATION, kind, shop.given())
        assert answer == refusal(partner, protection, terms)
    given = shop.given(consentDocumentIds=shop.document_ids[:1])
    assert await writer.change(MUTATION, Kind.OWNER, given) == refusal(partner, protection)
    given = shop.given(contractPartner=PARTNER, consentDocumentIds=["x"])
    assert await writer.change(MUTATION, Kind.OWNER, given) == refusal(
        problem("NOT_FOUND", "input.consentDocumentIds.0", "There is no such document.")
    )
    given = shop.given(
        contractPartner=PARTNER | {"country": "XX"}, consentDocumentIds=shop.document_ids
    )
    assert await writer.change(MUTATION, Kind.OWNER, given) == refusal(
        problem(
            "INVALID_INPUT",
            "input.contractPartner.country",
            "Must be a country code of two letters (ISO 3166-1).",
        )
    )
    assert await writer.fingerprint() == before


@pytest.fixture
async def no_terms(superuser, shop):
    """Let there be no general payment terms for a while: they are everybody's."""
    table = GeneralPaymentTerms.__table__
    async with superuser.begin() as connection:
        taken = (await connection.execute(sa.delete(table).returning(table))).mappings().all()
    yield
    async with superuser.begin() as connection:
        await connection.execute(sa.delete(table))
        if taken:
            await connection.execute(sa.insert(table), [dict(row) for row in taken])


@pytest.mark.usefixtures("no_terms")
async def test_a_contract_freezes_terms_that_there_are(writer, superuser, world, shop):
    await end_contract(superuser, world)
    given = shop.given(contractPartner=PARTNER)
    before = await writer.fingerprint()
    answer = await writer.change(MUTATION, Kind.OWNER, given)
    assert answer == broken(
        "input", "There are no general payment terms yet, so nothing can be ordered."
    )
    assert await writer.fingerprint() == before
    # Of those of the day the latest; what comes later is not in them, nor reaches them.
    for offset, due_days in ((-1, 20), (-400, 10), (1, 30)):
        await set_general_terms(superuser, today() + timedelta(days=offset), due_days)
    await writer.change(MUTATION, Kind.OWNER, given)
    rows = await writer.rows()
    (contract,) = (row for (table, _), row in rows.items() if table == "contract")
    assert contract["general_payment_terms_due_days"] == 20


async def test_consents_are_for_the_owner_and_admins_to_give(writer, shop):
    before = await writer.fingerprint()
    given = shop.given(consentDocumentIds=shop.document_ids)
    needs = ("CUSTOMER", "ACCOUNT_READ", "OWNER ADMIN")
    for kind in (Kind.EMPLOYEE, Kind.MANAGER):
        assert await writer.change(MUTATION, kind, given) == forbidden(
            "consentDocumentIds", "input.consentDocumentIds", *needs
        )
    assert await writer.fingerprint() == before


async def test_a_contract_that_is_there_takes_no_other_partner(writer, shop):
    before = await writer.fingerprint()
    for kind in (Kind.OWNER, Kind.MANAGER):
        answer = await writer.change(MUTATION, kind, shop.given(contractPartner=PARTNER))
        assert answer == broken(
            "input.contractPartner",
            "The contract has a partner already; only managers change it.",
        )
    assert await writer.fingerprint() == before


async def test_an_offer_opens_its_tariff_until_it_is_used_up(writer, superuser, shop):
    offer = encode("Tariff", shop.offer.id)
    seen = await writer.api(
        "query ($id: ID!) { tariff(id: $id) { id } }", writer.world.tokens[Kind.OWNER], id=offer
    )
    assert seen == {"data": {"tariff": None}}
    fields = "currentTariff { name { value } tariff { id } priceList { validFrom } }"
    for number in (1, 2):
        given = shop.by_offer(startsOn=day(number))
        answer = await writer.change(MUTATION, Kind.OWNER, given, fields)
        assert answer == {
            "__typename": "ModuleSubscription",
            "currentTariff": {
                "name": {"value": shop.offer.name},
                "tariff": {"id": offer},
                "priceList": {"validFrom": "2024-01-15"},
            },
        }
        assert await uses(superuser, shop.offer) == number
    before = await writer.fingerprint()
    for kind in (Kind.OWNER, Kind.MANAGER):
        assert await writer.change(MUTATION, kind, shop.by_offer()) == NO_OFFER
    assert await uses(superuser, shop.offer) == 2
    assert await writer.fingerprint() == before


async def test_an_offer_number_is_good_however_it_is_typed(writer, superuser, shop):
    number = shop.offer.offer_number
    typed = f" {number[:4].upper()} {number[4:].upper()}\u00a0"
    answer = await writer.change(
        MUTATION, Kind.OWNER, shop.by_offer(tariff={"offerNumber": typed}), FIELDS
    )
    assert answer["currentTariff"]["tariff"] == {"id": encode("Tariff", shop.offer.id)}
    assert await uses(superuser, shop.offer) == 1


async def test_wrong_expired_and_foreign_offers_are_answered_alike(writer, superuser, world, shop):
    other = await open_shop(superuser, world)
    await change_offer(superuser, shop.offer, offer_expires_on=today() - timedelta(days=1))
    for given in (
        shop.by_offer(),
        shop.by_offer(tariff={"offerNumber": "NONE"}),
        shop.by_offer(tariff={"offerNumber": ""}),
        shop.by_offer(tariff={"offerNumber": other.offer.offer_number}),
        shop.by_offer(tariff={"offerNumber": f"{shop.offer.offer_number}x"}),
    ):
        assert await writer.change(MUTATION, Kind.OWNER, given) == NO_OFFER
    assert (await uses(superuser, shop.offer), await uses(superuser, other.offer)) == (0, 0)
    assert await writer.entries() == []
    # After five attempts each costs a wait, the right one too.
    await change_offer(superuser, shop.offer, offer_expires_on=today())
    for _ in range(2):
        (limited,) = (await writer.change(MUTATION, Kind.OWNER, shop.by_offer()))["problems"]
        assert (limited["code"], limited["path"]) == ("RATE_LIMITED", ["input"])
    # The guesses are the person's own.
    answer = await writer.change(MUTATION, Kind.ADMIN, shop.by_offer(), "status")
    assert answer == {"__typename": "ModuleSubscription", "status": "ACTIVE"}
    async with superuser.begin() as connection:
        await connection.execute(sa.text("UPDATE attempt SET next_at = now() - interval '1 hour'"))
    answer = await writer.change(MUTATION, Kind.OWNER, shop.by_offer(), "status")
    assert answer == {"__typename": "ModuleSubscription", "status": "ACTIVE"}
    assert await uses(superuser, shop.offer) == 2


async def test_the_last_use_of_an_offer_is_for_one(writer, superuser, shop):
    await change_offer(superuser, shop.offer, offer_most_uses=1)
    answers = await asyncio.gather(
        *(writer.change(MUTATION, kind, shop.by_offer()) for kind in (Kind.OWNER, Kind.ADMIN))
    )
    won, lost = sorted(answers, key=lambda answer: answer["__typename"])
    assert (won, lost) == ({"__typename": "ModuleSubscription", "version": 1}, NO_OFFER)
    assert await uses(superuser, shop.offer) == 1


async def test_a_public_tariff_or_an_offer_of_the_module(writer, superuser, world, shop):
    other = await open_shop(superuser, world)
    before = await writer.fingerprint()
    unknown = refusal(
        problem(
            "NOT_FOUND",
            "input.tariff.id",
            "There is no such public tariff of this module; any other needs its offer number.",
        )
    )
    for kind in (Kind.OWNER, Kind.MANAGER):
        for id in (encode("Tariff", shop.offer.id), encode("Tariff", other.public.id), "x", ""):
            assert await writer.change(MUTATION, kind, shop.given(tariff={"id": id})) == unknown
    for id in (encode("Module", shop.public.id), encode("Tariff", shop.module.id), "x"):
        assert await writer.change(MUTATION, Kind.OWNER, shop.given(moduleId=id)) == refusal(
            problem("NOT_FOUND", "input.moduleId", "There is no such module.")
        )
    assert await writer.fingerprint() == before


async def test_a_module_without_an_orderable_tariff(writer, superuser, world):
    later = today() + timedelta(days=10)
    shop = await open_shop(
        superuser, world, {"valid_from": later, "valid_from_for_existing": later}
    )
    assert await writer.api(
        "query ($id: ID!) { node(id: $id) { ... on Module { isOrderable } } }",
        id=encode("Module", shop.module.id),
    ) == {"data": {"node": {"isOrderable": False}}}
    before = await writer.fingerprint()
    assert await writer.change(MUTATION, Kind.MANAGER, shop.given()) == broken(
        "input.moduleId", "This module has no public tariff that may be ordered."
    )
    assert await writer.fingerprint() == before
    assert await writer.change(MUTATION, Kind.MANAGER, shop.by_offer()) == NO_OFFER
    assert await uses(superuser, shop.offer) == 0


async def test_a_tariff_that_begins_later(writer, write, shop):
    later = today() + timedelta(days=10)
    future = factories.tariff(shop.module)
    version = factories.tariff_version(future, valid_from=later, valid_from_for_existing=later)
    await write(future, version)
    before = await writer.fingerprint()
    given = shop.given(tariff={"id": encode("Tariff", future.id)})
    assert await writer.change(MUTATION, Kind.OWNER, given) == broken(
        "input.tariff.id", f"This tariff can be ordered from {written(later)} on."
    )
    assert await writer.fingerprint() == before


async def test_customers_and_employees_order_from_today_on(writer, shop):
    before = await writer.fingerprint()
    for kind in (Kind.OWNER, Kind.EMPLOYEE):
        answer = await writer.change(MUTATION, kind, shop.given(startsOn=day(-1)))
        assert answer == broken(
            "input.startsOn", f"A module starts on {written(today())} at the earliest."
        )
    assert await writer.fingerprint() == before
    await writer.change("setContractStart", Kind.MANAGER, {"startsOn": None})
    answer = await writer.change(
        MUTATION, Kind.MANAGER, shop.given(startsOn="1900-01-01"), "startsOn status"
    )
    assert answer == {
        "__typename": "ModuleSubscription",
        "startsOn": "1900-01-01",
        "status": "ACTIVE",
    }
    answer = await writer.change(
        MUTATION, Kind.OWNER, shop.given(startsOn="2199-12-31"), "startsOn status"
    )
    assert answer == {
        "__typename": "ModuleSubscription",
        "startsOn": "2199-12-31",
        "status": "ORDERED",
    }


async def test_no_module_starts_before_the_day_that_was_set_for_the_contract(writer, shop):
    before = await writer.fingerprint()
    answer = await writer.change(MUTATION, Kind.MANAGER, shop.given(startsOn="2024-01-14"))
    assert answer == broken(
        "input.startsOn",
        "The start of the contract was set to 15 January 2024, and no module starts before it: set"
        " an earlier one first.",
    )
    assert await writer.fingerprint() == before
    answer = await writer.change(
        MUTATION, Kind.MANAGER, shop.given(startsOn="2024-01-15"), "status"
    )
    assert answer == {"__typename": "ModuleSubscription", "status": "ACTIVE"}


@pytest.mark.parametrize("starts_on", ["1899-12-31", "2200-01-01", "9999-12-31", "0001-01-01"])
async def test_days_that_no_contract_knows(writer, shop, starts_on):
    before = await writer.fingerprint()
    for kind in (Kind.OWNER, Kind.MANAGER):
        answer = await writer.change(MUTATION, kind, shop.given(startsOn=starts_on))
        assert answer == refusal(
            problem(
                "INVALID_INPUT",
                "input.startsOn",
                "Must be a day from 1 January 1900 to 31 December 2199.",
            )
        )
    assert await writer.fingerprint() == before


ENDING = {"renewal": "NONE", "ending_day": "ANY_DAY"}


@pytest.mark.parametrize(
    ("starts_on", "count", "ends_on"),
    [
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-28"),
        ("2028-02-28", 12, "2029-02-27"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2199-12-31", 12, "2199-12-31"),
    ],
)
async def test_a_contract_that_ends_by_itself_knows_its_last_day(
    writer, superuser, world, starts_on, count, ends_on
):
    shop = await open_shop(superuser, world, ENDING | {"initial_term_count": count})
    fields = "startsOn endsOn status currentTariff { endsOn }"
    given = shop.given(startsOn=starts_on)
    assert await writer.change(MUTATION, Kind.OWNER, given, fields) == {
        "__typename": "ModuleSubscription",
        "startsOn": starts_on,
        "endsOn": ends_on,
        "status": "ORDERED",
        "currentTariff": {"endsOn": ends_on},
    }


async def test_a_29_february_that_there_is_not(writer, shop):
    before = await writer.fingerprint()
    response = await writer.send(MUTATION, Kind.OWNER, shop.given(startsOn="2027-02-29"))
    (error,) = response["errors"]
    assert "A Date is written as 2026-12-31." in error["message"]
    assert await writer.fingerprint() == before


async def test_a_single_booking_is_had_once_at_a_time(writer, superuser, world):
    shop = await open_shop(superuser, world, is_single_booking=True)
    first = shop.given(startsOn=day(5))
    answer = await writer.change(MUTATION, Kind.OWNER, first, "id")
    _, subscription_id = decode(answer["id"])
    before = await writer.fingerprint()
    endless = broken(
        "input.moduleId",
        "This module can be had once at a time, and is ordered from"
        f" {written(today() + timedelta(days=5))} on without a last day.",
    )
    for kind in (Kind.OWNER, Kind.MANAGER):
        for starts_on in (day(0), day(5), day(400)):
            answer = await writer.change(MUTATION, kind, shop.given(startsOn=starts_on))
            assert answer == endless
    assert await writer.change(MUTATION, Kind.OWNER, shop.by_offer()) == endless
    assert await uses(superuser, shop.offer) == 0
    assert await writer.fingerprint() == before
    async with superuser.begin() as connection:
        await connection.execute(
            sa.text("UPDATE module_subscription SET ends_on = :day WHERE id = :id"),
            {"day": today() + timedelta(days=30), "id": subscription_id},
        )
    answer = await writer.change(MUTATION, Kind.OWNER, shop.given(startsOn=day(30)))
    assert answer == broken(
        "input.startsOn",
        "This module can be had once at a time; it can be ordered again from"
        f" {written(today() + timedelta(days=31))} on.",
    )
    answer = await writer.change(MUTATION, Kind.OWNER, shop.given(startsOn=day(31)), "status")
    assert answer == {"__typename": "ModuleSubscription", "status": "ORDERED"}


async def test_of_two_who_order_at_once_one_wins(writer, superuser, world):
    shop = await open_shop(superuser, world, is_single_booking=True)
    kinds = (Kind.OWNER, Kind.ADMIN, Kind.EMPLOYEE, Kind.MANAGER)
    answers = await asyncio.gather(
        *(writer.change(MUTATION, kind, shop.given(), "status") for kind in kinds)
    )
    won = [answer for answer in answers if answer["__typename"] == "ModuleSubscription"]
    lost = [answer for answer in answers if answer not in won]
    assert won == [{"__typename": "ModuleSubscription", "status": "ACTIVE"}]
    assert (
        lost
        == [
            broken(
                "input.moduleId",
                "This module can be had once at a time, and is ordered from"
                f" {written(today())} on without a last day.",
            )
        ]
        * 3
    )
    assert len(await writer.entries()) == 1


@pytest.mark.parametrize(
    ("given", "meanwhile", "expected"),
    [
        ("given", CLOSE, CHANGED),
        ("by_offer", CLOSE, ("NOT_FOUND", ["input", "tariff", "offerNumber"])),
        ("given", WITHDRAW, CHANGED),
        ("by_offer", WITHDRAW, CHANGED),
        ("given", RETIRE, ("RULE_BROKEN", ["input", "moduleId"])),
    ],
)
async def test_an_order_waits_for_whoever_closes_what_it_is_for(
    writer, shop, superuser, given, meanwhile, expected
):
    """One wins: what is closed while an order is under way is not ordered."""
    before = await writer.rows()
    tariff = shop.public if given == "given" else shop.offer
    ids = {"tariff": tariff.id, "module": shop.module.id, "today": today()}
    async with superuser.connect() as connection:
        for lock in LOCKS:
            await connection.execute(sa.text(lock), ids)
        sent = getattr(shop, given)()
        ordering = asyncio.create_task(writer.change(MUTATION, Kind.OWNER, sent))
        await wait_until_blocked(superuser, await pid_of(connection))
        await connection.execute(sa.text(meanwhile), ids)
        await connection.commit()
    answer = await ordering
    (found,) = answer["problems"]
    assert (found["code"], found["path"]) == expected
    assert await writer.rows() == before


async def test_the_same_order_twice_by_its_key_is_one(writer, shop):
    given = shop.given(idempotencyKey="k-1")
    first = await writer.change(MUTATION, Kind.OWNER, given, "id")
    assert await writer.change(MUTATION, Kind.OWNER, given, "id") == first
    assert len(await writer.entries()) == 1


async def test_several_faults_are_told_at_once(writer, shop):
    before = await writer.fingerprint()
    given = shop.given(
        startsOn="2200-01-01",
        data={"greeting": 5, "openingHours": {"mon": []}, "fax": "1"},
        tariff={"id": "x"},
        contractPartner=PARTNER,
    )
    answer = await writer.change(MUTATION, Kind.OWNER, given)
    assert [(one["code"], ".".join(one["path"])) for one in answer["problems"]] == [
        ("INVALID_INPUT", "input.startsOn"),
        ("INVALID_INPUT", "input.data.fax"),
        ("INVALID_INPUT", "input.data.greeting"),
        ("INVALID_INPUT", "input.data.openingHours.mon"),
        ("RULE_BROKEN", "input.contractPartner"),
        ("NOT_FOUND", "input.tariff.id"),
    ]
    assert await writer.fingerprint() == before


async def test_the_mail_confirms_in_the_language_of_the_account(writer, superuser, shop):
    await writer.change("updateAccount", Kind.OWNER, {"language": "DE", "name": "Zagerij"})
    await writer.change(MUTATION, Kind.OWNER, shop.given(startsOn="2199-01-02"))
    async with superuser.connect() as connection:
        found = await connection.execute(
            sa.text("SELECT recipient, subject, text FROM outbox WHERE account_id = :id"),
            {"id": writer.world.own.account_id},
        )
        mail = found.all()[-1]
    assert mail.recipient == writer.world.own.owner.email
    assert mail.subject == f"Bestätigung Ihrer Bestellung: {shop.module.name}"
    assert f"wir bestätigen die Bestellung von {shop.module.name}" in mail.text
    assert "Erster Tag: 2. Januar 2199\n" in mail.text


async def test_a_foreign_account_is_answered_like_none(writer, shop):
    before = await writer.fingerprint()
    given = shop.given(id=writer.world.foreign.id)
    assert await writer.change(MUTATION, Kind.OWNER, given) == NOT_FOUND
    assert await writer.fingerprint() == before
