"""Managers make, rename and close tariffs, and prepare drafts of their versions."""

import asyncio
import re
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.language.global_id import decode, encode
from tests import factories
from tests.api.blocking import pid_of, wait_until_blocked
from tests.api.ordering import day, open_shop, today
from tests.world import Kind
from tests.writing import problem, refusal

_REFUSAL = "... on Refusal { problems { code path message } }"
TERMS = {
    "initialTerm": {"count": 12, "unit": "MONTHS"},
    "renewal": "OPEN_ENDED",
    "noticePeriod": {"count": 3, "unit": "MONTHS"},
    "endingDay": "END_OF_QUARTER",
}
_DRAFTS = {"createVersion", "updateVersion", "savePriceList", "importPriceList"}
_OFFERED = "name { value language } isPublic offerNumber offerExpiresOn offerMostUses closedFrom"


@pytest.fixture
async def module(write):
    module = factories.module()
    await write(module)
    return module


@pytest.fixture
def send(api, world):
    """Send a mutation as a manager; give its own part of the answer."""

    async def send(mutation, given, fields="id version", kind=Kind.MANAGER):
        name = f"{mutation[0].upper()}{mutation[1:]}Input"
        row = "TariffVersion" if mutation in _DRAFTS else "Tariff"
        response = await api(
            f"mutation ($input: {name}!) {{ {mutation}(input: $input) {{ __typename"
            f" ... on {row} {{ {fields} }} {_REFUSAL} }} }}",
            world.tokens[kind],
            input=given,
        )
        assert set(response) == {"data"}, response
        return response["data"][mutation]

    return send


def fault(path, message, code="INVALID_INPUT"):
    found = refusal(problem(code, path, message))
    for one in found["problems"]:
        del one["required"]
    return found


def new_tariff(module, **more):
    return {"moduleId": encode("Module", module.id), "name": {"value": "Basis"}} | more


@pytest.mark.reads
async def test_a_tariff_is_public_or_has_an_offer_number(send, module):
    given = new_tariff(module, name={"value": "Basis", "en": "Basic"})
    answer = await send("createTariff", given, _OFFERED)
    assert answer == {
        "__typename": "Tariff",
        "name": {"value": "Basic", "language": "EN"},
        "isPublic": True,
        "offerNumber": None,
        "offerExpiresOn": None,
        "offerMostUses": None,
        "closedFrom": None,
    }
    number = factories.word()
    limits = {"offerNumber": number, "offerExpiresOn": day(9), "offerMostUses": 3}
    answer = await send(
        "createTariff", new_tariff(module, name={"value": "Offer"}, **limits), _OFFERED
    )
    assert answer == answer | limits | {"isPublic": False}


@pytest.mark.reads
async def test_a_drawn_number_has_40_random_bits_that_nobody_misreads(send, module):
    numbers = set()
    for place in range(5):
        given = new_tariff(module, name={"value": f"Offer {place}"}, drawOfferNumber=True)
        answer = await send("createTariff", given, "offerNumber")
        assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", answer["offerNumber"])
        numbers.add(answer["offerNumber"])
    assert len(numbers) == 5


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        ({"name": {"value": " "}}, "input.name.value", "Must not be empty."),
        ({"offerMostUses": 3}, "input.offerMostUses", None),
        ({"offerNumber": "X-1", "drawOfferNumber": True}, "input.offerNumber", None),
        ({"offerNumber": " "}, "input.offerNumber", "Must not be empty."),
        ({"offerNumber": "X" * 41}, "input.offerNumber", None),
        ({"offerNumber": "X-1", "offerMostUses": 0}, "input.offerMostUses", None),
        ({"offerNumber": "X-1", "offerExpiresOn": "0001-01-01"}, "input.offerExpiresOn", None),
        (
            {"offerNumber": "X-1", "offerExpiresOn": "1900-01-01"},
            "input.offerExpiresOn",
            "This day is over.",
        ),
        ({"moduleId": encode("Tariff", UUID(int=1))}, "input.moduleId", None),
    ],
)
@pytest.mark.reads
async def test_what_is_no_tariff_is_refused(send, module, writer, more, path, message):
    before = await writer.fingerprint()
    answer = await send("createTariff", new_tariff(module, **more))
    assert answer["__typename"] == "Refusal"
    (found,) = answer["problems"]
    assert ".".join(found["path"]) == path
    assert message is None or found["message"] == message
    assert await writer.fingerprint() == before


