"""Requests: what customers may only ask for, and what managers make of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.database.engines import set_viewer
from portal.language.global_id import decode, encode
from portal.language.messages import translate
from portal.language.titles import title_of_name
from portal.rules.people.request import RequestStatus
from portal.viewer import Grant, Language, Role, Viewer
from tests import factories
from tests.api.ordering import today
from tests.saying import written
from tests.world import Kind
from tests.writing import NOT_FOUND, problem, refusal

TERMS = "{ name dueDays method discountPercent discountDays }"
PARTNER = "{ name attention street extra postalCode city country kind }"
VALUES = f"{{ deviatingPaymentTerms {TERMS} vatTreatment vatNumber contractPartner {PARTNER} }}"
FIELDS = (
    f"id version kind status proposed {VALUES} present {VALUES} comment requestedBy decidedBy"
    " decidedAt reason"
)
ASKED = {"name": " 60 dagen ", "dueDays": 60, "method": "TRANSFER"}
SHOWN = {
    "name": "60 dagen",
    "dueDays": 60,
    "method": "TRANSFER",
    "discountPercent": None,
    "discountDays": None,
}
NOTHING = {
    "deviatingPaymentTerms": None,
    "vatTreatment": None,
    "vatNumber": None,
    "contractPartner": None,
}
NEW_PARTNER = {
    "name": "Vereniging Het Huisje",
    "attention": None,
    "street": "Postbus 45",
    "extra": None,
    "postalCode": "2300 AA",
    "city": "Leiden",
    "country": "NL",
    "kind": "BUSINESS",
}
DECIDED = "UPDATE request SET state = '{}', decided_at = now(), decided_by = requested_by"
TERMS_AT = "input.proposed.paymentTerms.deviatingPaymentTerms"
REVERSED = {"vatTreatment": "REVERSE_CHARGE", "vatNumber": "NL002455799B11"}


def shown(terms) -> dict[str, Any]:
    """Give terms of the world as the API shows them."""
    return {
        "name": terms.name,
        "dueDays": 30,
        "method": "TRANSFER",
        "discountPercent": "2.50",
        "discountDays": 8,
    }


def partner_of(contract) -> dict[str, Any]:
    """Give the contract partner of the world as the API shows it."""
    partner = contract.contract_partner
    return {
        "name": partner.name,
        "attention": "Administratie",
        "street": "Hoofdstraat 1",
        "extra": "2e verdieping",
        "postalCode": "3511 AA",
        "city": "Utrecht",
        "country": "NL",
        "kind": "BUSINESS",
    }


def asking(given) -> dict[str, Any]:
    """Write what is asked for in the words of the managers' own change as a request has it."""
    below = {
        "deviatingPaymentTerms": ("paymentTerms", "deviatingPaymentTerms"),
        "vatTreatment": ("vatTreatment", "vatTreatment"),
        "vatNumber": ("vatTreatment", "vatNumber"),
    }
    proposed: dict[str, Any] = {}
    for name in given.keys() & {*below, "contractPartner"}:
        if name in below:
            kind, field = below[name]
            proposed.setdefault(kind, {})[field] = given[name]
        else:
            proposed[name] = given[name]
    rest = {name: given[name] for name in given.keys() & {"comment", "idempotencyKey"}}
    return {"proposed": proposed, **rest}


async def ask(writer, given=None, kind=Kind.OWNER) -> str:
    """Make a request for other payment terms, or for what is given; give its global id."""
    asked = {"deviatingPaymentTerms": ASKED} if given is None else given
    answer = await writer.change("createRequest", kind, asking(asked), "id")
    assert answer["__typename"] == "Request", answer
    return answer["id"]


def closed(status: str) -> dict[str, Any]:
    """Give the answer to whoever comes too late."""
    return refusal(
        problem("CONFLICT", "input.id", f"This request is open no more; it is {status.lower()}.")
    )


async def free_partner(writer) -> None:
    """Withdraw the request that the world begins with."""
    answer = await writer.change("withdrawRequest", Kind.OWNER, {})
    assert answer == {"__typename": "Request", "version": 2}


async def contract_of(writer) -> dict[str, Any]:
    """Give the stored contract of the account at hand."""
    rows = await writer.rows()
    return next(row for (table, _), row in rows.items() if table == "contract")


async def expire(writer, id: str) -> None:
    """Let the days of a request be over."""
    async with writer.superuser.begin() as connection:
        await connection.execute(
            text(
                "UPDATE request SET requested_at = requested_at - interval '31 days',"
                " expires_at = now() - interval '1 second' WHERE id = :id"
            ),
            {"id": decode(id)[1]},
        )


