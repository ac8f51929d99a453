"""Bad input of every kind to every field of every mutation: refused politely, nothing written."""

import copy
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    get_nullable_type,
)

from portal import models
from portal.errors import Code
from portal.language.global_id import encode
from schema.root import schema
from tests import factories
from tests.api.ordering import today
from tests.world import Kind
from tests.writing import MUTATIONS, NOT_FOUND, document, problem, refusal

CORE = schema._schema  # noqa: SLF001 -- no public name
LONG = "x" * 10_000
OPTION = "SATURDAY"
HUGE = 10**400
ADDRESS = {
    "name": "Beheer Het Huisje",
    "attention": "Bestuur",
    "street": "Postbus 45",
    "extra": "2e etage",
    "postalCode": "2300 AA",
    "city": "Leiden",
    "country": "NL",
}
# A good input of each mutation with every field that can go together; ids are put in for each
# test.
GOOD: dict[str, dict[str, Any]] = {
    "resendDocument": {"recipients": ["bookkeeping@example.org"]},
    "updateAccount": {
        "name": "De Timmerwinkel",
        "customerNumber": "10001",
        "language": "DE",
        "timeZone": "Europe/Brussels",
        "remindsOfDeadlines": True,
    },
    "setTestAccount": {"reason": "Because.", "isTest": False},
    "holdBilling": {"reason": "Because.", "until": "2199-01-01"},
    "giveConsent": {"documentIds": []},
    "inviteMember": {"email": "new@example.org", "role": "READER"},
    "revokeInvitation": {"invitationId": "Invitation"},
    "revokeCalendarAddress": {},
    "changeMemberRole": {"memberId": "Member", "role": "BILLING"},
    "removeMember": {"reason": "Because.", "memberId": "Member"},
    "transferOwnership": {"reason": "Because.", "memberId": "Member"},
    # Only the first order has a partner; a public tariff goes without an offer number.
    "orderModule": {
        "moduleId": "Module",
        "tariff": {"id": "Tariff"},
        "startsOn": "2199-01-01",
        "data": {},
        "consentDocumentIds": [],
        "quantities": [{"itemKey": "SEAT", "quantity": 3}],
    },
    "withdrawOrder": {"reason": "Because."},
    "updateModuleData": {"data": {"greeting": "Hello."}},
    "giveNotice": {
        "reason": "Because.",
        "deviatingDate": "2199-06-15",
        "reasonCode": "PRICE",
        "comment": "Too dear.",
        "givenBy": "CUSTOMER",
        "receivedOn": "2024-02-01",
    },
    "withdrawNotice": {"reason": "Because."},
    "changeTariff": {
        "reason": "Because.",
        "tariff": {"id": "Tariff"},
        "deviatingDate": "2199-06-15",
        "comment": "Too dear.",
        "askedBy": "OPERATOR",
        "receivedOn": "2024-02-01",
    },
    "withdrawTariffChange": {"reason": "Because."},
    "changeQuantity": {
        "reason": "Because.",
        "itemKey": "SEAT",
        "quantity": 3,
        "deviatingDate": "2199-06-15",
        "askedBy": "OPERATOR",
        "receivedOn": "2024-02-01",
    },
    "bookOption": {
        "reason": "Because.",
        "itemKey": "SATURDAY",
        "quantity": 2,
        "startsOn": "2199-06-15",
    },
    "endOption": {
        "reason": "Because.",
        "deviatingDate": "2199-06-15",
        "givenBy": "OPERATOR",
        "receivedOn": "2024-02-01",
    },
    "withdrawOption": {"reason": "Because."},
    "withdrawOptionEnd": {"reason": "Because."},
    "makeSpecialAgreement": {
        "reason": "Because.",
        "moduleId": "Module",
        "itemKey": "SEAT",
        "value": {"discountPercent": "1.50"},
        "startsOn": "2199-06-15",
        "endsOn": "2199-06-20",
        "comment": "Because.",
    },
    "endSpecialAgreement": {"reason": "Because.", "endsOn": "2199-06-20"},
    "withdrawSpecialAgreement": {"reason": "Because."},
    "updateContract": {
        "billingAddress": ADDRESS,
        "iban": "DE89370400440532013000",
        "documentDelivery": {"recipients": ["jan@example.nl"], "mode": "ATTACHMENT"},
        "purchaseOrderNumber": "PO 7",
    },
    "changeContractPartner": {
        "reason": "Because.",
        "contractPartner": ADDRESS | {"kind": "BUSINESS"},
    },
    "changePaymentTerms": {
        "reason": "Because.",
        "deviatingPaymentTerms": {
            "name": "60 dagen",
            "dueDays": 60,
            "method": "DIRECT_DEBIT",
            "discountPercent": "2.50",
            "discountDays": 10,
        },
    },
    "setContractStart": {"reason": "Because.", "startsOn": "2023-01-01"},
    "changeVatTreatment": {
        "reason": "Because.",
        "vatTreatment": "STANDARD",
        "vatNumber": "NL002455799B11",
    },
    # One change at a time; the others are those of the managers' own mutations.
    "createRequest": {
        "proposed": {
            "vatTreatment": {"vatTreatment": "REVERSE_CHARGE", "vatNumber": "NL002455799B11"}
        },
        "comment": "Please.",
    },
    "withdrawRequest": {},
    "acceptRequest": {"reason": "Because."},
    "declineRequest": {"reason": "Because."},
}
# What is written beside the account leaves the account's own version as it is.
BESIDE_THE_ROW = {
    "bookOption",
    "resendDocument",
    "makeSpecialAgreement",
    "withdrawOption",
    "withdrawSpecialAgreement",
    "createRequest",
    "changeMemberRole",
    "giveConsent",
    "inviteMember",
    "orderModule",
    "removeMember",
    "revokeCalendarAddress",
    "revokeInvitation",
    "withdrawOrder",
}
# Of the account's modules, the one that a mutation is about: running, cancelled, about to change
# its tariff, and ordered ahead.
BOOKED = {"withdrawNotice": 1, "withdrawTariffChange": 2, "withdrawOrder": 3}
# Of its options and agreements, those that have not begun, and the option that is to end.
AHEAD = {
    "withdrawOption": ("BookedOption", -2),
    "withdrawOptionEnd": ("BookedOption", -1),
    "withdrawSpecialAgreement": ("SpecialAgreement", -1),
}
# What no field of such a type can be. Blank text and null are for fields that need a value.
TEXT = [LONG, "a\0b", "a\x07b", "\x1b[2J", 5, 1.5, True, ["a", "b"], {"a": 1}, HUGE]
WRONG: dict[str, list[Any]] = {
    "String": TEXT,
    "ID": ["", LONG, "a\0b", "ü", 5, -1, 1.5, True, ["a", "b"], {}],
    "Int": [2**31, -(2**31) - 1, HUGE, 1.5, "5", "", True, [1, 2], {}, 1e300, 2**31 - 1, -1],
    "Boolean": ["true", "", 0, 1, [True, False], {}],
    "Date": ["2026-02-30", "", LONG, "a\0b", "2200-01-01", "2026-W01-1", 5, 1.5, True, {}, []],
    "JSON": ["", LONG, 5, 1.5, True, [], ["a"], [{}], {"a": "a\0b"}, {"a": 2**63}, HUGE],
    "Decimal": [
        "NaN",
        "Infinity",
        "",
        LONG,
        "1e400",
        "-1",
        1.5,
        1e300,
        HUGE,
        True,
        {},
        "9" * 14,
    ],
}
WRONG_ENUM = ["UNKNOWN", "", LONG, "a\0b", 5, True, ["A", "B"], {}]
WRONG_OBJECT = ["x", 5, True, [], [1, 2], {}, {"unknown": 1}]
WRONG_LIST = [5, True, {}, [None], [[]], [LONG], ["a\0b"], None, ["x"] * 300]


