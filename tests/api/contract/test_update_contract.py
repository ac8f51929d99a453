"""updateContract: what the parties may set themselves."""

import pytest

from tests.saying import not_permitted
from tests.world import Kind
from tests.writing import NOT_FOUND, forbidden, problem, refusal

EDITORS = "CUSTOMER EMPLOYEE MANAGER"
FIELDS = """
id version purchaseOrderNumber registrationNumber electronicAddress buyerReference receivesUbl
documentDelivery { recipients mode }
billingAddress { name attention street extra postalCode city country }
"""
ADDRESS = {
    "name": " Beheer Het Huisje ",
    "street": "Postbus 45",
    "postalCode": "2300 AA",
    "city": "Leiden",
    "country": "nl",
}
STORED_ADDRESS = {
    "name": "Beheer Het Huisje",
    "street": "Postbus 45",
    "postalCode": "2300 AA",
    "city": "Leiden",
    "country": "NL",
    "attention": None,
    "extra": None,
}
MEMBERS_WHO_EDIT = [Kind.OWNER, Kind.ADMIN, Kind.BILLING, Kind.EMPLOYEE, Kind.MANAGER]
EVERYTHING = {
    "billingAddress": ADDRESS,
    "documentDelivery": {"recipients": [" Jan@Example.NL "], "mode": "ATTACHMENT"},
    "purchaseOrderNumber": "PO 7",
    "registrationNumber": "0000 0001 2345 6789 0123",
    "electronicAddress": " 0190:00000001234567890123 ",
    "buyerReference": "Post 4",
    "receivesUbl": False,
}


@pytest.mark.parametrize("kind", MEMBERS_WHO_EDIT)
async def test_who_holds_the_right_changes_the_contract(writer, kind):
    contract = writer.world.own.contract
    before = await writer.rows()
    assert await writer.change("updateContract", kind, EVERYTHING, FIELDS) == {
        "__typename": "Contract",
        "id": writer.world.own.contract_id,
        "version": 2,
        "purchaseOrderNumber": "PO 7",
        "registrationNumber": "00000001234567890123",
        "electronicAddress": "0190:00000001234567890123",
        "buyerReference": "Post 4",
        "receivesUbl": False,
        "documentDelivery": {"recipients": ["jan@example.nl"], "mode": "ATTACHMENT"},
        "billingAddress": STORED_ADDRESS,
    }
    assert await writer.written_since(before) == {
        "account": {"history_length": 3},
        "contract": {
            "version": 2,
            "purchase_order_number": "PO 7",
            "registration_number": "00000001234567890123",
            "electronic_address": "0190:00000001234567890123",
            "buyer_reference": "Post 4",
            "receives_ubl": False,
            "document_delivery_recipients": ["jan@example.nl"],
            "document_delivery_mode": "ATTACHMENT",
            "billing_address_name": "Beheer Het Huisje",
            "billing_address_street": "Postbus 45",
            "billing_address_postal_code": "2300 AA",
            "billing_address_city": "Leiden",
            "billing_address_attention": None,
            "billing_address_extra": None,
        },
    }
    (entry,) = await writer.entries()
    role = kind.value if kind in {Kind.EMPLOYEE, Kind.MANAGER} else "CUSTOMER"
    assert (entry["number"], entry["action"], entry["actor_role"], entry["reason"]) == (
        3,
        "updateContract",
        role,
        None,
    )
    delivery = contract.document_delivery
    billing = contract.billing_address
    assert {field: (before, after) for field, before, after in entry["values"]} == {
        "Contract.purchaseOrderNumber": (contract.purchase_order_number, "PO 7"),
        "Contract.registrationNumber": ("87654321", "00000001234567890123"),
        "Contract.electronicAddress": ("0106:87654321", "0190:00000001234567890123"),
        "Contract.buyerReference": (contract.buyer_reference, "Post 4"),
        "Contract.receivesUbl": (True, False),
        "Contract.documentDelivery": (
            {"recipients": delivery.recipients, "mode": "LINK"},
            {"recipients": ["jan@example.nl"], "mode": "ATTACHMENT"},
        ),
        "Contract.billingAddress": (
            {
                "name": billing.name,
                "street": "Hoofdstraat 1",
                "postalCode": "3511 AA",
                "city": "Utrecht",
                "country": "NL",
                "attention": "Administratie",
                "extra": "2e verdieping",
            },
            STORED_ADDRESS,
        ),
    }