async def test_a_customer_asks_for_other_payment_terms(writer):
    own = writer.world.own
    before, contract = await writer.rows(), await contract_of(writer)
    given = {"deviatingPaymentTerms": ASKED, "comment": " Wij betalen\r\nmaandelijks. "}
    answer = await writer.change("createRequest", Kind.BILLING, asking(given), FIELDS)
    async with writer.superuser.connect() as connection:
        name = await connection.scalar(
            text(
                "SELECT name FROM person JOIN member ON person_id = person.id"
                " WHERE account_id = :account AND role = 'BILLING'"
            ),
            {"account": own.account_id},
        )
    id = answer.pop("id")
    assert answer == {
        "__typename": "Request",
        "version": 1,
        "kind": "PAYMENT_TERMS",
        "status": "OPEN",
        "proposed": NOTHING | {"deviatingPaymentTerms": SHOWN},
        "present": NOTHING | {"deviatingPaymentTerms": shown(own.contract.deviating_payment_terms)},
        "comment": "Wij betalen\nmaandelijks.",
        "requestedBy": name,
        "decidedBy": None,
        "decidedAt": None,
        "reason": None,
    }
    written = await writer.written_since(before)
    assert written.pop("account") == {"history_length": 3}
    assert written.pop("request") == {"added": 1}
    assert written == {"message": {"added": 1}, "outbox": {"added": 1}}
    assert await contract_of(writer) == contract
    (entry,) = await writer.entries()
    assert (entry["number"], entry["action"], entry["actor_name"]) == (3, "createRequest", name)
    row = (await writer.rows())["request", str(decode(id)[1])]
    values = {field: (old, new) for field, old, new in entry["values"]}
    instants = {
        field: datetime.fromisoformat(values.pop(field)[1])
        for field in ("Request.requestedAt", "Request.expiresAt")
    }
    assert values == {
        "Request.kind": (None, "PAYMENT_TERMS"),
        "Request.state": (None, "OPEN"),
        "Request.comment": (None, "Wij betalen\nmaandelijks."),
        "Request.requestedBy": (None, row["requested_by"]),
        "Request.proposedDeviatingPaymentTerms": (None, SHOWN),
        "Request.presentDeviatingPaymentTerms": (
            None,
            shown(own.contract.deviating_payment_terms),
        ),
    }
    amsterdam = ZoneInfo("Europe/Amsterdam")
    day = instants["Request.requestedAt"].astimezone(amsterdam).date() + timedelta(days=31)
    midnight = datetime.combine(day, datetime.min.time(), amsterdam).astimezone(UTC)
    assert instants["Request.expiresAt"] == midnight


async def test_each_kind_holds_its_own_values(writer):
    contract = writer.world.own.contract
    await free_partner(writer)
    vat = await writer.change("createRequest", Kind.ADMIN, asking(REVERSED), FIELDS)
    assert (vat["kind"], vat["proposed"]) == ("VAT_TREATMENT", NOTHING | REVERSED)
    present = {"vatTreatment": "STANDARD", "vatNumber": "NL004495445B01"}
    assert vat["present"] == NOTHING | present
    partner = await writer.change(
        "createRequest", Kind.OWNER, asking({"contractPartner": NEW_PARTNER}), FIELDS
    )
    assert partner["kind"] == "CONTRACT_PARTNER"
    assert partner["proposed"] == NOTHING | {"contractPartner": NEW_PARTNER}
    assert partner["present"] == NOTHING | {"contractPartner": partner_of(contract)}
    general = await writer.change(
        "createRequest", Kind.OWNER, asking({"deviatingPaymentTerms": None}), FIELDS
    )
    assert (general["kind"], general["proposed"]) == ("PAYMENT_TERMS", NOTHING)
    assert general["present"]["deviatingPaymentTerms"] == shown(contract.deviating_payment_terms)