@pytest.fixture
async def offered(write, module):
    """A public tariff with a published version: two sections, of three items."""
    tariff = factories.tariff(module)
    version = factories.tariff_version(tariff)
    fixed, used = factories.section(version, title="Fixed"), factories.section(version, 1)
    items = [
        factories.item(fixed, 0, key="BASE", unit_price=Decimal(10)),
        factories.item(fixed, 1, key="SEAT", unit_price=Decimal("2.5")),
        factories.item(used, 0, key="CALL", unit_price=Decimal("0.085")),
    ]
    await write(tariff, version, fixed, used, *items)
    return tariff


@pytest.mark.reads
async def test_two_tariffs_of_a_module_have_two_names_and_two_numbers(send, module, writer):
    given = new_tariff(module, offerNumber=factories.word())
    await send("createTariff", given)
    before = await writer.fingerprint()
    answer = await send("createTariff", new_tariff(module, name={"value": " BASIS "}))
    assert answer == fault("input.name", "Another tariff of this module has this name.", "CONFLICT")
    answer = await send("createTariff", given | {"name": {"value": "Other"}})
    assert answer == fault("input.offerNumber", "Another tariff has this offer number.", "CONFLICT")
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_a_tariff_is_renamed_and_its_offer_limited(send, module, writer):
    made = await send("createTariff", new_tariff(module, offerNumber=factories.word()))
    given = {"id": made["id"], "expectedVersion": 1, "name": {"value": "Another", "de": "Anders"}}
    changed = await send("updateTariff", given | {"offerMostUses": 5}, f"{_OFFERED} version")
    assert (changed["name"]["value"], changed["offerMostUses"]) == ("Another", 5)
    assert changed["version"] == 2
    before = await writer.fingerprint()
    answer = await send("updateTariff", given)
    assert answer["problems"][0]["code"] == "CONFLICT"
    assert await writer.fingerprint() == before
    changed = await send("updateTariff", {"id": made["id"], "offerMostUses": None}, _OFFERED)
    assert changed["offerMostUses"] is None


ORDERABLE = """query ($id: ID!) { tariff(id: $id) { priceList { validFrom }
  closedFrom } node(id: $id) { ... on Tariff { name { value } } } }"""


async def test_a_closed_tariff_is_offered_to_nobody_from_its_day_on(
    send, api, writer, world, superuser
):
    shop = await open_shop(superuser, world)
    id = encode("Tariff", shop.public.id)
    assert (await send("closeTariff", {"id": id, "closedFrom": day(1)}, _OFFERED))[
        "closedFrom"
    ] == day(1)
    answer = await api(ORDERABLE, world.tokens[Kind.MANAGER], id=id)
    assert answer["data"]["tariff"]["priceList"] == {"validFrom": "2024-01-15"}
    await send("closeTariff", {"id": id, "closedFrom": day(0)})
    answer = await api(ORDERABLE, world.tokens[Kind.MANAGER], id=id)
    assert answer["data"]["tariff"] == {"priceList": None, "closedFrom": day(0)}
    before = await writer.rows()
    answer = await writer.change("orderModule", Kind.OWNER, shop.given())
    assert answer["problems"][0]["message"] == (
        "This module has no public tariff that may be ordered."
    )
    assert await writer.rows() == before
    answer = await send("closeTariff", {"id": id, "closedFrom": day(-1)})
    assert answer == fault("input.closedFrom", "This day is over.", "RULE_BROKEN")
    await send("closeTariff", {"id": id, "closedFrom": None})
    answer = await api(ORDERABLE, world.tokens[Kind.MANAGER], id=id)
    assert answer["data"]["tariff"]["priceList"] == {"validFrom": "2024-01-15"}


