"""Guards: what stops the start, and what a refusal leaves alone."""

import re
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import uuid4

import pytest
import strawberry
from graphql import ExecutionResult, graphql_sync

from permissions.fields import EVERYONE, Access, allowed
from permissions.guards import UndeclaredAccess, guard
from portal.errors import Forbidden
from portal.viewer import Grant, MemberRole, Role, Scope, Viewer
from tests import factories
from tests.api.asking import Api
from tests.api.conftest import Write
from tests.world import Kind, World

MANAGERS = allowed(Role.MANAGER)
REFUSAL = """
fragment refusal on Refusal { problems { code path required { roles scope memberRoles } } }
"""


def options(access: Access | None) -> dict[str, Any]:
    """Declare an access, or forget to."""
    return {} if access is None else access.options()


def small_schema(
    *,
    field: Access | None = EVERYONE,
    field_type: Any = int,
    argument: Access | None = EVERYONE,
    argument_type: Any = int | None,
    sent: Access | None = EVERYONE,
    sent_type: Any = int | None,
) -> strawberry.Schema:
    """Give a schema of one field that takes one argument and one input of one field."""

    @strawberry.input
    class Given:
        number: sent_type = strawberry.field(
            **options(sent), **({"default": strawberry.UNSET} if sent_type is not int else {})
        )

    def resolve(
        plain: Annotated[argument_type, strawberry.argument(**options(argument))],
        given: Annotated[Given | None, strawberry.argument(**EVERYONE.options())] = None,
    ) -> field_type:
        return 1

    if argument_type is not int:
        resolve.__defaults__ = (strawberry.UNSET, strawberry.UNSET)

    @strawberry.type
    class Query:
        answer: field_type = strawberry.field(resolver=resolve, **options(field))

    return strawberry.Schema(Query)


def test_a_schema_that_declares_everything_starts():
    guard(small_schema())
    guard(small_schema(field=MANAGERS, field_type=int | None, argument=MANAGERS, sent=MANAGERS))


@pytest.mark.parametrize(
    ("faults", "sentence"),
    [
        ({"field": None}, "Query.answer declares no access."),
        ({"argument": None}, "Query.answer(plain:) declares no access."),
        ({"sent": None}, "Given.number declares no access."),
        ({"field": MANAGERS}, "Query.answer is guarded, so it must be nullable."),
        (
            {"argument": MANAGERS, "argument_type": int},
            "Query.answer(plain:) is guarded, so it must be nullable.",
        ),
        (
            {"sent": MANAGERS, "sent_type": int},
            "Given.number is guarded, so it must be nullable.",
        ),
    ],
)
def test_what_is_not_declared_or_cannot_be_kept_stops_the_start(faults, sentence):
    with pytest.raises(UndeclaredAccess, match=f"^{re.escape(sentence)}$"):
        guard(small_schema(**faults))


def test_every_fault_is_named_at_once():
    with pytest.raises(UndeclaredAccess) as stopped:
        guard(small_schema(field=None, argument=None, sent=None))
    assert str(stopped.value).splitlines() == [
        "Query.answer declares no access.",
        "Query.answer(plain:) declares no access.",
        "Given.number declares no access.",
    ]


@pytest.mark.reads
async def test_a_refused_field_is_null_and_its_siblings_are_untouched(api: Api, world: World):
    answer = await api(
        "query ($id: ID!) { account(id: $id) { name history { totalCount } contract { iban"
        " purchaseOrderNumber } } }",
        world.tokens[Kind.READER],
        id=world.own.id,
    )
    assert answer["data"] == {
        "account": {
            "name": world.own.account.name,
            "history": None,
            "contract": {
                "iban": None,
                "purchaseOrderNumber": world.own.contract.purchase_order_number,
            },
        }
    }
    payers = ["OWNER", "BILLING"]
    assert [(error["path"], error["extensions"]) for error in answer["errors"]] == [
        (["account", "history"], _required("HISTORY")),
        (["account", "contract", "iban"], _required("FINANCIALS", payers)),
    ]


def _required(scope: str, member_roles: list[str] | None = None) -> dict[str, Any]:
    return {
        "name": {"HISTORY": "Account.history", "FINANCIALS": "Contract.iban"}[scope],
        "code": "FORBIDDEN",
        "required": {
            "roles": ["CUSTOMER", "EMPLOYEE", "MANAGER"],
            "scope": scope,
            "memberRoles": member_roles or [],
        },
    }


MIXED = (
    """mutation ($account: ID!, $contract: ID!) {
  first: updateAccount(input: {id: $account, name: "Changed"}) { __typename ...refusal }
  second: setTestAccount(input: {id: $account, isTest: false}) { __typename ...refusal }
  third: updateContract(input: {id: $contract, iban: null}) { __typename ...refusal }
}"""
    + REFUSAL
)


async def test_one_refused_mutation_keeps_all_from_running(api: Api, world: World):
    names = {"account": world.own.id, "contract": world.own.contract_id}
    answer = await api(MIXED, world.tokens[Kind.OWNER], **names)
    forbidden = {"code": "FORBIDDEN", "path": [], "required": None}
    managers = {"roles": ["MANAGER"], "scope": None, "memberRoles": []}
    assert answer == {
        "data": {
            "first": {"__typename": "Refusal", "problems": [forbidden]},
            "second": {
                "__typename": "Refusal",
                "problems": [{**forbidden, "required": managers}],
            },
            "third": {"__typename": "Refusal", "problems": [forbidden]},
        }
    }
    after = await api(
        "query ($id: ID!) { account(id: $id) { version name isTest contract { version iban } } }",
        world.tokens[Kind.OWNER],
        id=world.own.id,
    )
    assert after["data"]["account"] == {
        "version": 1,
        "name": world.own.account.name,
        "isTest": True,
        "contract": {"version": 1, "iban": world.own.contract.iban},
    }
    assert "errors" not in await api(MIXED, world.tokens[Kind.MANAGER], **names)