async def test_a_vat_number_left_out_stays(writer):
    answer = await writer.change(
        "createRequest", Kind.OWNER, asking({"vatTreatment": "REVERSE_CHARGE"}), FIELDS
    )
    assert answer["proposed"]["vatNumber"] == answer["present"]["vatNumber"] == "NL004495445B01"
    emptied = {"vatTreatment": "STANDARD", "vatNumber": None}
    await writer.change("withdrawRequest", Kind.OWNER, {"id": answer["id"]})
    answer = await writer.change("createRequest", Kind.OWNER, asking(emptied), FIELDS)
    assert (answer["proposed"]["vatTreatment"], answer["proposed"]["vatNumber"]) == (
        "STANDARD",
        None,
    )


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        (
            {"deviatingPaymentTerms": ASKED | {"dueDays": 121, "name": " "}, "comment": "a\0b"},
            [
                problem("INVALID_INPUT", f"{TERMS_AT}.name", "Must not be empty."),
                problem(
                    "INVALID_INPUT",
                    f"{TERMS_AT}.dueDays",
                    "Must be from 0 to 120 days.",
                ),
                problem(
                    "INVALID_INPUT",
                    "input.comment",
                    "Must be text without control characters.",
                ),
            ],
        ),
        (
            {"deviatingPaymentTerms": ASKED, "comment": "x" * 1001},
            [problem("INVALID_INPUT", "input.comment", "May have at most 1,000 characters.")],
        ),
        (
            {"vatTreatment": "REVERSE_CHARGE", "vatNumber": "NL123456789B90"},
            [
                problem(
                    "INVALID_INPUT",
                    "input.proposed.vatTreatment.vatNumber",
                    "This is not a valid VAT number of a country of the European Union.",
                )
            ],
        ),
        (
            {"contractPartner": NEW_PARTNER | {"country": "XX"}},
            [
                problem(
                    "INVALID_INPUT",
                    "input.proposed.contractPartner.country",
                    "Must be a country code of two letters (ISO 3166-1).",
                )
            ],
        ),
        (
            {"vatTreatment": "STANDARD"},
            [
                problem(
                    "RULE_BROKEN",
                    "input.proposed.vatTreatment.vatTreatment",
                    "This is what applies already.",
                )
            ],
        ),
    ],
)
async def test_what_no_manager_could_do_is_not_asked_for(writer, given, problems):
    before = await writer.fingerprint()
    assert await writer.change("createRequest", Kind.OWNER, asking(given)) == refusal(*problems)
    assert await writer.fingerprint() == before


async def test_the_rules_of_the_managers_own_change_hold_at_once(writer):
    given = {"vatTreatment": "REVERSE_CHARGE"}
    await writer.change("changeVatTreatment", Kind.MANAGER, given)
    await free_partner(writer)
    before = await writer.fingerprint()
    consumer = {"contractPartner": NEW_PARTNER | {"kind": "CONSUMER"}}
    assert await writer.change("createRequest", Kind.OWNER, asking(consumer)) == refusal(
        problem(
            "RULE_BROKEN",
            "input.proposed.contractPartner.kind",
            "Reverse charge is for businesses; the contract partner is a consumer.",
        )
    )
    assert await writer.fingerprint() == before


async def test_one_request_of_a_kind_is_open_at_a_time(writer):
    first = await ask(writer)
    before = await writer.fingerprint()
    again = {"deviatingPaymentTerms": ASKED | {"dueDays": 90}}
    message = f"This was asked for already on {written(today())}, and that request is open."
    conflict = refusal(problem("CONFLICT", "input.proposed.paymentTerms", message))
    assert await writer.change("createRequest", Kind.BILLING, asking(again)) == conflict
    assert await writer.fingerprint() == before
    await ask(writer, REVERSED)
    await writer.change("withdrawRequest", Kind.BILLING, {"id": first})
    await ask(writer, again)


async def test_of_two_who_ask_at_once_one_wins(writer):
    given = {"deviatingPaymentTerms": ASKED}
    answers = await asyncio.gather(
        *(
            writer.change("createRequest", kind, asking(given), "id")
            for kind in (Kind.OWNER, Kind.ADMIN, Kind.BILLING)
        )
    )
    (won,) = [answer for answer in answers if answer["__typename"] == "Request"]
    message = f"This was asked for already on {written(today())}, and that request is open."
    lost = refusal(problem("CONFLICT", "input.proposed.paymentTerms", message))
    assert [answer for answer in answers if answer != won] == [lost, lost]
    assert len(await writer.entries()) == 1


async def test_the_database_keeps_two_open_requests_apart(writer, write):
    own = writer.world.own
    await write(factories.request(own.account_id, own.owner))
    with pytest.raises(IntegrityError, match="ex_request_one_open_of_a_kind"):
        await write(factories.request(own.account_id, own.owner))


