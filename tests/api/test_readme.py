"""Every example of the README, sent to a served portal with demo data on the README's day."""

import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import httpx
import pytest

from portal import demo
from portal.actions.clock import set_clock
from portal.cli import portal as commands
from portal.clock import now
from portal.database.connection import engine_at
from portal.embedded import EmbeddedPostgres
from portal.language.global_id import decode
from tests.server import serving

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
JORIS, ELSJE, MANAGER = "owner@timmerwinkel.example", "owner@bakker.example", "manager@demo.example"
ROWS = """query ($account: String!) {
  accounts(first: 1, search: $account) { edges { node {
    id contract { id }
    requests(first: 1) { edges { node { id } } }
    modules(first: 50) { edges { node { id module { key } } } }
  } } }
  modules(first: 50) { edges { node { id key tariffs(first: 1) { edges { node { id } } } } } }
}"""
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
ID = re.compile(r'"((?:UmVx|Q29u|QWNj|TW9k|UmVn)[A-Za-z0-9+/=…]+)"')


class Portal:
    """A served portal: who is logged in there, and what it answers."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._tokens: dict[str, str] = {}

    def ask(self, document: str, email: str | None = None, **variables: Any) -> Any:
        """Give the data of an operation; an error fails the test."""
        headers = {"accept-language": "en"}
        if email:
            headers["authorization"] = f"Bearer {self._token(email)}"
        asked = {"query": document, "variables": variables}
        answer = httpx.post(f"{self.address}/graphql", json=asked, headers=headers, timeout=60)
        assert answer.json().keys() == {"data", "extensions"}, answer.text
        return answer.json()["data"]

    def ids(self, name: str, module: str) -> dict[str, str]:
        """Give the ids that examples about an account and a module speak of, by their type."""
        found = self.ask(ROWS, MANAGER, account=name)
        (account,) = nodes(found["accounts"])
        ids = {"Account": account["id"], "Contract": account["contract"]["id"]}
        for one in nodes(account["requests"]):
            ids["Request"] = one["id"]
        for one in nodes(found["modules"]):
            if one["key"] == module:
                (tariff,) = nodes(one["tariffs"])
                ids |= {"Module": one["id"], "Tariff": tariff["id"]}
        for one in nodes(account["modules"]):
            if one["module"]["key"] == module:
                ids["ModuleSubscription"] = one["id"]
        return ids

    def documents(self) -> list[str]:
        """Give the ids of what whoever registers agrees to."""
        return [
            one["id"] for one in self.ask("{ documentsToConsent { id } }")["documentsToConsent"]
        ]

    def _token(self, email: str) -> str:
        if email not in self._tokens:
            login = {"email": email, "password": demo.PASSWORD}
            answer = httpx.post(f"{self.address}/login", json=login, timeout=60)
            self._tokens[email] = answer.json()["token"]
        return self._tokens[email]

    @contextmanager
    def speaking(self, email: str, language: str) -> Iterator[None]:
        """Let somebody read another language meanwhile."""
        update = (
            "mutation ($to: Language!) { updateProfile(input: { language: $to }) { __typename } }"
        )
        self.ask(update, email, to=language)
        try:
            yield
        finally:
            self.ask(update, email, to="NL")


@pytest.fixture(scope="module")
async def portal(
    cluster: EmbeddedPostgres,
    template: str,
    worker_id: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Portal]:
    """Serve demo data of the README's day, on that day."""
    name = f"readme_{worker_id}"
    cluster.drop_database(name)
    cluster.create_database(name, template)
    addresses = cluster.addresses(name)
    await demo.write_demo(addresses.owner, DAY)
    engine = engine_at(addresses.owner)
    async with engine.begin() as connection:
        await set_clock(connection, DAY.date(), now(), may_move=True)
    await engine.dispose()
    with serving(addresses, tmp_path_factory.mktemp("readme")) as server:
        yield Portal(server.address)
    cluster.drop_database(name)


def nodes(connection: dict[str, Any]) -> list[Any]:
    return [edge["node"] for edge in connection["edges"]]


def told(answer: object) -> object:
    """Leave out what is another one each time: ids, instants, and secrets."""
    text = json.dumps(answer, ensure_ascii=False)
    text = re.sub(r'"\d{4}-\d\d-\d\dT[^"]+Z"', '"instant"', ID.sub('"id"', text))
    return json.loads(re.sub(r"key=[\w-]{43}", "key=secret", text))


def shown(language: str) -> list[str]:
    """Give the blocks of the README in a language."""
    return [text for name, text in BLOCK.findall(README) if name == language]


# Who sends each operation, in their order; about which account and module.
SENT = [
    (MANAGER, "Mevr. De Bakker", "telephone"),
    (None, "De Timmerwinkel", "telephone"),
    (JORIS, "De Timmerwinkel", "telephone"),
    (JORIS, "De Timmerwinkel", "telephone"),
    (MANAGER, "De Timmerwinkel", "telephone"),
    (JORIS, "De Timmerwinkel", "desk"),
    (JORIS, "De Timmerwinkel", "telephone"),
    (JORIS, "De Timmerwinkel", "telephone"),
    (JORIS, "De Timmerwinkel", "telephone"),
    (JORIS, "De Timmerwinkel", "telephone"),
]
NEWCOMER = {
    "email": "new@klant.example",
    "personName": "Nora Nieuw",
    "password": "een lang wachtwoord voor Nora",
    "accountName": "Nora & Co",
}
REFUSED = "... on Refusal { problems { code path message required { roles } } }"