async def test_closing_names_the_changes_that_lead_to_the_tariff(
    send, write, world, module, offered, writer
):
    own = world.own
    other = factories.tariff(module)
    running = factories.module_subscription(own.account_id, module)
    later = today() + timedelta(days=30)
    await write(
        other,
        factories.tariff_version(other),
        running,
        factories.tariff_period(running, other),
        factories.tariff_change(running, offered, own.owner, later),
    )
    id = encode("Tariff", offered.id)
    before = await writer.fingerprint()
    for closed_from in (day(0), later.isoformat()):
        answer = await send("closeTariff", {"id": id, "closedFrom": closed_from})
        (found,) = answer["problems"]
        assert (found["code"], found["path"]) == ("CONFLICT", ["input", "closedFrom"])
        assert module.name in found["message"]
        assert own.account.name in found["message"]
    assert await writer.fingerprint() == before
    answer = await send("closeTariff", {"id": id, "closedFrom": day(31)}, "closedFrom")
    assert answer["closedFrom"] == day(31)


async def test_closing_waits_for_a_change_under_way(send, world, module, offered, superuser, write):
    own = world.own
    other, running = factories.tariff(module), factories.module_subscription(own.account_id, module)
    await write(
        other,
        factories.tariff_version(other),
        running,
        factories.tariff_period(running, other),
    )
    change = factories.tariff_change(running, offered, own.owner, today() + timedelta(days=30))
    closing = {"id": encode("Tariff", offered.id), "closedFrom": day(0)}
    async with AsyncSession(superuser) as session, session.begin():
        session.add(change)
        await session.flush()
        answer = asyncio.create_task(send("closeTariff", closing))
        await wait_until_blocked(superuser, await pid_of(await session.connection()))
    (found,) = (await answer)["problems"]
    assert (found["code"], found["path"]) == ("CONFLICT", ["input", "closedFrom"])
    assert own.account.name in found["message"]


VERSIONS = """query ($id: ID!) { tariff(id: $id) { versions(%s) { edges { node {
  id publishedAt validFrom hasBegun
  terms { initialTerm { count unit } renewalTerm { count unit }
    noticePeriod { count unit } endingDay }
  sections { title { value } items { key unitPrice } } } } } } }"""


@pytest.mark.reads
async def test_a_draft_is_begun_with_terms_or_as_a_copy(send, api, world, offered, writer):
    id = encode("Tariff", offered.id)
    own = await send("createVersion", {"tariffId": id, "terms": TERMS})
    copied = await send("createVersion", {"tariffId": id})
    answer = await api(VERSIONS % "filter: {isPublished: false}", world.tokens[Kind.MANAGER], id=id)
    drafts = {
        edge["node"]["id"]: edge["node"] for edge in answer["data"]["tariff"]["versions"]["edges"]
    }
    assert set(drafts) == {own["id"], copied["id"]}
    assert drafts[own["id"]] == {
        "id": own["id"],
        "publishedAt": None,
        "validFrom": None,
        "hasBegun": False,
        "terms": {
            "initialTerm": TERMS["initialTerm"],
            "renewalTerm": None,
            "endingDay": "END_OF_QUARTER",
            "noticePeriod": TERMS["noticePeriod"],
        },
        "sections": [],
    }
    sections = drafts[copied["id"]]["sections"]
    assert [[item["key"] for item in one["items"]] for one in sections] == [
        ["BASE", "SEAT"],
        ["CALL"],
    ]
    answer = await api(VERSIONS % "first: 20", world.tokens[Kind.MANAGER], id=id)
    assert len(answer["data"]["tariff"]["versions"]["edges"]) == 3
    answer = await api(VERSIONS % "first: 20", world.tokens[Kind.OWNER], id=id)
    assert answer["data"]["tariff"]["versions"] is None
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        ({"renewal": "RENEWAL_TERM"}, ["renewalTerm", "endingDay"]),
        (
            {"renewal": "RENEWAL_TERM", "renewalTerm": {"count": 0, "unit": "MONTHS"}},
            ["renewalTerm", "endingDay"],
        ),
        ({"initialTerm": {"count": -1, "unit": "DAYS"}}, ["initialTerm"]),
        ({"endingDay": "END_OF_TERM"}, ["endingDay"]),
    ],
)
@pytest.mark.reads
async def test_terms_under_which_no_day_can_be_computed_are_refused(
    send, offered, writer, terms, path
):
    before = await writer.fingerprint()
    given = {"tariffId": encode("Tariff", offered.id), "terms": TERMS | terms}
    answer = await send("createVersion", given)
    assert [one["path"] for one in answer["problems"]] == [["input", "terms", one] for one in path]
    assert await writer.fingerprint() == before


