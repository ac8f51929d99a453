"""What holds for every mutation: versions, keys, and many requests at once."""

import asyncio
import random

import pytest
from sqlalchemy import text

from portal.language.global_id import encode
from portal.language.messages import translate
from portal.viewer import Language
from tests import factories
from tests.api.asking import without_cost
from tests.saying import not_permitted
from tests.world import Kind
from tests.writing import MUTATIONS, TOLD, document, problem, refusal

CONTRACT, ACCOUNT = "updateContract", "updateAccount"
CHANGED = "Changed since version {}; it is version {} now."


def order(number):
    """Give the input that sets a purchase order number."""
    return {"purchaseOrderNumber": number}


async def at_once(client, writer, requests):
    """Send many mutations at once, each until the portal has a connection for it.

    How long many requests wait for ten connections is the machine's affair; an answer of
    UNAVAILABLE says that nothing was done, and a program asks again.
    """

    async def ask(mutation, kind, given, fields):
        sent = {"id": writer.id_for(mutation)} | given
        body = {"query": document(mutation, fields), "variables": {"input": sent}}
        headers = {"authorization": f"Bearer {writer.world.tokens[kind]}"}
        while True:
            response = (await client.post("/graphql", json=body, headers=headers)).json()
            told = [error["extensions"]["code"] for error in response.get("errors", ())]
            if told != ["UNAVAILABLE"]:
                return without_cost(response)
            # Let those go on that are in line.
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(*request)) for request in requests]
    return [task.result() for task in tasks]


async def keys(writer):
    """Give what is kept of the keys of the test's own viewers."""
    async with writer.superuser.connect() as connection:
        found = await connection.execute(
            text(
                "SELECT mutation, key FROM idempotency_key k"
                " WHERE EXISTS (SELECT FROM member m WHERE m.person_id = k.viewer_id"
                " AND m.account_id = :account) AND outcome <> '{}' ORDER BY 1, 2"
            ),
            {"account": writer.world.own.account_id},
        )
        return [tuple(row) for row in found]


async def test_a_version_that_is_no_more_is_a_conflict_that_names_what_differs(writer):
    await writer.change(CONTRACT, Kind.BILLING, order("one") | {"iban": None})
    given = {"vatTreatment": "REVERSE_CHARGE"}
    await writer.change("changeVatTreatment", Kind.MANAGER, given)
    before = await writer.fingerprint()

    stale = await writer.change(CONTRACT, Kind.OWNER, order("two") | {"expectedVersion": 1})
    assert stale == refusal(
        *(
            problem("CONFLICT", f"input.{name}", CHANGED.format(1, 3))
            for name in ("expectedVersion", "iban", "purchaseOrderNumber", "vatTreatment")
        )
    )
    stale = await writer.change(CONTRACT, Kind.OWNER, order("two") | {"expectedVersion": 2})
    assert stale == refusal(
        problem("CONFLICT", "input.expectedVersion", CHANGED.format(2, 3)),
        problem("CONFLICT", "input.vatTreatment", CHANGED.format(2, 3)),
    )
    early = await writer.change(CONTRACT, Kind.OWNER, order("two") | {"expectedVersion": 4})
    assert early == refusal(problem("CONFLICT", "input.expectedVersion", CHANGED.format(4, 3)))
    assert await writer.fingerprint() == before

    present = await writer.change(CONTRACT, Kind.OWNER, order("two") | {"expectedVersion": 3})
    assert present == {"__typename": "Contract", "version": 4}