# Mutations that answer a row in its first version: what they write stands beside it, or is new.


def mutation_input(mutation: str) -> GraphQLInputObjectType:
    """Give the type of a mutation's input."""
    return get_named_type(CORE.mutation_type.fields[mutation].args["input"].type)


def elements(
    kind: GraphQLInputObjectType, path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Walk the fields of an input: each path with its type, lists with their first entry."""
    for name, field in kind.fields.items():
        here = (*path, name)
        yield here, field.type
        inner = get_nullable_type(field.type)
        if isinstance(inner, GraphQLList):
            yield (*here, 0), inner.of_type
        below = get_named_type(field.type)
        if isinstance(below, GraphQLInputObjectType):
            yield from elements(below, (*here, 0) if isinstance(inner, GraphQLList) else here)


def elements_of(mutation: str, good: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Walk the fields of a mutation's input, but for those below one that is not sent."""
    for path, type_ in elements(mutation_input(mutation)):
        if _is_sent(good, path[:-1]):
            yield path, type_


def _is_sent(given: Any, path: tuple[Any, ...]) -> bool:
    """Say whether there is something at a path."""
    for step in path:
        is_there = step < len(given) if isinstance(given, list) else step in given
        if not is_there:
            return False
        given = given[step]
    return True


def wrong_values(path: tuple[Any, ...], type_: Any) -> list[Any]:
    """Give what a field of a type cannot be; a blank entry of a list is left out, so it can."""
    kind = get_nullable_type(type_)
    if isinstance(kind, GraphQLList):
        # Null is as good as nothing where a list may be left out.
        return [one for one in WRONG_LIST if one is not None or isinstance(type_, GraphQLNonNull)]
    if isinstance(kind, GraphQLEnumType):
        values = WRONG_ENUM
    elif isinstance(kind, GraphQLInputObjectType):
        values = WRONG_OBJECT
    else:
        values = WRONG[kind.name]
    if not isinstance(type_, GraphQLNonNull):
        return values
    blank = ["", " "] if values is TEXT and path[-1] != 0 else []
    return [*values, None, *blank]


def replaced(given: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Give an input with another value at a path."""
    changed = copy.deepcopy(given)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    if path[-1] == 0:
        place[:] = [value]
    else:
        place[path[-1]] = value
    return changed


def faults_of(response: dict[str, Any], mutation: str) -> str | None:
    """Say what is wrong with an answer to bad input; None for a polite refusal."""
    codes = {code.value for code in Code} - {Code.INTERNAL}
    if "errors" in response:
        if response.get("data") is not None:
            return "data beside the error"
        told = {error["extensions"]["code"] for error in response["errors"]}
        text = json.dumps(response)
        return None if told <= codes and "Traceback" not in text else f"told {told}"
    answer = response["data"][mutation]
    if answer["__typename"] != "Refusal":
        return "accepted"
    for one in answer["problems"]:
        if one["code"] not in codes or not one["path"] or not one["message"]:
            return f"told {one}"
    return None


def good_input(writer, documents, mutation):
    """Give a good input of a mutation about the account at hand."""
    given = {
        "id": writer.id_for(mutation),
        "expectedVersion": 1,
        "idempotencyKey": "k-1",
        **copy.deepcopy(GOOD[mutation]),
    }
    for name in {"documentIds", "consentDocumentIds"} & {*given}:
        given[name] = [encode("ConsentDocument", row.id) for row in documents]
    own = writer.world.own.ids
    for name, id in (
        ("invitationId", own["Invitation"][0]),
        ("memberId", own["Member"][-1]),
        ("moduleId", own["Module"][0]),
        ("tariff", {"id": own["Tariff"][0]}),
    ):
        if name in given:
            given[name] = id
    if mutation in BOOKED:
        given["id"] = own["ModuleSubscription"][BOOKED[mutation]]
    if mutation in AHEAD:
        kind, place = AHEAD[mutation]
        given["id"] = own[kind][place]
    key = next(row.key for row in writer.world.own.rows if isinstance(row, models.Item))
    for counted in (given, *given.get("quantities", ())):
        if "itemKey" in counted:
            counted["itemKey"] = key
    if mutation == "changeTariff":
        given["tariff"]["id"] = own["Tariff"][-1]
    alone = {
        "resendDocument": {"recipients": writer.world.own.contract.document_delivery.recipients},
        "bookOption": {"itemKey": OPTION},
    }
    return given | alone.get(mutation, {})


@pytest.fixture
async def documents(write):
    """The latest document of each kind, to which nobody has agreed."""
    rows = [
        factories.consent_document(kind=kind, published_on=today())
        for kind in ("TERMS", "DATA_PROTECTION")
    ]
    await write(*rows)
    return rows


@pytest.fixture(autouse=True)
async def order_ahead(world, write):
    """An order and a change of tariff that can be withdrawn, and a tariff to change to."""
    own, later = world.own, today() + timedelta(days=9)
    module, tariff = (
        next(row for row in own.rows if isinstance(row, model))
        for model in (models.Module, models.Tariff)
    )
    running = next(row for row in own.rows if isinstance(row, models.ModuleSubscription))
    other = factories.tariff(module)
    changed = factories.module_subscription(own.account_id, module)
    ahead = factories.module_subscription(own.account_id, module, starts_on=later)
    before = {"ends_on": later - timedelta(days=1)}
    rows = [
        other,
        factories.tariff_version(other),
        changed,
        ahead,
        factories.tariff_period(changed, tariff, **before),
        factories.tariff_period(changed, other, starts_on=later),
        factories.tariff_change(changed, other, own.owner, later),
    ]
    version = next(row for row in own.rows if isinstance(row, models.TariffVersion))
    section = factories.section(version, 9)
    rows += [
        section,
        factories.item(section, key=OPTION, is_additional_option=True),
        factories.booked_option(changed, OPTION, starts_on=later),
        factories.booked_option(running, OPTION, ends_on=later),
        factories.special_agreement(own.account_id, module, item_key=OPTION, starts_on=later),
    ]
    await write(*rows)
    own.add(*rows)


def kind_for(mutation: str) -> Kind:
    """Give a viewer who may use every field of a mutation."""
    customers = {
        "createRequest",
        "giveConsent",
        "orderModule",
        "revokeCalendarAddress",
        "transferOwnership",
        "withdrawRequest",
    }
    return Kind.OWNER if mutation in customers else Kind.MANAGER


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_every_wrong_value_of_every_field_is_refused(writer, client, documents, mutation):
    good = good_input(writer, documents, mutation)
    before = await writer.fingerprint()
    token = writer.world.tokens[kind_for(mutation)]
    headers = {"authorization": f"Bearer {token}"}
    source = document(mutation)
    sent, faults = 0, []
    for path, type_ in elements_of(mutation, good):
        for value in wrong_values(path, type_):
            asked = {"query": source, "variables": {"input": replaced(good, path, value)}}
            response = await client.post("/graphql", json=asked, headers=headers)
            # A number of four hundred digits is none that JSON's readers agree on.
            assert response.status_code == (400 if value == HUGE else 200)
            fault = faults_of(response.json(), mutation)
            if fault:
                faults.append((path, str(value)[:40], fault))
                assert len(faults) < 20, faults
            sent += 1
    assert faults == []
    assert sent >= 30
    assert await writer.fingerprint() == before
    # The good input is good: what was refused was refused for its one wrong value.
    response = await writer.api(source, token, input=good)
    assert response["data"][mutation]["version"] == (1 if mutation in BESIDE_THE_ROW else 2)


async def test_half_a_surrogate_pair_is_no_json_and_no_graphql(writer, client, documents):
    before = await writer.fingerprint()
    for mutation in MUTATIONS:
        await send_halves(writer, client, documents, mutation)
    assert await writer.fingerprint() == before


async def send_halves(writer, client, documents, mutation):
    """Send halves of a pair in place of every text of a mutation's input."""
    good = good_input(writer, documents, mutation)
    token = writer.world.tokens[kind_for(mutation)]
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    for path, type_ in elements_of(mutation, good):
        if get_named_type(type_).name not in {"String", "ID"}:
            continue
        for half in ("\\ud800", "\\udc00", "\\udc00\\ud800"):
            marked = json.dumps({"input": replaced(good, path, "HALF")}).replace("HALF", half)
            body = f'{{"query": {json.dumps(document(mutation))}, "variables": {marked}}}'
            response = await client.post("/graphql", content=body, headers=headers)
            told = [error["extensions"]["code"] for error in response.json()["errors"]]
            assert (response.status_code, told) == (400, ["BAD_REQUEST"]), (path, half)
    for half in ("\\uD800", "\\uDC00", "\\u{D800}"):
        text = f'mutation {{ {mutation}(input: {{id: "{half}"}}) {{ __typename }} }}'
        answer = await writer.api(text, token)
        told = [one["extensions"]["code"] for one in answer["errors"]]
        assert told == ["GRAPHQL_PARSE_FAILED"], (mutation, half)


@pytest.mark.parametrize("kind", list(Kind))
async def test_a_foreign_id_is_answered_like_one_that_is_none(writer, documents, kind):
    before = await writer.fingerprint()
    for mutation in MUTATIONS:
        await send_foreign_ids(writer, documents, mutation, kind)
    assert await writer.fingerprint() == before


async def send_foreign_ids(writer, documents, mutation, kind):
    """Send ids of nothing and of another account's rows, which have to be answered alike."""
    good = good_input(writer, documents, mutation)
    foreign = writer.world.foreign
    name = MUTATIONS[mutation]
    other = foreign.ids[name][0]
    nobody = encode(name, foreign.owner.id)
    # Staff see every account: to them no account is foreign.
    ids = [nobody, "", "x", encode("Module", foreign.owner.id), foreign.ids["Module"][0]]
    if kind not in {Kind.MANAGER, Kind.EMPLOYEE, Kind.EMPLOYEE_WITHOUT}:
        ids.append(other)
    answers = [await writer.change(mutation, kind, good | {"id": id}) for id in ids]
    assert answers == [answers[0]] * len(ids), mutation
    may = answers[0]["problems"][0]["code"] == "NOT_FOUND"
    assert answers[0] == NOT_FOUND if may else answers[0]["__typename"] == "Refusal", mutation


async def test_a_document_id_that_is_none_of_ours_is_named(writer, documents):
    before = await writer.fingerprint()
    world = writer.world
    wrong = [
        world.foreign.id,
        world.own.id,
        world.foreign.ids["Consent"][0],
        world.own.ids["Consent"][0],
        encode("ConsentDocument", world.own.account_id),
        "x",
    ]
    for id in wrong:
        given = {"documentIds": [encode("ConsentDocument", documents[0].id), id]}
        assert await writer.change("giveConsent", Kind.OWNER, given) == refusal(
            problem("NOT_FOUND", "input.documentIds.1", "There is no such document.")
        )
    assert await writer.fingerprint() == before


@pytest.mark.parametrize(
    ("literal", "code"),
    [
        ('{id: "ID", purchaseOrderNumber: ""', "GRAPHQL_PARSE_FAILED"),
        ('{id: "ID", purchaseOrderNumber: 5}', "GRAPHQL_VALIDATION_FAILED"),
        ('{id: "ID", unknown: 5}', "GRAPHQL_VALIDATION_FAILED"),
        ('{id: null, purchaseOrderNumber: "x"}', "GRAPHQL_VALIDATION_FAILED"),
        ('{purchaseOrderNumber: "x"}', "GRAPHQL_VALIDATION_FAILED"),
        ('{id: "ID", id: "ID", purchaseOrderNumber: "x"}', "GRAPHQL_VALIDATION_FAILED"),
        (
            '{id: "ID", documentDelivery: {recipients: [], mode: PIGEON}}',
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            '{id: "ID", documentDelivery: {recipients: [null], mode: LINK}}',
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ('{id: "ID", documentDelivery: {mode: LINK}}', "GRAPHQL_VALIDATION_FAILED"),
        ('{id: "ID", expectedVersion: 99999999999}', "GRAPHQL_VALIDATION_FAILED"),
        ('{id: "ID", purchaseOrderNumber: "\\u0000"}', "INVALID_INPUT"),
        ('{id: "ID", purchaseOrderNumber: "a\\u0007b"}', "INVALID_INPUT"),
        ('{id: "ID", purchaseOrderNumber: """a\nb"""}', "INVALID_INPUT"),
        ('{id: "ID", documentDelivery: null}', "INVALID_INPUT"),
        (f'{{id: "ID", purchaseOrderNumber: "{"x" * 60_000}"}}', "QUERY_TOO_LARGE"),
    ],
)
async def test_a_wrong_literal_is_refused_too(writer, literal, code):
    before = await writer.fingerprint()
    given = literal.replace("ID", writer.world.own.contract_id)
    answer = await writer.api(
        f"mutation {{ updateContract(input: {given})"
        " { __typename ... on Refusal { problems { code path } } } }",
        writer.world.tokens[Kind.OWNER],
    )
    if code == "INVALID_INPUT":
        (one,) = answer["data"]["updateContract"]["problems"]
        assert one["code"] == code
        assert one["path"][0] == "input"
    else:
        assert {one["extensions"]["code"] for one in answer["errors"]} == {code}
    assert await writer.fingerprint() == before