async def test_the_same_key_asks_once(writer):
    given = {"deviatingPaymentTerms": ASKED, "idempotencyKey": "k-1"}
    first = await writer.change("createRequest", Kind.OWNER, asking(given), FIELDS)
    before = await writer.fingerprint()
    assert await writer.change("createRequest", Kind.OWNER, asking(given), FIELDS) == first
    assert await writer.fingerprint() == before


async def test_a_customer_takes_a_request_back(writer):
    id = await ask(writer)
    before = await writer.rows()
    answer = await writer.change("withdrawRequest", Kind.BILLING, {"id": id}, FIELDS)
    assert (answer["status"], answer["version"], answer["reason"]) == ("WITHDRAWN", 2, None)
    assert answer["decidedBy"] is not None
    row = (await writer.rows())["request", str(decode(id)[1])]
    assert await writer.written_since(before) == {
        "account": {"history_length": 4},
        "request": {
            "version": 2,
            "state": "WITHDRAWN",
            "decided_by": row["decided_by"],
            "decided_at": row["decided_at"],
        },
    }
    before = await writer.fingerprint()
    for mutation, kind, given in (
        ("withdrawRequest", Kind.OWNER, {}),
        ("acceptRequest", Kind.MANAGER, {}),
        ("declineRequest", Kind.MANAGER, {"reason": "No."}),
    ):
        assert await writer.change(mutation, kind, {"id": id} | given) == closed("WITHDRAWN")
    assert await writer.fingerprint() == before


async def test_a_manager_carries_a_request_out(writer):
    own = writer.world.own
    old = own.contract.deviating_payment_terms
    id = await ask(writer)
    before = await writer.rows()
    given = {"id": id, "reason": "Graag."}
    answer = await writer.change("acceptRequest", Kind.MANAGER, given, FIELDS)
    assert (answer["status"], answer["version"], answer["reason"]) == ("ACCEPTED", 2, "Graag.")
    row = (await writer.rows())["request", str(decode(id)[1])]
    written = await writer.written_since(before)
    assert written.pop("account") == {"history_length": 4}
    assert written.pop("contract") == {
        "version": 2,
        "deviating_payment_terms_name": "60 dagen",
        "deviating_payment_terms_due_days": 60,
        "deviating_payment_terms_discount_percent": None,
        "deviating_payment_terms_discount_days": None,
    }
    assert written.pop("request") == {
        "version": 2,
        "state": "ACCEPTED",
        "reason": "Graag.",
        "decided_by": row["decided_by"],
        "decided_at": row["decided_at"],
    }
    assert written == {"message": {"added": 1}, "outbox": {"added": 1}}
    entry = (await writer.entries())[-1]
    assert (entry["action"], entry["actor_role"]) == ("acceptRequest", "MANAGER")
    assert entry["reason"] == "Graag."
    told = {field: (old_value, new) for field, old_value, new in entry["values"]}
    assert told["Contract.deviatingPaymentTerms"] == (shown(old), SHOWN)
    assert told["Request.state"] == ("OPEN", "ACCEPTED")
    assert told["Request.reason"] == (None, "Graag.")
    assert set(told) == {
        "Contract.deviatingPaymentTerms",
        "Request.state",
        "Request.reason",
        "Request.decidedBy",
        "Request.decidedAt",
    }


@pytest.mark.parametrize(
    ("given", "fields", "expected"),
    [
        (
            {"deviatingPaymentTerms": None},
            f"paymentTerms {{ deviating {TERMS} }}",
            {"paymentTerms": {"deviating": None}},
        ),
        (
            {"deviatingPaymentTerms": ASKED | {"discountPercent": "3", "discountDays": 10}},
            f"paymentTerms {{ deviating {TERMS} }}",
            {
                "paymentTerms": {
                    "deviating": SHOWN | {"discountPercent": "3.00", "discountDays": 10}
                }
            },
        ),
        (REVERSED, "vatTreatment vatNumber", REVERSED),
        (
            {"vatTreatment": "NOT_TAXABLE", "vatNumber": None},
            "vatTreatment vatNumber",
            {"vatTreatment": "NOT_TAXABLE", "vatNumber": None},
        ),
        (
            {"contractPartner": NEW_PARTNER},
            f"contractPartner {PARTNER}",
            {"contractPartner": NEW_PARTNER},
        ),
    ],
)
async def test_what_was_asked_for_is_what_applies(writer, given, fields, expected):
    await free_partner(writer)
    id = await ask(writer, given)
    account = f"account {{ contract {{ {fields} }} }}"
    answer = await writer.change("acceptRequest", Kind.MANAGER, {"id": id}, account)
    assert answer == {"__typename": "Request", "account": {"contract": expected}}