VALUES = """mutation ($input: UpdateContractInput!) { updateContract(input: $input) {
    ... on Refusal { problems { path values { name value } } } } }"""


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.ADMIN])
async def test_a_conflict_tells_what_is_there_now_to_whoever_may_read_it(writer, kind):
    address = {"name": "Kas", "street": "Kade 1", "postalCode": "3511 AB", "city": "Utrecht"}
    given = {"billingAddress": address | {"country": "NL"}, "purchaseOrderNumber": None}
    await writer.change(CONTRACT, Kind.OWNER, given | {"iban": None})
    sent = {"id": writer.id_for(CONTRACT), "expectedVersion": 1, "purchaseOrderNumber": "two"}
    response = await writer.api(VALUES, writer.world.tokens[kind], input=sent)
    told = {
        one["path"][1]: {held["name"]: held["value"] for held in one["values"]}
        for one in response["data"]["updateContract"]["problems"]
    }
    versions = {"expected": "1", "version": "2"}
    parts = {f"present.{name}": value for name, value in given["billingAddress"].items()}
    assert told == {
        "expectedVersion": versions,
        "billingAddress": {
            **versions,
            "present.attention": None,
            "present.extra": None,
            **parts,
        },
        "iban": versions | ({} if kind is Kind.ADMIN else {"present": None}),
        "purchaseOrderNumber": versions | {"present": None},
    }


async def test_an_account_has_a_version_of_its_own(writer):
    await writer.change(CONTRACT, Kind.OWNER, order("one"))
    given = {"name": "one", "expectedVersion": 1}
    assert (await writer.change(ACCOUNT, Kind.OWNER, given))["version"] == 2
    assert await writer.change(ACCOUNT, Kind.OWNER, given) == refusal(
        problem("CONFLICT", "input.expectedVersion", CHANGED.format(1, 2)),
        problem("CONFLICT", "input.name", CHANGED.format(1, 2)),
    )


async def test_two_at_once_with_one_version_one_wins(writer):
    answers = await asyncio.gather(
        *(
            writer.change(CONTRACT, kind, order(kind) | {"expectedVersion": 1})
            for kind in (Kind.OWNER, Kind.MANAGER)
        )
    )
    lost = refusal(
        problem("CONFLICT", "input.expectedVersion", CHANGED.format(1, 2)),
        problem("CONFLICT", "input.purchaseOrderNumber", CHANGED.format(1, 2)),
    )
    won = {"__typename": "Contract", "version": 2}
    assert sorted(answers, key=str) == sorted([lost, won], key=str)
    (entry,) = await writer.entries()
    winner = (Kind.OWNER, Kind.MANAGER)[answers.index(won)]
    assert entry["values"][0][2] == winner


async def test_two_at_once_without_a_version_come_one_after_the_other(writer):
    answers = await asyncio.gather(
        *(writer.change(CONTRACT, kind, order(kind), "id") for kind in (Kind.OWNER, Kind.MANAGER))
    )
    assert [answer["__typename"] for answer in answers] == ["Contract", "Contract"]
    first, second = await writer.entries()
    assert [first["number"], second["number"]] == [3, 4]
    ((_, _, between),) = first["values"]
    ((_, before, _),) = second["values"]
    assert between == before
    assert {between, second["values"][0][2]} == {Kind.OWNER, Kind.MANAGER}


async def test_the_same_request_twice_is_carried_out_once(writer):
    given = order("one") | {"idempotencyKey": "k-1", "expectedVersion": 1}
    first = await writer.change(CONTRACT, Kind.OWNER, given, "version purchaseOrderNumber")
    before = await writer.fingerprint()
    again = await writer.change(CONTRACT, Kind.OWNER, given, "version purchaseOrderNumber")
    assert (
        first
        == again
        == {
            "__typename": "Contract",
            "version": 2,
            "purchaseOrderNumber": "one",
        }
    )
    assert await writer.fingerprint() == before
    assert await keys(writer) == [(CONTRACT, "k-1")]


@pytest.mark.parametrize(
    "other",
    [
        order("two"),
        order("one") | {"expectedVersion": 2},
        order("one") | {"iban": None},
        order(None),
        {},
    ],
)
async def test_the_same_key_with_other_arguments_is_refused(writer, other):
    key = {"idempotencyKey": "k-1"}
    await writer.change(CONTRACT, Kind.OWNER, order("one") | key)
    before = await writer.fingerprint()
    assert await writer.change(CONTRACT, Kind.OWNER, other | key) == refusal(
        problem("KEY_REUSED", "input.idempotencyKey", "This key was used with other arguments.")
    )
    assert await writer.fingerprint() == before