NOTES = """query ($id: ID!) { node(id: $id) { ... on TariffVersion {
  notes { country field sentence } } } }"""


@pytest.mark.reads
async def test_what_the_law_makes_void_for_consumers_is_named(send, api, world, offered):
    terms = TERMS | {"initialTerm": {"count": 36, "unit": "MONTHS"}}
    made = await send("createVersion", {"tariffId": encode("Tariff", offered.id), "terms": terms})
    answer = await api(NOTES, world.tokens[Kind.MANAGER], id=made["id"])
    notes = answer["data"]["node"]["notes"]
    assert [(one["country"], one["field"]) for one in notes] == [
        *(("NL", field) for field in ("initialTerm", "endingDay", "noticePeriod")),
        *(("DE", field) for field in ("initialTerm", "endingDay", "noticePeriod")),
    ]
    assert notes[0]["sentence"] == (
        "Consumers are bound for 12 months at most, whatever the initial term"
        " (BW 6:236 (j), 6:237 (k))."
    )


def priced(*sections):
    """Give sections of a price list: a title, and items of key and price."""
    return [
        {
            "title": {"value": title},
            "items": [
                {
                    "key": key,
                    "name": {"value": key.title()},
                    "unit": {"value": "maand", "en": "month"},
                    "unitCode": "MON",
                    "unitPrice": price,
                    "vatCategory": "STANDARD",
                    "billingMode": "MONTHLY",
                }
                | more
                for key, price, more in items
            ],
        }
        for title, *items in sections
    ]


@pytest.fixture
async def draft(send, offered):
    return await send("createVersion", {"tariffId": encode("Tariff", offered.id)})


LIST = "version sections { title { value } items { key unitPrice isAdditionalOption } }"


@pytest.mark.reads
async def test_a_price_list_is_saved_whole_and_rows_stay_by_their_key(
    send, draft, superuser, api, world
):
    id = decode(draft["id"])[1]
    keys = "SELECT key, id FROM item WHERE tariff_version_id = :id"

    async def rows():
        async with superuser.connect() as connection:
            return dict(map(tuple, await connection.execute(sa.text(keys), {"id": id})))

    before = await rows()
    option = {"isAdditionalOption": True, "noticePeriod": {"count": 1, "unit": "WEEKS"}}
    sections = priced(
        ("Usage", ("CALL", "0.123456", {}), ("BASE", "-1.5", {})),
        ("Options", ("SATURDAY", "29", option | {"endingDay": "ANY_DAY"})),
        ("More",),
    )
    given = {"id": draft["id"], "expectedVersion": 1, "sections": sections}
    answer = await send("savePriceList", given, LIST)
    assert answer["version"] == 2
    assert [[item["unitPrice"] for item in one["items"]] for one in answer["sections"]] == [
        ["0.123456", "-1.50"],
        ["29.00"],
        [],
    ]
    after = await rows()
    assert set(after) == {"CALL", "BASE", "SATURDAY"}
    assert {key: after[key] for key in ("CALL", "BASE")} == {
        key: before[key] for key in ("CALL", "BASE")
    }
    answer = await send("savePriceList", given)
    assert answer["problems"][0]["code"] == "CONFLICT"


