"""What people run over the schema: graphql-codegen with a strict compiler, and two linters."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from portal.database.addresses import Addresses
from portal.settings.settings import Settings
from schema import root
from tests import javascript
from tests.api.asking import own_client
from tests.world import Kind, World

FOLDER = Path(__file__).parent.parent / "clients"
NAMES = ("ContractPage", "SetNumber")
SDL = Path(root.__file__).parent / "schema.graphql"


async def test_codegen_with_a_strict_compiler_and_trusted_documents(
    addresses: Addresses, world: World, tmp_path: Path
):
    folder = tmp_path / "application"
    shutil.copytree(FOLDER / "codegen", folder)
    shutil.copy(SDL, folder)
    (folder / "node_modules").symlink_to(FOLDER / "node_modules")
    javascript.run("codegen.mjs", packages=FOLDER, folder=folder)
    javascript.run("node_modules/typescript/bin/tsc", packages=FOLDER, folder=folder)
    manifest = folder / "client" / "persisted-documents.json"
    ids = {
        name: id
        for id, text in json.loads(manifest.read_text()).items()
        for name in NAMES
        if name in text
    }
    assert sorted(ids) == sorted(NAMES)
    headers = {"authorization": f"Bearer {world.tokens[Kind.OWNER]}"}
    async with own_client(Settings(data=tmp_path, trusted_documents=manifest), addresses) as client:

        async def ask(name: str, **variables: Any) -> Any:
            asked = {"documentId": ids[name], "variables": variables}
            return (await client.post("/graphql", json=asked, headers=headers)).json()["data"]

        page = await ask("ContractPage", account=world.own.id)
        assert page["viewer"] == {"role": "CUSTOMER"}
        given = {"id": world.own.contract_id, "purchaseOrderNumber": "codegen"}
        changed = await ask("SetNumber", input=given)
        assert changed["updateContract"] == {"__typename": "Contract", "version": 2}


def relay_findings(folder: Path) -> list[str]:
    """Run the rules of graphql-eslint for Relay; give those that found something."""
    found = javascript.run("relay_rules.mjs", packages=FOLDER, folder=folder)
    return [finding["ruleId"] for finding in json.loads(found)]


def test_relays_rules_find_nothing(tmp_path: Path):
    schema = tmp_path / "schema.graphql"
    shutil.copy(SDL, schema)
    assert relay_findings(tmp_path) == []
    schema.write_text(SDL.read_text().replace("pageInfo: PageInfo!", "pageInfo: PageInfo"))
    assert set(relay_findings(tmp_path)) == {"@graphql-eslint/relay-connection-types"}


def test_the_schema_linter_finds_nothing(tmp_path: Path):
    linter = "node_modules/graphql-schema-linter/lib/cli.js"
    rules = (FOLDER / "node_modules" / "graphql-schema-linter" / "lib" / "rules").glob("*.js")
    names = [rule.stem.replace("_", "-") for rule in rules]
    chosen = ",".join(name for name in names if "alphabetical" not in name)

    def run(schema: Path) -> str:
        return javascript.run(linter, "--rules", chosen, str(schema), packages=FOLDER)

    assert run(SDL).strip() == "✔ 0 errors detected"
    bare = tmp_path / "schema.graphql"
    bare.write_text("type Query { a: Int }")
    with pytest.raises(AssertionError, match="types-have-descriptions"):
        run(bare)