async def test_a_key_belongs_to_one_person_and_one_mutation(writer):
    key = {"idempotencyKey": "k-1"}
    versions = [
        (await writer.change(CONTRACT, kind, order(kind) | key))["version"]
        for kind in (Kind.OWNER, Kind.BILLING, Kind.MANAGER, Kind.EMPLOYEE)
    ]
    assert versions == [2, 3, 4, 5]
    assert (await writer.change(ACCOUNT, Kind.OWNER, {"name": "x"} | key))["version"] == 2
    assert await keys(writer) == [(ACCOUNT, "k-1"), (CONTRACT, "k-1"), (CONTRACT, "k-1")]
    before = await writer.fingerprint()
    again = await writer.change(CONTRACT, Kind.OWNER, order(Kind.OWNER) | key, "id")
    assert again == {"__typename": "Contract", "id": writer.world.own.contract_id}
    again = await writer.change(ACCOUNT, Kind.OWNER, {"name": "x"} | key, "id")
    assert again == {"__typename": "Account", "id": writer.world.own.id}
    assert await writer.fingerprint() == before


async def test_a_key_is_kept_for_48_hours(writer):
    given = order("one") | {"idempotencyKey": "k-1"}
    await writer.change(CONTRACT, Kind.OWNER, given)
    for age, other in (("47 hours 59 minutes", "KEY_REUSED"), ("48 hours", None)):
        async with writer.superuser.begin() as connection:
            await connection.execute(
                text(f"UPDATE idempotency_key SET created_at = now() - interval '{age}'"),  # noqa: S608
            )
        answer = await writer.change(CONTRACT, Kind.OWNER, given | order("two"))
        if other:
            assert [one["code"] for one in answer["problems"]] == [other]
        else:
            assert answer == {"__typename": "Contract", "version": 3}
    assert await keys(writer) == [(CONTRACT, "k-1")]


async def test_a_refused_mutation_leaves_no_key(writer):
    key = {"idempotencyKey": "k-1"}
    for refused in ({"iban": "NL"}, order("x" * 51), order("x") | {"expectedVersion": 9}):
        answer = await writer.change(CONTRACT, Kind.OWNER, refused | key)
        assert answer["__typename"] == "Refusal"
    assert await keys(writer) == []
    assert (await writer.change(CONTRACT, Kind.OWNER, order("one") | key))["version"] == 2


@pytest.mark.parametrize("key", ["", "x" * 101, "a\0b", "a\nb", "\x7f", "\u2028"])
async def test_a_key_is_a_hundred_printable_characters_at_most(writer, key):
    before = await writer.fingerprint()
    given = order("one") | {"idempotencyKey": key}
    assert await writer.change(CONTRACT, Kind.OWNER, given) == refusal(
        problem(
            "INVALID_INPUT",
            "input.idempotencyKey",
            "Must have from 1 to 100 printable characters.",
        )
    )
    assert await writer.fingerprint() == before


async def test_a_key_of_null_is_no_key(writer):
    given = order("one") | {"idempotencyKey": None, "expectedVersion": None}
    assert (await writer.change(CONTRACT, Kind.OWNER, given))["version"] == 2
    assert await keys(writer) == []


async def test_the_same_key_thirty_times_at_once_is_one_change(writer, client):
    before = await writer.rows()
    given = order("one") | {"idempotencyKey": "k-1"}
    fields = "version purchaseOrderNumber"
    answers = await at_once(client, writer, [(CONTRACT, Kind.OWNER, given, fields)] * 30)
    once = {"__typename": "Contract", "version": 2, "purchaseOrderNumber": "one"}
    assert answers == [{"data": {CONTRACT: once}}] * 30
    assert await writer.written_since(before) == {
        "account": {"history_length": 3},
        "contract": {"version": 2, "purchase_order_number": "one"},
    }
    assert len(await writer.entries()) == 1
    assert await keys(writer) == [(CONTRACT, "k-1")]


