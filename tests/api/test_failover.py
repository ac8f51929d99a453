"""A PostgreSQL that cannot be written to, one that is lost, and the standby that replaces it."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from portal import clock
from portal.commands.checks.answering import answering
from portal.commands.checks.finding import Examined, wrong
from portal.database import migration
from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.demo import PASSWORD, write_demo
from portal.embedded import EmbeddedPostgres, found
from portal.login.credentials import Login, log_in
from portal.login.seal import Seal
from portal.login.throttle import Throttle
from portal.settings.settings import Settings
from tests.api.asking import own_client
from tests.command_line import environment, migrated, portal
from tests.forked import Forked
from tests.replication import Pair, replicated
from tests.server import Server, serving

__all__ = ["environment", "migrated"]

pytestmark = pytest.mark.skipif(
    not (found().folder / "pg_basebackup").exists(), reason="these programs make no base backup"
)
MANAGER = "manager@demo.example"
CONTRACT = """
{ accounts(search: "bakker") { edges { node { contract { id purchaseOrderNumber } } } } }
"""
SET_NUMBER = """
mutation ($input: UpdateContractInput!) {
  updateContract(input: $input) { ... on Contract { purchaseOrderNumber } }
}
"""
FORGOTTEN = """
mutation { requestPasswordReset(input: { email: "owner@bakker.example" }) { __typename } }
"""
NOT_WRITABLE = (
    "it cannot be written to, as a standby. Name the primary in PORTAL_DATABASE_URL, or all hosts:"
    " postgresql://one:5432,two:5432/portal."
)


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait for what comes about by itself; a busy machine takes its time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def code_of(answer: httpx.Response) -> object:
    return answer.json()["errors"][0]["extensions"]["code"]


class Caller:
    """A manager who talks to one server."""

    def __init__(self, server: Server) -> None:
        self._http = httpx.Client(base_url=server.address, timeout=30)
        login = self._http.post("/login", json={"email": MANAGER, "password": PASSWORD})
        self._http.headers["Authorization"] = f"Bearer {login.json()['token']}"

    def status(self, path: str) -> int:
        return self._http.get(path).status_code

    def send(self, document: str, **variables: object) -> httpx.Response:
        return self._http.post("/graphql", json={"query": document, "variables": variables})

    def number(self) -> tuple[str, str | None]:
        answer = self.send(CONTRACT).json()
        (edge,) = answer["data"]["accounts"]["edges"]
        contract = edge["node"]["contract"]
        return contract["id"], contract["purchaseOrderNumber"]

    def forget_password(self) -> None:
        self._http.headers.pop("Authorization")
        answer = self.send(FORGOTTEN).json()
        assert answer["data"] == {"requestPasswordReset": {"__typename": "CodeSent"}}

    def close(self) -> None:
        self._http.close()


def kept_by(pair: Pair, number: str) -> bool:
    """Tell whether the standby has replayed a write."""
    script = "SELECT purchase_order_number FROM contract WHERE purchase_order_number IS NOT NULL"
    return number in pair.standby.psql(script, PGDATABASE="portal")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory):
    with replicated(tmp_path_factory.mktemp("replicated")) as pair:
        yield pair


async def test_a_failover_is_followed_without_a_restart(
    pair: Pair, tmp_path: Path, environment: dict[str, str]
) -> None:
    await migration.upgrade(pair.addresses(pair.primary).owner)
    await write_demo(pair.addresses(pair.primary).owner, clock.now())
    both = environment | pair.settings()
    # A standby alone is refused in one sentence; the doctor says it among the rest.
    alone = environment | pair.settings(pair.standby)
    place = pair.url(pair.standby)
    status, _, complaint = portal(alone, "serve")
    assert (status, complaint) == (
        1,
        f"portal: portal_owner cannot use {place}: {NOT_WRITABLE}\n",
    )
    found = await answering(Examined(Settings(), pair.addresses(pair.standby)))
    assert found[1:] == [wrong(f"{place}: {NOT_WRITABLE}")]

    data = tmp_path / "data"
    data.mkdir()
    settings = {"database_url": pair.url(), "queue_seconds": 30}
    with (
        serving(pair.addresses(), data, **settings) as server,
        (tmp_path / "worker.log").open("w") as complaints,
        Forked("worker", env=both | {"PORTAL_DATA": str(data)}, stderr=complaints) as worker,
    ):
        caller = Caller(server)
        try:
            _follow(pair, caller, worker, data / "mail")
        finally:
            caller.close()
            worker.terminate()
        assert worker.wait(30) == 0


def _follow(pair: Pair, caller: Caller, worker: Forked, mails: Path) -> None:
    assert caller.status("/health") == 200
    contract, _ = caller.number()
    changed = caller.send(SET_NUMBER, input={"id": contract, "purchaseOrderNumber": "PO 1"})
    assert changed.json()["data"]["updateContract"] == {"purchaseOrderNumber": "PO 1"}
    wait_until(lambda: kept_by(pair, "PO 1"), "the standby replays")
    assert "Working.\n" in worker.stdout

    pair.primary.kill()
    wait_until(lambda: caller.status("/health") == 503, "the loss is noticed")
    assert caller.status("/live") == 200
    refused = caller.send(SET_NUMBER, input={"id": contract, "purchaseOrderNumber": "PO 2"})
    assert code_of(refused) == "UNAVAILABLE"

    pair.standby.promote()
    wait_until(lambda: caller.status("/health") == 200, "the promotion is noticed")
    assert caller.number() == (contract, "PO 1")
    changed = caller.send(SET_NUMBER, input={"id": contract, "purchaseOrderNumber": "PO 3"})
    assert changed.json()["data"]["updateContract"] == {"purchaseOrderNumber": "PO 3"}
    heard = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'portal announcements'"
    wait_until(lambda: pair.standby.psql(heard) == "1", "announcements are heard again")
    caller.forget_password()
    wait_until(lambda: mails.is_dir() and any(mails.iterdir()), "the worker sends again", 120)


async def test_a_server_whose_standby_is_promoted_serves(tmp_path: Path) -> None:
    """One address, that of a standby: as it is where an address moves, or a primary is demoted."""
    with replicated(tmp_path / "other") as pair:
        await migration.upgrade(pair.addresses(pair.primary).owner)
        newest = max(path.stem for path in migration.VERSIONS.glob("[0-9]*.py")).split("_")[0]
        asked = "SELECT max(version_num) FROM alembic_version"
        wait_until(lambda: pair.standby.psql(asked, PGDATABASE="portal") == newest, "it replays")
        addresses = pair.addresses(pair.standby)
        async with own_client(Settings(data=tmp_path), addresses) as client:
            who = {"query": "{ viewer { role } }"}
            health = await client.get("/health")
            assert (health.status_code, code_of(health)) == (503, "UNAVAILABLE")
            assert health.json()["errors"][0]["message"] == "The database cannot be written to."
            refused = await client.post("/graphql", json=who)
            assert (refused.status_code, code_of(refused)) == (503, "UNAVAILABLE")
            pair.standby.promote()
            async with asyncio.timeout(60):
                while (await client.get("/health")).status_code != 200:
                    await asyncio.sleep(0.05)
            answer = await client.post("/graphql", json=who)
            assert answer.json()["data"] == {"viewer": {"role": "ANONYMOUS"}}


@pytest.mark.usefixtures("migrated")
async def test_connections_that_turned_read_only_are_not_kept(
    cluster: EmbeddedPostgres, worker_id: str, tmp_path: Path
) -> None:
    name = f"own_{worker_id}"
    addresses: Addresses = cluster.addresses(name)
    await write_demo(addresses.owner, clock.now())
    database = Database(addresses, size=1)
    login = Login(MANAGER, PASSWORD)
    session = await log_in(database, Throttle(Seal("s" * 32), ""), login, clock.now())
    await database.close()
    assert session is not None
    token = session.token
    await _say(cluster, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    headers = {"Authorization": f"Bearer {token}"}
    async with own_client(Settings(data=tmp_path), addresses, headers=headers) as client:
        refused = await client.post("/graphql", json={"query": CONTRACT})
        assert (refused.status_code, code_of(refused)) == (503, "UNAVAILABLE")
        await _say(cluster, f"ALTER DATABASE {name} RESET default_transaction_read_only")
        answer = await client.post("/graphql", json={"query": CONTRACT})
        (edge,) = answer.json()["data"]["accounts"]["edges"]
        given = {"id": edge["node"]["contract"]["id"], "purchaseOrderNumber": "PO 7"}
        asked = {"query": SET_NUMBER, "variables": {"input": given}}
        answer = await client.post("/graphql", json=asked)
        assert answer.json()["data"] == {"updateContract": {"purchaseOrderNumber": "PO 7"}}


async def _say(cluster: EmbeddedPostgres, statement: str) -> None:
    engine = create_async_engine(cluster.superuser(), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(statement))
    await engine.dispose()