IBAN_NEEDS = ("iban", "input.iban", "CUSTOMER MANAGER", "FINANCIALS", "OWNER BILLING")


def all_refused(kind_of_answer):
    """Give the answer that refuses each of the three fields."""
    needs = {"roles": EDITORS.split(), "scope": "CONTRACT_EDIT", "memberRoles": []}
    return refusal(
        *(
            problem("FORBIDDEN", f"input.{name}", not_permitted(name), needs)
            for name in kind_of_answer
        )
    )


@pytest.mark.parametrize(
    ("kind", "given", "answer"),
    [
        (Kind.READER, EVERYTHING, all_refused(EVERYTHING)),
        (Kind.ADMIN, {"iban": None, "purchaseOrderNumber": "x"}, forbidden(*IBAN_NEEDS)),
    ],
)
@pytest.mark.reads
async def test_every_refused_field_is_told_and_keeps_the_others_from_changing(
    writer, kind, given, answer
):
    before = await writer.fingerprint()
    assert await writer.change("updateContract", kind, given) == answer
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.BILLING, Kind.MANAGER])
async def test_the_bank_account_has_its_own_right(writer, kind):
    before = await writer.rows()
    given = {"iban": "de89 3704 0044 0532 0130 00"}
    assert await writer.change("updateContract", kind, given, "version iban") == {
        "__typename": "Contract",
        "version": 2,
        "iban": "DE89370400440532013000",
    }
    assert await writer.written_since(before) == {
        "account": {"history_length": 3},
        "contract": {"version": 2, "iban": "DE89370400440532013000"},
    }
    (entry,) = await writer.entries()
    assert entry["values"] == [["Contract.iban", "NL91ABNA0417164300", "DE89370400440532013000"]]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"billingAddress": None}, {"billingAddress": None}),
        ({"purchaseOrderNumber": None}, {"purchaseOrderNumber": None}),
        ({"purchaseOrderNumber": "   "}, {"purchaseOrderNumber": None}),
    ],
)
async def test_null_and_blank_empty_a_field_and_leave_the_others(writer, given, shown):
    before = await writer.change("updateContract", Kind.OWNER, {}, FIELDS)
    after = await writer.change("updateContract", Kind.OWNER, given, FIELDS)
    assert after == before | {"version": 2} | shown


async def test_emptying_and_filling_again_is_told_with_null(writer):
    await writer.change("updateContract", Kind.OWNER, {"billingAddress": None})
    await writer.change("updateContract", Kind.OWNER, {"billingAddress": ADDRESS})
    emptied, filled = await writer.entries()
    assert [emptied["number"], filled["number"]] == [3, 4]
    (((field, old, new),), ((field_again, none, again),)) = (emptied["values"], filled["values"])
    assert field == field_again == "Contract.billingAddress"
    assert (old["city"], new, none, again) == ("Utrecht", None, None, STORED_ADDRESS)