async def test_what_is_left_out_of_an_item_is_not_kept(send, draft, superuser):
    exempt = {"vatCategory": "EXEMPT", "vatExemptionText": "Teaching."}
    option = {"isAdditionalOption": True, "endingDay": "ANY_DAY"}
    whole = exempt | option | {"noticePeriod": {"count": 1, "unit": "WEEKS"}}
    for more in (whole | {"billingBasis": "CALENDAR"}, {}):
        sections = priced(("Fixed", ("BASE", "1", more)))
        answer = await send("savePriceList", {"id": draft["id"], "sections": sections})
        assert answer["__typename"] == "TariffVersion", answer
    columns = (
        "vat_category, vat_exemption_text, billing_basis, is_additional_option,"
        " notice_period_count, ending_day"
    )
    async with superuser.connect() as connection:
        row = await connection.execute(
            sa.text(f"SELECT {columns} FROM item WHERE tariff_version_id = :id"),  # noqa: S608
            {"id": decode(draft["id"])[1]},
        )
        assert tuple(row.one()) == ("STANDARD", None, "CONTRACT", False, None, None)


@pytest.mark.parametrize(
    ("key", "price", "more", "field"),
    [
        ("BASE", "1", {}, "key"),
        ("base", "1", {}, "key"),
        ("A B", "1", {}, "key"),
        ("NEW", "10000001", {}, "unitPrice"),
        ("NEW", "39.9512345", {}, "unitPrice"),
        ("NEW", "NaN", {}, "unitPrice"),
        ("NEW", "1", {"unitCode": "XYZ"}, "unitCode"),
        ("NEW", "1", {"vatExemptionCode": "VATEX-EU-132"}, "vatExemptionCode"),
        ("NEW", "1", {"vatCategory": "EXEMPT"}, "vatExemptionCode"),
        ("NEW", "1", {"noticePeriod": {"count": 1, "unit": "DAYS"}}, "endingDay"),
        (
            "NEW",
            "1",
            {"noticePeriod": {"count": 1, "unit": "DAYS"}, "endingDay": "ANY_DAY"},
            "noticePeriod",
        ),
        ("NEW", "1", {"name": {"value": ""}}, "name.value"),
    ],
)
@pytest.mark.reads
async def test_what_is_no_item_is_refused_with_its_place(
    send, draft, writer, key, price, more, field
):
    before = await writer.fingerprint()
    sections = priced(("Fixed", ("BASE", "1", {}), (key, price, more)))
    answer = await send("savePriceList", {"id": draft["id"], "sections": sections})
    assert ["input", "sections", "0", "items", "1", *field.split(".")] in [
        one["path"] for one in answer["problems"]
    ]
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_every_price_that_is_none_is_told_with_its_place(send, draft, writer):
    before = await writer.fingerprint()
    sections = priced(
        ("Fixed", ("BASE", "1", {}), ("A", "NaN", {})), ("More", ("B", "1.1234567", {}))
    )
    answer = await send("savePriceList", {"id": draft["id"], "sections": sections})
    assert [(one["code"], one["path"]) for one in answer["problems"]] == [
        ("INVALID_INPUT", ["input", "sections", section, "items", item, "unitPrice"])
        for section, item in (("0", "1"), ("1", "0"))
    ]
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_what_is_published_is_changed_by_nobody(send, offered, writer, api, world):
    id = encode("Tariff", offered.id)
    answer = await api(VERSIONS % "filter: {isPublished: true}", world.tokens[Kind.MANAGER], id=id)
    (edge,) = answer["data"]["tariff"]["versions"]["edges"]
    before = await writer.fingerprint()
    for mutation, more in (
        ("savePriceList", {"sections": []}),
        ("updateVersion", {"terms": TERMS}),
        ("deleteDraft", {}),
    ):
        answer = await send(mutation, {"id": edge["node"]["id"]} | more)
        assert answer == fault(
            "input.id",
            "This version is published and never changes; begin a draft instead.",
            "CONFLICT",
        )
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_a_draft_gets_other_terms_and_is_thrown_away(send, draft, offered, superuser, write):
    answer = await send(
        "updateVersion",
        {"id": draft["id"], "terms": TERMS},
        "version terms { noticePeriod { count } }",
    )
    assert answer == {
        "__typename": "TariffVersion",
        "version": 2,
        "terms": {"noticePeriod": {"count": 3}},
    }
    version = factories.tariff_version(offered, id=decode(draft["id"])[1])
    await write(factories.version_job(version))
    answer = await send("deleteDraft", {"id": draft["id"]}, "name { value }")
    assert answer["__typename"] == "Tariff"
    async with superuser.connect() as connection:
        for table in ("item", "price_list_section", "version_job"):
            counted = sa.text(f"SELECT count(*) FROM {table} WHERE tariff_version_id = :id")  # noqa: S608
            assert await connection.scalar(counted, {"id": decode(draft["id"])[1]}) == 0