def about(document: str, ids: dict[str, str]) -> str:
    """Put ids of the rows there are into an operation, each of the type that stands there."""
    return re.sub(ID, lambda found: f'"{ids[decode(found[1])[0]]}"', document)


def operations_answer_what_stands_below_them(portal: Portal) -> None:
    operations = re.findall(r"```graphql\n(.*?)```\n\n```json\n(.*?)```", README, re.DOTALL)
    assert len(operations) == len(shown("graphql")) == len(SENT)
    for (document, expected), (email, account, module) in zip(operations, SENT, strict=True):
        variables = {} if email else {"input": NEWCOMER | {"documentIds": portal.documents()}}
        wanted = about(document, portal.ids(account, module))
        with portal.speaking(JORIS, "EN"):
            answer = portal.ask(wanted, email, **variables)
        assert told({"data": answer}) == told(json.loads(expected)), document


def what_is_refused_is_told_as_it_stands_there(portal: Portal) -> None:
    refusals = [text for text in shown("json") if text.startswith('{"data"') and "problems" in text]
    forbidden, wrong_data, wrong_day, _stale = map(json.loads, refusals)
    bakker, kade = portal.ids("Mevr. De Bakker", "x"), portal.ids("Brouwerij De Kade", "telephone")
    terms = about(shown("graphql")[0], bakker).replace(
        "... on Refusal { problems { code path message } }", REFUSED
    )
    with portal.speaking(ELSJE, "EN"):
        assert {"data": portal.ask(terms, ELSJE)} == forbidden
    order = """mutation ($input: OrderModuleInput!) {
      orderModule(input: $input) { ... on Refusal { problems { code path message } } }
    }"""
    given = {
        "id": kade["Account"],
        "moduleId": kade["Module"],
        "tariff": {"id": kade["Tariff"]},
        "startsOn": "2026-12-01",
        "data": {"forwardTo": "030 1234567"},
    }
    assert {"data": portal.ask(order, "owner@dekade.example", input=given)} == wrong_data
    notice = """mutation ($id: ID!) { giveNotice(input: { id: $id, lastDay: "2027-01-15" }) {
      ... on Refusal { problems { code path message } } } }"""
    ours = portal.ids("De Timmerwinkel", "telephone")["ModuleSubscription"]
    with portal.speaking(JORIS, "EN"):
        assert {"data": portal.ask(notice, JORIS, id=ours)} == wrong_day


def who_may_not_is_told_how_to_ask(portal: Portal) -> None:
    (asked,) = [json.loads(text) for text in shown("json") if text.startswith('{"field"')]
    page = """query ($id: ID!) { node(id: $id) { ... on Contract {
      viewerCan { field mutation allowed reason howToRequest { mutation kind } } } } }"""
    contract = portal.ids("De Timmerwinkel", "telephone")["Contract"]
    assert asked in portal.ask(page, JORIS, id=contract)["node"]["viewerCan"]


def the_first_query_is_answered(portal: Portal) -> None:
    login, query = (text for text in shown("sh") if "curl" in text)
    script = f"{login}\n{query}".replace("localhost:8000", portal.address.removeprefix("http://"))
    with portal.speaking(ELSJE, "EN"):
        done = subprocess.run(
            ["/bin/bash", "-euo", "pipefail", "-c", script],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
    answer = json.dumps(told(json.loads(done.stdout)), separators=(",", ":"), ensure_ascii=False)
    (beginning,) = [text for text in shown("json") if '"viewer"' in text]
    # It is shortened: whole up to the list of what one can do, of which two lines are shown.
    head, *lines = beginning.partition('"viewerCan": [')[::2]
    assert answer.startswith(re.sub(r"\s*\n\s*|(?<=[:,]) ", "", ID.sub('"id"', head)))
    for line in re.findall(r"\{.*?\}", lines[0], re.DOTALL):
        assert json.dumps(json.loads(line), separators=(",", ":")) in answer


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_examples_from_the_first_to_the_last(portal):
    the_first_query_is_answered(portal)
    who_may_not_is_told_how_to_ask(portal)
    operations_answer_what_stands_below_them(portal)
    what_is_refused_is_told_as_it_stands_there(portal)


def test_every_command_that_is_shown_is_one():
    commands_shown = re.findall(r"(?:^|`|/|\| )portal ([a-z][^`#|\n]*)", README, re.MULTILINE)
    assert len(commands_shown) > 8
    for line in commands_shown:
        words = line.split()
        command: click.Command = commands
        while isinstance(command, click.Group) and words:
            found = command.get_command(click.Context(command), words.pop(0))
            assert found is not None, line
            command = found
        known = {name for option in command.params for name in option.opts} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= known, line
    targets = set(re.findall(r"`make ([a-z]+)", README)) | {"serve", "test"}
    there = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets <= set(there)