async def test_a_manager_declines_with_a_reason(writer):
    id = await ask(writer)
    before, contract = await writer.fingerprint(), await contract_of(writer)
    for reason, message in (
        ("", "Must not be empty."),
        (" \n ", "Must not be empty."),
        ("x" * 1001, "May have at most 1,000 characters."),
        ("a\0b", "Must be text without control characters."),
    ):
        given = {"id": id, "reason": reason}
        assert await writer.change("declineRequest", Kind.MANAGER, given) == refusal(
            problem("INVALID_INPUT", "input.reason", message)
        )
    assert await writer.fingerprint() == before
    given = {"id": id, "reason": " Te lang. "}
    answer = await writer.change("declineRequest", Kind.MANAGER, given, FIELDS)
    assert (answer["status"], answer["reason"]) == ("DECLINED", "Te lang.")
    assert await contract_of(writer) == contract
    entry = (await writer.entries())[-1]
    assert (entry["action"], entry["reason"]) == ("declineRequest", "Te lang.")


async def test_of_two_managers_at_once_one_wins(writer, write):
    other = factories.person()
    token, credential = factories.credential("MANAGER", other)
    await write(other, factories.staff(other), credential)
    id = await ask(writer)
    contract = await contract_of(writer)
    document = (
        "mutation ($id: ID!) { acceptRequest(input: {id: $id}) { __typename"
        " ... on Request { status }"
        " ... on Refusal { problems { code path message required { roles } } } } }"
    )
    declined, response = await asyncio.gather(
        writer.change("declineRequest", Kind.MANAGER, {"id": id, "reason": "Nee."}, "status"),
        writer.api(document, token, id=id),
    )
    accepted = response["data"]["acceptRequest"]
    after = await contract_of(writer)
    if accepted["__typename"] == "Request":
        assert accepted == {"__typename": "Request", "status": "ACCEPTED"}
        assert declined == closed("ACCEPTED")
        assert after["deviating_payment_terms_name"] == "60 dagen"
    else:
        assert declined == {"__typename": "Request", "status": "DECLINED"}
        assert accepted == closed("DECLINED")
        assert after == contract
    assert len(await writer.entries()) == 2


async def test_twenty_who_accept_at_once_carry_it_out_once(writer):
    id = await ask(writer)
    answers = await asyncio.gather(
        *(writer.change("acceptRequest", Kind.MANAGER, {"id": id}) for _ in range(20))
    )
    assert sorted(answer["__typename"] for answer in answers) == ["Refusal"] * 19 + ["Request"]
    lost = [answer for answer in answers if answer["__typename"] == "Refusal"]
    assert lost == [closed("ACCEPTED")] * 19
    assert (await contract_of(writer))["version"] == 2


@pytest.mark.parametrize(
    ("given", "meanwhile", "fields"),
    [
        (
            {"deviatingPaymentTerms": ASKED},
            ("changePaymentTerms", {"deviatingPaymentTerms": None}),
            ["deviatingPaymentTerms"],
        ),
        (
            REVERSED,
            ("changeVatTreatment", {"vatTreatment": "NOT_TAXABLE", "vatNumber": None}),
            ["vatTreatment", "vatNumber"],
        ),
        (
            REVERSED,
            ("changeVatTreatment", {"vatTreatment": "STANDARD", "vatNumber": "NL002455799B11"}),
            ["vatNumber"],
        ),
        (
            {"contractPartner": NEW_PARTNER},
            ("changeContractPartner", {"contractPartner": NEW_PARTNER | {"city": "Delft"}}),
            ["contractPartner"],
        ),
    ],
)
async def test_a_request_is_stale_when_what_it_would_replace_has_changed(
    writer, given, meanwhile, fields
):
    await free_partner(writer)
    id = await ask(writer, given)
    mutation, change = meanwhile
    assert (await writer.change(mutation, Kind.MANAGER, change))["version"] == 2
    before = await writer.fingerprint()
    assert await writer.change("acceptRequest", Kind.MANAGER, {"id": id}) == refusal(
        *(
            problem(
                "CONFLICT",
                f"input.{field}",
                f"This has changed since the request was made: {title_of_name(field)}.",
            )
            for field in fields
        )
    )
    assert await writer.fingerprint() == before
    given = {"id": id, "reason": "Dat is al anders."}
    answer = await writer.change("declineRequest", Kind.MANAGER, given, "status")
    assert answer == {"__typename": "Request", "status": "DECLINED"}