USES = """query ($id: ID!) { node(id: $id) { ... on TariffVersion { endingUses {
  key kind accountId accountName } } } }"""


async def test_a_draft_says_whose_quantity_option_or_agreement_ends(
    send, api, write, world, module, offered, draft
):
    own = world.own
    running = factories.module_subscription(own.account_id, module)
    days = {"starts_on": today() - timedelta(days=9)}
    await write(
        running,
        factories.tariff_period(running, offered),
        factories.item_quantity(running, "SEAT", 7, **days),
        factories.item_quantity(running, "CALL", 2, **days, ends_on=today() - timedelta(days=1)),
        factories.booked_option(running, "SATURDAY", 1, **days),
        factories.special_agreement(own.account_id, module, item_key="BASE", **days),
    )
    answer = await api(USES, world.tokens[Kind.MANAGER], id=draft["id"])
    assert [one["key"] for one in answer["data"]["node"]["endingUses"]] == ["SATURDAY"]
    await send("savePriceList", {"id": draft["id"], "sections": []})
    answer = await api(USES, world.tokens[Kind.MANAGER], id=draft["id"])
    account = {"accountId": own.id, "accountName": own.account.name}
    assert answer["data"]["node"]["endingUses"] == [
        {"key": "BASE", "kind": "AGREEMENT"} | account,
        {"key": "SATURDAY", "kind": "OPTION"} | account,
        {"key": "SEAT", "kind": "QUANTITY"} | account,
    ]


CSV = "priceListCsv sections { title { value } items { key unitPrice name { value language } } }"
FILE = """section;key;name;name.en;unit;unitPrice;vatCategory;billingMode
Vast;BASE;Basisbedrag;Base;maand;39,95;STANDARD;MONTHLY
Vast;SEAT;Werkplek;;maand;-2,5;STANDARD;MONTHLY
Gebruik;CALL;Gesprek;Call;gesprek;0,085;STANDARD;PER_USE
"""


@pytest.fixture
def upload(client, world):
    """Send a file as a manager; give its id."""

    async def upload(text):
        answer = await client.post(
            "/uploads",
            files={"file": ("prices.csv", text.encode())},
            headers={"Authorization": f"Bearer {world.tokens[Kind.MANAGER]}"},
        )
        return answer.json()["id"]

    return upload