async def test_changes_in_one_account_never_wait_in_a_circle(writer, client, write):
    generator = random.Random(7)  # noqa: S311 -- no secret
    documents = [factories.consent_document() for _ in range(10)]
    await write(*documents)
    ids = [encode("ConsentDocument", row.id) for row in documents]

    def some(index):
        kind = generator.choice([Kind.OWNER, Kind.ADMIN])
        key = {"idempotencyKey": f"k-{index}"} if generator.random() < 0.5 else {}
        given = generator.choice(
            [
                (ACCOUNT, {"name": f"name {index}"}),
                (CONTRACT, order(f"order {index}")),
                ("giveConsent", {"documentIds": generator.sample(ids, 3)}),
            ]
        )
        return given[0], kind, given[1] | key, "id"

    requests = [some(index) for index in range(30)]
    answers = await at_once(client, writer, requests)
    assert answers == [
        {"data": {name: {"__typename": MUTATIONS[name], "id": writer.id_for(name)}}}
        for name, *_ in requests
    ]
    entries = await writer.entries()
    assert [entry["number"] for entry in entries] == [*range(TOLD + 1, TOLD + 1 + len(entries))]


async def test_where_one_mutation_of_an_operation_is_refused_none_runs(writer):
    world = writer.world
    before = await writer.fingerprint()
    both = """mutation ($account: ID!, $contract: ID!) {
        first: updateContract(input: {id: $contract, purchaseOrderNumber: "x"}) { ...contract }
        second: setTestAccount(input: {id: $account, isTest: false}) { ...account }
        third: updateContract(input: {id: $contract, iban: null}) { ...contract }
    }
    fragment contract on ContractResult { ... on Refusal { problems { code path message } } }
    fragment account on AccountResult { ... on Refusal { problems { code path message } } }
    """
    answer = await writer.api(
        both, world.tokens[Kind.ADMIN], account=world.own.id, contract=world.own.contract_id
    )
    stopped = {
        "problems": [
            {
                "code": "FORBIDDEN",
                "path": [],
                "message": "Nothing was changed, as this was refused: second.",
            }
        ]
    }
    assert answer == {
        "data": {
            "first": stopped,
            "second": {
                "problems": [
                    {
                        "code": "FORBIDDEN",
                        "path": [],
                        "message": not_permitted("setTestAccount"),
                    }
                ]
            },
            "third": {
                "problems": [
                    {
                        "code": "FORBIDDEN",
                        "path": ["input", "iban"],
                        "message": not_permitted("iban"),
                    }
                ]
            },
        }
    }
    assert await writer.fingerprint() == before


async def test_the_mutations_of_one_operation_run_one_after_the_other(writer):
    world = writer.world
    answer = await writer.api(
        """mutation ($id: ID!) {
            __typename
            first: updateContract(input: {id: $id, purchaseOrderNumber: "one"}) { ...shown }
            second: updateContract(input: {id: $id, purchaseOrderNumber: "x\\ny"}) { ...shown }
            third: updateContract(input: {id: $id, purchaseOrderNumber: "three"}) { ...shown }
        }
        fragment shown on ContractResult {
            ... on Contract { version purchaseOrderNumber }
            ... on Refusal { problems { code path } }
        }""",
        world.tokens[Kind.OWNER],
        id=world.own.contract_id,
    )
    assert answer == {
        "data": {
            "__typename": "Mutation",
            "first": {"version": 2, "purchaseOrderNumber": "one"},
            "second": {
                "problems": [{"code": "INVALID_INPUT", "path": ["input", "purchaseOrderNumber"]}]
            },
            "third": {"version": 3, "purchaseOrderNumber": "three"},
        }
    }
    assert [entry["number"] for entry in await writer.entries()] == [3, 4]


@pytest.mark.parametrize("language", list(Language))
async def test_a_refusal_speaks_the_language_of_the_viewer(writer, language):
    async with writer.superuser.begin() as connection:
        await connection.execute(
            text("UPDATE person SET language = :language WHERE id = :id"),
            {"language": language, "id": writer.world.own.owner.id},
        )
    answer = await writer.change(CONTRACT, Kind.OWNER, {"iban": "NL92ABNA0417164300"})
    message = translate("This is not a valid IBAN.", language)
    assert answer == refusal(problem("INVALID_INPUT", "input.iban", message))
