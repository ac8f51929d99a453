"""Introspection over HTTP: each caller is described the schema that it may use."""

from pathlib import Path

import pytest
from graphql import build_client_schema, get_introspection_query, print_schema

from permissions.visible_schema import visible_schema
from portal.database.addresses import Addresses
from portal.settings.settings import Introspection, Settings
from portal.viewer import Role
from tests.api.asking import Api, api_of, own_client
from tests.command_line import environment, portal
from tests.permission_matrix.coordinate import CORE
from tests.saying import not_logged_in
from tests.world import Kind, World

__all__ = ["environment"]

_KINDS = {
    Role.ANONYMOUS: Kind.ANONYMOUS,
    Role.CUSTOMER: Kind.READER,
    Role.EMPLOYEE: Kind.EMPLOYEE_WITHOUT,
    Role.MANAGER: Kind.MANAGER,
    Role.PARTNER: Kind.PARTNER_READING,
}
QUERY = get_introspection_query(specified_by_url=True, input_value_deprecation=True, one_of=True)


async def test_the_introspection_of_each_role_is_its_schema(api: Api, world: World):
    for role, kind in _KINDS.items():
        answer = await api(QUERY, world.tokens[kind])
        described = print_schema(build_client_schema(answer["data"]))
        assert described == print_schema(visible_schema(CORE, role)), role


async def test_introspection_beside_other_fields(api: Api, world: World):
    document = """{
      staff: __type(name: "Staff") { name }
      viewer { role }
      node: __type(name: "Node") { possibleTypes { name } }
      __schema { mutationType { name } }
      ...more
    }
    fragment more on Query { __schema { queryType { fields { name } } } }"""
    answer = await api(document, world.tokens[Kind.PARTNER])
    data = answer["data"]
    assert data["staff"] is None
    assert data["viewer"] == {"role": "PARTNER"}
    names = {kind["name"] for kind in data["node"]["possibleTypes"]}
    assert names >= {"Account", "Tariff"}
    assert names.isdisjoint({"Staff", "PermissionProfile"})
    assert data["__schema"]["mutationType"] is None
    fields = {field["name"] for field in data["__schema"]["queryType"]["fields"]}
    assert "account" in fields
    assert "accounts" not in fields


async def test_a_hidden_field_is_refused_as_ever_and_not_unknown(api: Api, world: World):
    answer = await api("{ staff { totalCount } }", world.tokens[Kind.OWNER])
    assert answer["data"] == {"staff": None}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


@pytest.fixture
async def closed(addresses: Addresses, tmp_path: Path):
    """A portal that shows its schema to those alone who are logged in."""
    settings = Settings(data=tmp_path, introspection=Introspection.LOGGED_IN)
    async with own_client(settings, addresses) as client:
        yield api_of(client)


@pytest.mark.parametrize("document", ["{ __schema { queryType { name } } }", QUERY])
async def test_nothing_is_described_to_strangers_where_the_setting_says_so(
    closed: Api, world: World, document: str
):
    answer = await closed(document)
    assert answer["data"] is None
    (error,) = answer["errors"]
    assert error["message"] == not_logged_in("__schema")
    assert error["path"] == ["__schema"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    asked = '{ viewer { role __typename } __type(name: "Query") { name } }'
    answer = await closed(asked)
    assert answer["data"] == {
        "viewer": {"role": "ANONYMOUS", "__typename": "Viewer"},
        "__type": None,
    }
    assert [error["path"] for error in answer["errors"]] == [["__type"]]
    answer = await closed(document, world.tokens[Kind.OWNER])
    assert answer["data"]["__schema"]["queryType"]["name"] == "Query"
    assert "errors" not in answer


def test_the_command_prints_the_schema_of_a_role(environment: dict[str, str]):
    status, printed, _ = portal(environment, "schema", "--role", "customer")
    assert status == 0
    assert printed == print_schema(visible_schema(CORE, Role.CUSTOMER)) + "\n"
    status, printed, _ = portal(environment, "schema", "--role", "customer", "--markdown")
    assert status == 0
    assert "| `createdAt` | [DateTime](#datetime) | When it was made. Needs the scope" in printed
    assert "MANAGER |" not in printed
    status, _, complaint = portal(environment, "schema", "--role", "nobody")
    assert status == 2
    assert "'anonymous', 'customer', 'employee', 'manager', 'partner'" in complaint