@pytest.mark.reads
async def test_a_price_list_comes_in_as_a_file_and_goes_out_as_the_same(send, draft, upload):
    given = {"id": draft["id"], "uploadId": await upload(f"\ufeff{FILE}")}
    answer = await send("importPriceList", given, CSV)
    assert [
        (one["title"]["value"], [(item["key"], item["unitPrice"]) for item in one["items"]])
        for one in answer["sections"]
    ] == [
        ("Vast", [("BASE", "39.95"), ("SEAT", "-2.50")]),
        ("Gebruik", [("CALL", "0.085")]),
    ]
    assert answer["sections"][0]["items"][0]["name"] == {"value": "Base", "language": "EN"}
    again = {"id": draft["id"], "uploadId": await upload(answer["priceListCsv"])}
    assert await send("importPriceList", again, CSV) == answer
    answer = await send("importPriceList", again)
    assert (answer["problems"][0]["code"], answer["problems"][0]["path"]) == (
        "NOT_FOUND",
        ["input", "uploadId"],
    )


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("39,95", "39,9512345", ["2", "unitPrice"]),
        ("39,95", "NaN", ["2", "unitPrice"]),
        ("39,95", "Infinity", ["2", "unitPrice"]),
        ("SEAT", "BASE", ["3", "key"]),
        ("SEAT", "", ["3", "key"]),
        ("Werkplek", "=cmd|calc", ["3", "name"]),
        ("Gebruik", "x" * 201, ["4", "title", "value"]),
        ("PER_USE", "SOMETIMES", ["4", "billingMode"]),
        ("section;", "sections;", []),
    ],
)
@pytest.mark.reads
async def test_each_fault_of_a_file_has_its_line(send, draft, upload, writer, old, new, path):
    given = {"id": draft["id"], "uploadId": await upload(FILE.replace(old, new))}
    before = await writer.fingerprint()
    answer = await send("importPriceList", given)
    assert ["input", "uploadId", *path] in [one["path"] for one in answer["problems"]]
    assert await writer.fingerprint() == before


MANY_FAULTS = """section;key;name;unit;unitCode;unitPrice;vatCategory;billingMode
=Vast;_A;=Basis;maand;MONTH;twelve;EXEMPT;MONTHLY
Vast;SEAT;;maand;MON;1,1234567;HIGH;MONTHLY
Vast;SEAT
Vast;SEAT;Zetel;maand;MON;1;STANDARD;SOMETIMES
"""


@pytest.mark.reads
async def test_every_fault_of_a_file_is_told_at_once(send, draft, upload):
    """Of reading, of the form and of the rules; and of each field no more than one."""
    given = {"id": draft["id"], "uploadId": await upload(MANY_FAULTS)}
    answer = await send("importPriceList", given)
    assert sorted(".".join(one["path"][2:]) for one in answer["problems"]) == [
        *("2.key", "2.name", "2.section", "2.unitCode", "2.unitPrice", "2.vatExemptionCode"),
        *("3.name.value", "3.unitPrice", "3.vatCategory", "4", "5.billingMode", "5.key"),
    ]


@pytest.mark.reads
async def test_every_fault_of_an_item_is_told_at_once(send, draft):
    wrong = {"name": {"value": ""}, "vatExemptionText": "x" * 201, "unitCode": "XYZ"}
    more = wrong | {"vatCategory": "EXEMPT", "noticePeriod": {"count": 1, "unit": "DAYS"}}
    sections = priced(("", ("_A", "10000001", more)))
    answer = await send("savePriceList", {"id": draft["id"], "sections": sections})
    assert sorted(".".join(one["path"][3:]) for one in answer["problems"]) == [
        *("items.0.endingDay", "items.0.key", "items.0.name.value", "items.0.unitCode"),
        *("items.0.unitPrice", "items.0.vatExemptionText", "title.value"),
    ]


@pytest.mark.reads
async def test_a_file_has_at_most_10_000_lines(send, draft, upload, writer):
    id = await upload("section\n" * 100_000)
    before = await writer.fingerprint()
    answer = await send("importPriceList", {"id": draft["id"], "uploadId": id})
    assert answer == fault("input.uploadId", "May have at most 10,000 lines.")
    assert await writer.fingerprint() == before