TWO_ACCOUNTS = (
    """mutation ($mine: ID!, $theirs: ID!) {
  mine: updateAccount(input: {id: $mine, name: "Mine"}) { ... on Account { name } ...refusal }
  theirs: updateAccount(input: {id: $theirs, name: "Ours"}) { ... on Account { name } ...refusal }
}"""
    + REFUSAL
)


async def test_the_owner_of_one_account_only_reads_where_a_reader(
    api: Api, world: World, write: Write
):
    await write(factories.member(world.foreign.account_id, world.own.owner, MemberRole.READER))
    viewer = world.tokens[Kind.OWNER]
    answer = await api(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Account { name history { totalCount } } }"
        " }",
        viewer,
        ids=[world.own.id, world.foreign.id],
    )
    mine, theirs = answer["data"]["nodes"]
    assert mine == {"name": world.own.account.name, "history": {"totalCount": 2}}
    assert theirs == {"name": world.foreign.account.name, "history": None}
    assert [error["path"] for error in answer["errors"]] == [["nodes", 1, "history"]]

    names = {"mine": world.own.id, "theirs": world.foreign.id}
    answer = await api(TWO_ACCOUNTS, viewer, **names)
    assert answer["data"]["theirs"]["problems"] == [
        {
            "code": "FORBIDDEN",
            "path": ["input", "name"],
            "required": {
                "roles": ["CUSTOMER", "EMPLOYEE", "MANAGER"],
                "scope": "CONTRACT_EDIT",
                "memberRoles": [],
            },
        }
    ]
    assert answer["data"]["mine"]["problems"] == [
        {"code": "FORBIDDEN", "path": [], "required": None}
    ]
    # The same two fields where the viewer may, so that the refusal was the reader's rights.
    answer = await api(TWO_ACCOUNTS, world.tokens[Kind.MANAGER], **names)
    assert answer["data"] == {"mine": {"name": "Mine"}, "theirs": {"name": "Ours"}}


@pytest.mark.reads
@pytest.mark.parametrize("kind", [Kind.EMPLOYEE_WITHOUT, Kind.OWNER, Kind.PARTNER, Kind.ANONYMOUS])
@pytest.mark.parametrize(
    "given",
    [
        "",
        '(search: "a")',
        '(filter: {name: "a"})',
        '(filter: {customerNumber: "1"})',
        "(filter: {isTest: true})",
        "(filter: {status: ACTIVE})",
        "(orderBy: {field: CUSTOMER_NUMBER})",
    ],
)
async def test_filters_and_orders_are_guarded_like_what_they_read(
    api: Api, world: World, kind: Kind, given: str
):
    answer = await api(f"{{ accounts{given} {{ totalCount }} }}", world.tokens[kind])
    assert answer["data"] == {"accounts": None}
    (error,) = answer["errors"]
    assert error["path"] == ["accounts"]
    assert error["extensions"] == {
        "name": "Query.accounts",
        "code": "UNAUTHENTICATED" if kind is Kind.ANONYMOUS else "FORBIDDEN",
        "required": {
            "roles": ["EMPLOYEE", "MANAGER"],
            "scope": "ACCOUNT_READ",
            "memberRoles": [],
        },
    }


@pytest.mark.parametrize("given", ["plain: 1", "plain: null", "given: {number: 1}"])
def test_what_is_sent_is_guarded_apart_from_its_field(given: str):
    """A field for everybody may take what is for few: then it is the argument that is refused."""
    answer = ask_small(f"{{ answer({given}) }}")
    assert answer.data == {"answer": None}
    assert [(error.path, type(error.original_error)) for error in answer.errors] == [
        (["answer"], Forbidden)
    ]


@pytest.mark.parametrize("given", ["", "(given: {})", "(given: null)"])
def test_what_is_left_out_asks_no_guard(given: str):
    answer = ask_small(f"{{ answer{given} }}")
    assert (answer.data, answer.errors) == ({"answer": 1}, None)


def ask_small(document: str) -> ExecutionResult:
    """Ask the small schema, whose argument and input field are for managers, as a customer."""
    schema = small_schema(field_type=int | None, argument=MANAGERS, sent=MANAGERS)
    guard(schema)
    context = SimpleNamespace(viewer=Viewer(Role.CUSTOMER, uuid4()))
    return graphql_sync(schema._schema, document, context_value=context)  # noqa: SLF001 -- no public name


def test_a_scope_counts_in_the_account_at_hand_alone():
    mine, theirs = uuid4(), uuid4()
    grant = Grant(frozenset({Scope.HISTORY}), MemberRole.OWNER)
    viewer = Viewer(Role.CUSTOMER, uuid4(), grants={mine: grant})
    access = allowed(Role.CUSTOMER, scope=Scope.HISTORY)
    assert [access.allows(viewer, account) for account in (mine, theirs, None)] == [
        True,
        False,
        False,
    ]