async def test_a_change_of_something_else_does_no_harm(writer):
    id = await ask(writer)
    await writer.change("changeVatTreatment", Kind.MANAGER, REVERSED)
    await writer.change("updateContract", Kind.OWNER, {"purchaseOrderNumber": "x"})
    answer = await writer.change("acceptRequest", Kind.MANAGER, {"id": id}, "status")
    assert answer == {"__typename": "Request", "status": "ACCEPTED"}


async def test_the_rules_are_asked_again_with_the_data_of_today(writer):
    id = await ask(writer, REVERSED)
    partner = {"contractPartner": NEW_PARTNER | {"kind": "CONSUMER"}}
    await writer.change("changeContractPartner", Kind.MANAGER, partner)
    before = await writer.fingerprint()
    assert await writer.change("acceptRequest", Kind.MANAGER, {"id": id}) == refusal(
        problem(
            "RULE_BROKEN",
            "input.vatTreatment",
            "Reverse charge is for businesses; the contract partner is a consumer.",
        )
    )
    assert await writer.fingerprint() == before


async def test_a_request_that_expired_is_open_no_more(writer):
    id = await ask(writer)
    await expire(writer, id)
    before = await writer.fingerprint()
    for mutation, kind, given in (
        ("withdrawRequest", Kind.OWNER, {}),
        ("acceptRequest", Kind.MANAGER, {}),
        ("declineRequest", Kind.MANAGER, {"reason": "No."}),
    ):
        assert await writer.change(mutation, kind, {"id": id} | given) == closed("EXPIRED")
    assert await writer.fingerprint() == before
    row = (await writer.rows())["request", str(decode(id)[1])]
    assert row["state"] == "OPEN"
    answer = await writer.api(
        "query ($id: ID!) { node(id: $id) { ... on Request { status } } }",
        writer.world.tokens[Kind.READER],
        id=id,
    )
    assert answer == {"data": {"node": {"status": "EXPIRED"}}}
    await ask(writer)


LIST = """query ($filter: RequestFilter, $after: String) {
    requests(filter: $filter, first: 100, after: $after) {
        totalCount pageInfo { hasNextPage endCursor }
        edges { node { id status kind account { id } } }
    }
}"""


async def listed(writer, viewer, **filter) -> list[str]:
    """Page through the list for staff; give the ids of the account at hand, in its order."""
    nodes, after = [], None
    while True:
        token = writer.world.tokens[viewer]
        answer = await writer.api(LIST, token, filter=filter or None, after=after)
        page = answer["data"]["requests"]
        nodes += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len(nodes) == page["totalCount"]
    for name, value in filter.items():
        assert {node[name] for node in nodes} == {value}
    return [node["id"] for node in nodes if node["account"]["id"] == writer.world.own.id]


async def test_staff_find_what_waits_for_them(writer):
    open_id, expired = await ask(writer), await ask(writer, REVERSED)
    await expire(writer, expired)
    partner, terms, vat, *dates = writer.world.own.ids["Request"]
    for kind in (Kind.MANAGER, Kind.EMPLOYEE):
        assert await listed(writer, kind, status="OPEN") == [partner, open_id]
        assert await listed(writer, kind, status="EXPIRED") == [expired]
        assert await listed(writer, kind, status="OPEN", kind="CONTRACT_PARTNER") == [partner]
        assert sorted(await listed(writer, kind, status=RequestStatus.WITHDRAWN)) == sorted(
            [terms, vat, *dates]
        )
        assert await listed(writer, kind, kind="PAYMENT_TERMS") == [terms, open_id]
    answer = await writer.api(LIST, writer.world.tokens[Kind.OWNER])
    assert answer["data"] == {"requests": None}


async def test_a_customer_sees_the_requests_of_its_own_account(writer):
    id = await ask(writer)
    world = writer.world
    answer = await writer.api(
        "query ($id: ID!) { account(id: $id) { requests(first: 1) { totalCount"
        " edges { node { id status } } } } }",
        world.tokens[Kind.READER],
        id=world.own.id,
    )
    assert answer == {
        "data": {
            "account": {
                "requests": {
                    "totalCount": 6,
                    "edges": [{"node": {"id": id, "status": "OPEN"}}],
                }
            }
        }
    }


