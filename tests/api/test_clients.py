"""The clients that people use, unpatched, against a portal that was started by its command.

Each reads the first page of the members beside the contract, goes on to the next page, changes
the contract, and meets a field that is refused.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from graphql import print_schema

from permissions.visible_schema import visible_schema
from portal.database.addresses import Addresses
from portal.viewer import Role
from tests import javascript
from tests.permission_matrix.coordinate import CORE
from tests.server import Server, serving
from tests.world import Kind, World

FOLDER = Path(__file__).parent.parent / "clients"
FIRST, NEXT = ["OWNER", "ADMIN", "BILLING"], ["READER"]
BY_TEXT = {"method": "POST", "status": 200, "hasText": True}
BY_HASH = {"method": "POST", "status": 200, "hasText": False}
UNKNOWN_HASH = {"method": "POST", "status": 400, "hasText": False}


@pytest.fixture(scope="module")
def server(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory):
    with serving(addresses, tmp_path_factory.mktemp("clients")) as server:
        yield server


def run(program: str, server: Server, world: World, *more: str) -> Any:
    """Run a client as the owner of the world's account, and give what it found."""
    where = (f"{server.address}/graphql", str(world.tokens[Kind.OWNER]))
    rows = (world.own.id, world.own.contract_id)
    return json.loads(javascript.run(program, *where, *rows, *more, packages=FOLDER))


def roles(members: dict[str, Any]) -> list[str]:
    """Give the roles of a page of members."""
    return [edge["node"]["role"] for edge in members["edges"]]


def check_first(page: dict[str, Any], world: World) -> None:
    """Compare a first page with the world."""
    assert page["viewer"]["role"] == "CUSTOMER"
    account, own = page["account"], world.own
    assert account["id"] == own.id
    assert (account["members"]["totalCount"], roles(account["members"])) == (4, FIRST)
    assert account["members"]["pageInfo"]["hasNextPage"] is True
    contract = account["contract"]
    assert (contract["id"], contract["version"]) == (own.contract_id, 1)
    assert contract["purchaseOrderNumber"] == own.contract.purchase_order_number
    assert (contract["vatTreatment"], contract["iban"]) == ("STANDARD", "NL91ABNA0417164300")


def check_refused(refused: dict[str, Any]) -> None:
    """Compare the answer with a refused field: it is null, and the rest is there."""
    assert refused["code"] == "FORBIDDEN"
    assert refused["data"]["staff"] is None
    assert refused["data"]["viewer"]["role"] == "CUSTOMER"


def changed_by(client: str, world: World) -> dict[str, Any]:
    """Give what a mutation answers."""
    found = {"id": world.own.contract_id, "version": 2, "purchaseOrderNumber": client}
    return {"__typename": "Contract", **found}


def test_apollo_with_persisted_queries(server: Server, world: World):
    found = run("apollo.mjs", server, world)
    check_first(found["first"], world)
    check_refused(found["refused"])
    assert found["changed"] == changed_by("apollo", world)
    # Its cache joined the pages, and took in what the mutation answered.
    assert roles(found["cached"]["account"]["members"]) == FIRST + NEXT
    contract = found["cached"]["account"]["contract"]
    assert (contract["version"], contract["purchaseOrderNumber"]) == (2, "apollo")
    # A text is sent once for each document: the next page went by its hash.
    page = [UNKNOWN_HASH, BY_TEXT, BY_HASH]
    assert found["wire"] == [*page, UNKNOWN_HASH, BY_TEXT, UNKNOWN_HASH, BY_TEXT]
    assert found["second"] == [{"method": "GET", "status": 200, "hasText": False}]


def test_urql(server: Server, world: World):
    found = run("urql.mjs", server, world)
    check_first(found["first"], world)
    check_refused(found["refused"])
    assert roles(found["next"]) == NEXT
    assert found["changed"] == changed_by("urql", world)
    assert found["again"]["purchaseOrderNumber"] == "urql"
    methods = [(sent["method"], sent["status"]) for sent in found["wire"]]
    assert methods == [("GET", 200), ("GET", 200), ("POST", 200), ("GET", 200), ("GET", 200)]


def test_graphql_request(server: Server, world: World):
    found = run("graphql_request.mjs", server, world)
    check_first(found["first"], world)
    check_refused(found["refused"])
    assert roles(found["next"]) == NEXT
    assert found["changed"] == changed_by("graphql-request", world)


def compiled_by_relay(folder: Path) -> Path:
    """Run Relay's compiler on the customers' schema in a folder; gives the folder."""
    (folder / "source").mkdir(parents=True)
    (folder / "artifacts").mkdir()
    (folder / "persisted.json").write_text("{}")
    shutil.copy(FOLDER / "relay" / "account.js", folder / "source")
    shutil.copy(FOLDER / "relay" / "relay.config.json", folder)
    schema = visible_schema(CORE, Role.CUSTOMER)
    (folder / "schema.graphql").write_text(print_schema(schema))
    compiler = "node_modules/relay-compiler/cli.js"
    javascript.run(compiler, "relay.config.json", packages=FOLDER, folder=folder)
    return folder


def test_relay_with_trusted_documents(addresses: Addresses, world: World, tmp_path: Path):
    folder = compiled_by_relay(tmp_path / "relay")
    documents = folder / "persisted.json"
    assert len(json.loads(documents.read_text())) == 3
    with serving(addresses, tmp_path, trusted_documents=documents) as server:
        found = run("relay.mjs", server, world, str(folder / "artifacts"))
    assert found["role"] == "CUSTOMER"
    assert found["before"]["purchaseOrderNumber"] == world.own.contract.purchase_order_number
    # Its store joined the pages, and took in what the mutation answered.
    assert (found["members"]["totalCount"], roles(found["members"])) == (4, FIRST + NEXT)
    assert found["members"]["pageInfo"]["hasNextPage"] is False
    assert found["changed"] == "Contract"
    assert found["after"] == {
        "id": world.own.contract_id,
        "version": 2,
        "purchaseOrderNumber": "relay",
    }
    assert found["wire"] == [BY_HASH] * 3