@pytest.mark.parametrize("kind", [*MEMBERS_WHO_EDIT, Kind.READER, Kind.EMPLOYEE_WITHOUT])
@pytest.mark.reads
async def test_nothing_sent_and_nothing_new_write_nothing(writer, kind):
    before = await writer.fingerprint()
    if kind is Kind.EMPLOYEE_WITHOUT:
        response = await writer.send("updateContract", kind, {}, "id")
        answer = response["data"]["updateContract"]
    else:
        answer = await writer.change("updateContract", kind, {}, "id version")
        assert answer.pop("version") == 1
    assert answer == {"__typename": "Contract", "id": writer.world.own.contract_id}
    if kind in MEMBERS_WHO_EDIT:
        same = {"purchaseOrderNumber": f" {writer.world.own.contract.purchase_order_number} "}
        assert (await writer.change("updateContract", kind, same))["version"] == 1
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_a_form_with_many_faults_shows_each(writer):
    before = await writer.fingerprint()
    given = {
        "iban": "NL92ABNA0417164300",
        "billingAddress": ADDRESS | {"name": " ", "country": "Holland"},
        "documentDelivery": {"recipients": ["jan", "a@example.nl"], "mode": "LINK"},
        "receivesUbl": None,
        "purchaseOrderNumber": "x" * 51,
    }
    assert await writer.change("updateContract", Kind.OWNER, given) == refusal(
        problem("INVALID_INPUT", "input.billingAddress.name", "Must not be empty."),
        problem(
            "INVALID_INPUT",
            "input.billingAddress.country",
            "Must be a country code of two letters (ISO 3166-1).",
        ),
        problem("INVALID_INPUT", "input.iban", "This is not a valid IBAN."),
        problem(
            "INVALID_INPUT",
            "input.documentDelivery.recipients.0",
            "This is not an e-mail address.",
        ),
        problem("INVALID_INPUT", "input.purchaseOrderNumber", "May have at most 50 characters."),
        problem("INVALID_INPUT", "input.receivesUbl", "Must not be empty."),
    )
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.READER, Kind.PARTNER])
@pytest.mark.reads
async def test_a_foreign_contract_is_answered_like_none(writer, kind):
    before = await writer.fingerprint()
    given = {"id": writer.world.foreign.contract_id, "purchaseOrderNumber": "x"}
    partner = forbidden("updateContract", "", EDITORS)
    expected = partner if kind is Kind.PARTNER else NOT_FOUND
    assert await writer.change("updateContract", kind, given) == expected
    assert await writer.fingerprint() == before


HISTORY = """query ($id: ID!) { account(id: $id) { history(first: 1) { edges { node {
    number action actorRole actorName reason values { field before after } } } } } }"""


@pytest.mark.parametrize(
    ("kind", "names_staff", "shows_iban"),
    [
        (Kind.OWNER, False, True),
        (Kind.ADMIN, False, False),
        (Kind.BILLING, False, True),
        (Kind.EMPLOYEE, True, True),
        (Kind.MANAGER, True, True),
    ],
)
async def test_the_history_hides_staff_and_what_a_viewer_may_not_read(
    writer, kind, names_staff, shows_iban
):
    await writer.change("updateContract", Kind.MANAGER, {"iban": None})
    world = writer.world
    answer = await writer.api(HISTORY, world.tokens[kind], id=world.own.id)
    (edge,) = answer["data"]["account"]["history"]["edges"]
    (entry,) = await writer.entries()
    assert edge["node"] == {
        "number": 3,
        "action": "updateContract",
        "actorRole": "MANAGER",
        "actorName": entry["actor_name"] if names_staff else None,
        "reason": None,
        "values": [
            {
                "field": "Contract.iban",
                "before": "NL91ABNA0417164300" if shows_iban else None,
                "after": None,
            }
        ],
    }
    assert entry["actor_name"].startswith("Person ")
    assert set(answer) == {"data"}


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.ADMIN, Kind.EMPLOYEE])
async def test_the_names_of_members_are_shown(writer, kind):
    await writer.change("updateContract", Kind.BILLING, {"purchaseOrderNumber": "PO 7"})
    world = writer.world
    answer = await writer.api(HISTORY, world.tokens[kind], id=world.own.id)
    (edge,) = answer["data"]["account"]["history"]["edges"]
    (entry,) = await writer.entries()
    assert entry["actor_id"] is not None
    assert edge["node"] == {
        "number": 3,
        "action": "updateContract",
        "actorRole": "CUSTOMER",
        "actorName": entry["actor_name"],
        "reason": None,
        "values": [
            {
                "field": "Contract.purchaseOrderNumber",
                "before": world.own.contract.purchase_order_number,
                "after": "PO 7",
            }
        ],
    }