async def test_customers_do_not_see_who_of_the_staff_decided(writer):
    id = await ask(writer)
    given = {"id": id, "reason": "Nee."}
    answer = await writer.change("declineRequest", Kind.MANAGER, given, "decidedBy")
    assert answer["decidedBy"] is not None
    answer = await writer.api(
        "query ($id: ID!) { node(id: $id) { ... on Request { status decidedBy reason } } }",
        writer.world.tokens[Kind.OWNER],
        id=id,
    )
    assert answer == {"data": {"node": {"status": "DECLINED", "decidedBy": None, "reason": "Nee."}}}


HISTORY = """query ($id: ID!) { account(id: $id) { history(first: 1) { edges { node {
    action actorName reason values { field before after } } } } } }"""


@pytest.mark.parametrize("kind", [Kind.BILLING, Kind.EMPLOYEE, Kind.MANAGER])
async def test_both_sides_read_its_course_in_the_history(writer, kind):
    id = await ask(writer, REVERSED)
    await writer.change("acceptRequest", Kind.MANAGER, {"id": id, "reason": "Graag."})
    answer = await writer.api(HISTORY, writer.world.tokens[kind], id=writer.world.own.id)
    ((entry,),) = ([edge["node"] for edge in answer["data"]["account"]["history"]["edges"]],)
    assert (entry["action"], entry["reason"]) == ("acceptRequest", "Graag.")
    assert (entry["actorName"] is None) == (kind is Kind.BILLING)
    told = {one["field"]: (one["before"], one["after"]) for one in entry["values"]}
    told.pop("Request.decidedAt")
    assert told == {
        "Contract.vatTreatment": ("STANDARD", "REVERSE_CHARGE"),
        "Contract.vatNumber": ("NL004495445B01", "NL002455799B11"),
        "Request.status": ("OPEN", "ACCEPTED"),
        "Request.reason": (None, "Graag."),
        # Who it was is for the entry to say, to those who may know.
        "Request.decidedBy": (None, None),
    }


async def test_a_request_is_changed_in_the_version_that_was_read(writer):
    id = await ask(writer)
    before = await writer.fingerprint()
    answer = await writer.change("acceptRequest", Kind.MANAGER, {"id": id, "expectedVersion": 2})
    assert answer == refusal(
        problem(
            "CONFLICT",
            "input.expectedVersion",
            "Changed since version 2; it is version 1 now.",
        )
    )
    stranger = {"id": encode("Request", writer.world.own.account_id)}
    assert await writer.change("acceptRequest", Kind.MANAGER, stranger) == NOT_FOUND
    foreign = {"id": writer.world.foreign.ids["Request"][0]}
    assert await writer.change("withdrawRequest", Kind.OWNER, foreign) == NOT_FOUND
    assert await writer.fingerprint() == before


async def mails(writer) -> list[dict[str, Any]]:
    """Give the mails of the account at hand, with what is kept of them in its history."""
    statement = text(
        "SELECT o.recipient, o.language, o.subject, o.text, m.kind FROM outbox o"
        " JOIN message m ON m.id = o.message_id WHERE o.account_id = :account ORDER BY o.id"
    )
    async with writer.superuser.connect() as connection:
        found = await connection.execute(statement, {"account": writer.world.own.account_id})
        return [row._asdict() for row in found]


SUBJECTS = {
    "NL": [
        "Uw verzoek is ontvangen: andere betalingsvoorwaarden",
        "Uw verzoek is afgewezen: andere betalingsvoorwaarden",
        "Uw verzoek is ontvangen: een andere btw-behandeling",
        "Uw verzoek is ingewilligd: een andere btw-behandeling",
        "Uw verzoek is ontvangen: een andere contractpartner",
    ],
    "DE": [
        "Ihre Anfrage ist eingegangen: andere Zahlungsbedingungen",
        "Ihre Anfrage wurde abgelehnt: andere Zahlungsbedingungen",
        "Ihre Anfrage ist eingegangen: eine andere Umsatzsteuerbehandlung",
        "Ihre Anfrage wurde angenommen: eine andere Umsatzsteuerbehandlung",
        "Ihre Anfrage ist eingegangen: ein anderer Vertragspartner",
    ],
    "EN": [
        "Your request was received: other payment terms",
        "Your request was declined: other payment terms",
        "Your request was received: another VAT treatment",
        "Your request was accepted: another VAT treatment",
        "Your request was received: another contract partner",
    ],
}


async def speak(writer, language) -> None:
    """Let the owner of the account at hand read a language."""
    async with writer.superuser.begin() as connection:
        await connection.execute(
            text("UPDATE person SET language = :language WHERE id = :id"),
            {"language": language, "id": writer.world.own.owner.id},
        )


