"""createAccount: a manager makes an account for a customer, and its owner is told."""

import asyncio

import pytest
import sqlalchemy as sa

from portal.language.global_id import decode
from tests import factories
from tests.saying import not_permitted
from tests.world import Kind
from tests.writing import problem, refusal

REFUSAL = "... on Refusal { problems { code path message required { roles scope memberRoles } } }"
FIELDS = """... on Account { id name customerNumber language timeZone isTest
  owner { name email role } contract { id } consents { totalCount }
  history { edges { node { action actorRole reason } } } }"""
MANAGERS = {"roles": ["MANAGER"], "scope": None, "memberRoles": []}


@pytest.fixture
def create(api, world):
    """Make an account; give the mutation's own part of the answer."""

    async def create(kind=Kind.MANAGER, **given):
        answer = await api(
            "mutation ($input: CreateAccountInput!) { createAccount(input: $input)"
            f" {{ __typename {FIELDS} {REFUSAL} }} }}",
            world.tokens[kind],
            input=given,
        )
        assert set(answer) == {"data"}, answer
        return answer["data"]["createAccount"]

    return create


@pytest.fixture
def mails(superuser):
    """Give the mails to an address."""

    async def mails(address):
        found = sa.text(
            "SELECT o.language, o.text, m.kind FROM outbox o JOIN message m ON m.id = o.message_id"
            " WHERE o.recipient = :address"
        )
        async with superuser.connect() as connection:
            return [tuple(row) for row in await connection.execute(found, {"address": address})]

    return mails


@pytest.fixture
def accounts(superuser):
    """Count the accounts, people and mails."""

    async def accounts():
        counted = "SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM person)"
        async with superuser.connect() as connection:
            return tuple((await connection.execute(sa.text(counted))).one())

    return accounts


async def test_a_new_owner_gets_an_account_and_a_mail(create, mails, api, world):
    address, number = f"{factories.word()}@kade.example", factories.word()
    answer = await create(
        name="De Kade",
        customerNumber=number,
        owner={"email": address.upper(), "name": "Mia Kade", "language": "DE"},
        reason="By telephone.",
    )
    id = answer.pop("id")
    assert answer == {
        "__typename": "Account",
        "name": "De Kade",
        "customerNumber": number,
        "language": "DE",
        "timeZone": "Europe/Amsterdam",
        "isTest": False,
        "owner": {"name": "Mia Kade", "email": address, "role": "OWNER"},
        "contract": None,
        "consents": {"totalCount": 0},
        "history": {
            "edges": [
                {
                    "node": {
                        "action": "createAccount",
                        "actorRole": "MANAGER",
                        "reason": "By telephone.",
                    }
                }
            ]
        },
    }
    ((language, text, kind),) = await mails(address)
    assert (language, kind) == ("DE", "ACCOUNT_MADE")
    assert "Guten Tag Mia Kade," in text
    assert "De Kade" in text
    # It waits for its owner's agreement.
    waiting = await api(
        "query ($id: ID!) { account(id: $id) { openConsents { kind } } }",
        world.tokens[Kind.MANAGER],
        id=id,
    )
    assert "errors" not in waiting


async def test_a_known_person_owns_one_more(create, world, mails, client, api):
    own = world.own
    answer = await create(name="Second", owner={"email": own.owner.email}, isTest=True)
    assert (answer["owner"]["name"], answer["isTest"]) == (own.owner.name, True)
    seen = await api("{ viewer { accounts { edges { node { id } } } } }", world.tokens[Kind.OWNER])
    ids = [edge["node"]["id"] for edge in seen["data"]["viewer"]["accounts"]["edges"]]
    assert answer["id"] in ids
    assert decode(answer["id"])[0] == "Account"


async def test_a_manager_brings_in_many_customers_in_a_day(create):
    owner = {"email": f"{factories.word()}@kade.example", "name": "Mia Kade"}
    answers = [await create(name="De Kade", owner=owner)]
    for _ in range(22):
        owner = {"email": f"{factories.word()}@kade.example", "name": "Mia Kade"}
        answers.append(await create(name="De Kade", owner=owner))
    assert [answer["__typename"] for answer in answers] == ["Account"] * 23


async def test_two_accounts_at_once_for_one_new_owner_make_one_person(create):
    owner = {"email": f"{factories.word()}@kade.example", "name": "Mia Kade"}
    answers = await asyncio.gather(*(create(name="De Kade", owner=owner) for _ in range(2)))
    made, other = sorted(answers, key=lambda one: one["__typename"])
    assert made["__typename"] == "Account"
    problems = [(one["code"], one["path"]) for one in other.get("problems", ())]
    # Where they do not meet, the second finds a person whose name it must not send.
    met = ("CONFLICT", ["input", "owner", "email"])
    assert problems in ([met], [("INVALID_INPUT", ["input", "owner", "name"])])


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"name": " "}, "INVALID_INPUT", "name"),
        ({"name": "x" * 201}, "INVALID_INPUT", "name"),
        ({"timeZone": "Mars/Base"}, "INVALID_INPUT", "timeZone"),
        ({"owner": {"email": "nobody"}}, "INVALID_INPUT", "owner.email"),
        ({"owner": {"email": "nobody@nowhere.example"}}, "NOT_FOUND", "owner.name"),
        (
            {"owner": {"email": "nobody@nowhere.example", "name": "a\u202eb"}},
            "INVALID_INPUT",
            "owner.name",
        ),
    ],
)
async def test_what_is_no_account_is_refused(create, accounts, given, code, path):
    before = await accounts()
    answer = await create(**{"name": "De Kade", "owner": {"email": "x@y.example"}} | given)
    (told,) = answer["problems"]
    assert (told["code"], ".".join(told["path"])) == (code, f"input.{path}")
    assert await accounts() == before


async def test_a_known_person_is_given_no_other_name(create, world, accounts):
    before = await accounts()
    owner = {"email": world.own.owner.email, "name": "Somebody Else"}
    answer = await create(name="De Kade", owner=owner)
    (told,) = answer["problems"]
    assert (told["code"], told["path"]) == ("INVALID_INPUT", ["input", "owner", "name"])
    taken = {"name": "De Kade", "customerNumber": world.own.account.customer_number}
    answer = await create(**taken, owner={"email": world.own.owner.email})
    (told,) = answer["problems"]
    assert (told["code"], told["path"]) == ("CONFLICT", ["input", "customerNumber"])
    assert await accounts() == before


async def test_a_repeated_request_makes_one(create, accounts, world):
    given = {
        "name": "De Kade",
        "owner": {"email": world.own.owner.email},
        "idempotencyKey": factories.word(),
    }
    first = await create(**given)
    before = await accounts()
    assert await create(**given) == first
    assert await accounts() == before


async def test_nobody_but_managers_makes_one(create, accounts):
    before = await accounts()
    for kind in (Kind.OWNER, Kind.EMPLOYEE, Kind.PARTNER):
        answer = await create(kind, name="De Kade", owner={"email": "x@y.example", "name": "x"})
        told = problem("FORBIDDEN", "", not_permitted("make an account"), MANAGERS)
        assert answer == refusal(told)
    assert await accounts() == before