@pytest.mark.parametrize("language", list(Language))
async def test_whoever_asked_is_told_by_mail_in_their_language(writer, language):
    await speak(writer, language)
    await free_partner(writer)
    declined = await ask(writer)
    given = {"id": declined, "reason": "Te lang.\nHelaas."}
    await writer.change("declineRequest", Kind.MANAGER, given)
    accepted = await ask(writer, REVERSED)
    await writer.change("acceptRequest", Kind.MANAGER, {"id": accepted})
    withdrawn = await ask(writer, {"contractPartner": NEW_PARTNER})
    await writer.change("withdrawRequest", Kind.OWNER, {"id": withdrawn})
    sent = await mails(writer)
    owner = writer.world.own.owner
    assert {(mail["recipient"], mail["language"]) for mail in sent} == {(owner.email, language)}
    assert [mail["subject"] for mail in sent] == SUBJECTS[language]
    received, declining = "REQUEST_RECEIVED", "REQUEST_DECLINED"
    kinds = [received, declining, received, "REQUEST_ACCEPTED", received]
    assert [mail["kind"] for mail in sent] == kinds
    assert "> Te lang.\n> Helaas." in sent[1]["text"]
    for mail in sent:
        assert owner.name in mail["text"]
        assert writer.world.own.account.name in mail["text"]


async def test_a_refused_decision_sends_no_mail(writer):
    id = await ask(writer)
    terms = {"deviatingPaymentTerms": None}
    await writer.change("changePaymentTerms", Kind.MANAGER, terms)
    before = await mails(writer)
    assert [mail["kind"] for mail in before] == ["REQUEST_RECEIVED"]
    answer = await writer.change("acceptRequest", Kind.MANAGER, {"id": id})
    assert answer["__typename"] == "Refusal"
    assert await mails(writer) == before


async def test_a_member_who_has_left_is_told_nothing(writer):
    id = await ask(writer, kind=Kind.ADMIN)
    async with writer.superuser.begin() as connection:
        await connection.execute(
            text("DELETE FROM member WHERE account_id = :account AND role = 'ADMIN'"),
            {"account": writer.world.own.account_id},
        )
    answer = await writer.change("acceptRequest", Kind.MANAGER, {"id": id}, "status requestedBy")
    assert (answer["status"], answer["requestedBy"] is None) == ("ACCEPTED", False)
    assert [mail["kind"] for mail in await mails(writer)] == ["REQUEST_RECEIVED"]


@pytest.mark.parametrize("language", list(Language))
async def test_a_conflict_speaks_the_language_of_the_viewer(writer, language):
    await speak(writer, language)
    id = await ask(writer)
    await writer.change("withdrawRequest", Kind.ADMIN, {"id": id})
    message = translate(
        "This request is open no more; it is {status}.", language, status=RequestStatus.WITHDRAWN
    )
    answer = await writer.change("withdrawRequest", Kind.OWNER, {"id": id})
    assert answer == refusal(problem("CONFLICT", "input.id", message))


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (DECIDED.format("ACCEPTED"), "violates row-level security"),
        (DECIDED.format("DECLINED"), "violates row-level security"),
        ("UPDATE request SET reason = 'x'", "permission denied"),
        ("UPDATE request SET comment = 'x'", "permission denied"),
        ("UPDATE request SET proposed_vat_number = NULL", "permission denied"),
        ("UPDATE request SET expires_at = 'infinity'", "permission denied"),
        ("DELETE FROM request", "permission denied"),
    ],
)
async def test_the_role_of_customers_can_decide_nothing(writer, database, statement, told):
    own = writer.world.own
    viewer = Viewer(Role.CUSTOMER, own.owner.id, grants={own.account_id: Grant()})
    id = decode(own.ids["Request"][0])[1]
    async with database.app.connect() as connection:
        await set_viewer(connection, viewer)
        with pytest.raises(DBAPIError, match=told):
            await connection.execute(text(f"{statement} WHERE id = :id"), {"id": id})


async def test_the_role_of_staff_cannot_touch_what_was_asked_for(writer, database):
    async with database.staff.connect() as connection:
        for statement in (
            "UPDATE request SET proposed_vat_number = NULL",
            "INSERT INTO request DEFAULT VALUES",
            "DELETE FROM request",
        ):
            with pytest.raises(DBAPIError, match="permission denied"):
                await connection.execute(text(statement))
            await connection.rollback()
