"""The commands for people and data: ``user``, ``token``, ``demo`` and ``schema``."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from portal import clock, demo
from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.demo.people.crowd import COLUMNS
from portal.embedded import EmbeddedPostgres
from portal.login import credentials
from portal.login.seal import Seal
from portal.login.throttle import Throttle
from portal.settings.settings import Settings
from portal.viewer import Role
from tests import factories
from tests.api.asking import own_client
from tests.api.conftest import api_of
from tests.command_line import environment, migrated, own, portal

__all__ = ["environment", "migrated", "own"]

SDL = Path(__file__).parent.parent.parent.parent / "schema" / "schema.graphql"
EMAIL = "vos@operator.example"
PAGE = """
{ viewer { accounts { edges { node {
  name
  customerNumber
  owner { email }
  contract { version purchaseOrderNumber paymentTerms { effective { dueDays } } }
  consents { totalCount }
  modules { edges { node {
    module { key }
    status
    currentTariff { name { value } priceList { sections { items { unitPrice } } } }
  } } }
  history(first: 2) { totalCount edges { node { number action actorName values { field after } } } }
} } } } }
"""
STAFF_HISTORY = """
{ staffHistory { edges { node {
  action actorName staff { email } changes { field before after }
} } } }"""
PASSWORD = "zes woorden zijn genoeg"  # noqa: S105  (of a person of this test)


async def staff_history(addresses: Addresses, token: str) -> list[dict[str, Any]]:
    """Read the history of staff as a manager."""
    async with own_client(Settings(), addresses) as client:
        found = await api_of(client)(STAFF_HISTORY, token)
    return [edge["node"] for edge in found["data"]["staffHistory"]["edges"]]


def told(email: str, before: str | None, *others: dict[str, Any]) -> dict[str, Any]:
    """Give how the history tells that the operator made somebody a manager."""
    return {
        "action": "portal user add",
        "actorName": None,
        "staff": {"email": email},
        "changes": [{"field": "Staff.role", "before": before, "after": "MANAGER"}, *others],
    }


@pytest.fixture
def add() -> tuple[str, ...]:
    return ("user", "add", "--manager", "--name", "Hanna Vos", "--password", PASSWORD)


async def test_the_first_manager_can_log_in(migrated, add, cluster: EmbeddedPostgres, worker_id):
    assert portal(migrated, *add, "VOS@operator.example") == (0, f"Added {EMAIL}.\n", "")
    database = Database(cluster.addresses(f"own_{worker_id}"), size=1)
    session = await credentials.log_in(
        database, Throttle(Seal("s" * 32), ""), credentials.Login(EMAIL, PASSWORD), clock.now()
    )
    await database.close()
    assert session is not None
    assert (session.role, session.name) == (Role.MANAGER, "Hanna Vos")
    addresses = cluster.addresses(f"own_{worker_id}")
    assert await staff_history(addresses, session.token) == [told(EMAIL, None)]


def test_nobody_is_added_twice(migrated, add):
    assert portal(migrated, *add, EMAIL)[0] == 0
    assert portal(migrated, *add, EMAIL) == (1, "", f"portal: {EMAIL} is a manager already.\n")
    assert portal(migrated, "user", "add", EMAIL) == (
        1,
        "",
        f"portal: {EMAIL} is somebody already; --manager makes them a manager.\n",
    )


async def test_whoever_is_known_becomes_a_manager(migrated, cluster: EmbeddedPostgres, worker_id):
    addresses = cluster.addresses(f"own_{worker_id}")
    await demo.write_demo(addresses.owner, clock.now())
    for email in ("owner@bakker.example", "employee@demo.example"):
        # No password is asked for: there is nobody who could type one.
        assert portal(migrated, "user", "add", "--manager", email) == (
            0,
            f"{email} is a manager now.\n",
            "",
        )
    database = Database(addresses, size=1)
    throttle = Throttle(Seal("s" * 32), "")
    sessions = []
    for email in ("owner@bakker.example", "employee@demo.example"):
        login = credentials.Login(email, demo.PASSWORD)
        session = await credentials.log_in(database, throttle, login, clock.now())
        assert session is not None
        sessions.append(session)
    await database.close()
    assert [session.role for session in sessions] == [Role.MANAGER, Role.MANAGER]
    profile = {"field": "Staff.permissionProfile", "before": "Klantenservice", "after": None}
    assert await staff_history(addresses, sessions[0].token) == [
        told("employee@demo.example", "EMPLOYEE", profile),
        told("owner@bakker.example", None),
    ]


def test_a_wrong_address_is_refused_before_a_password_is_asked_for(environment):
    status, output, complaint = portal(environment, "user", "add", "vos")
    assert (status, output) == (2, "")
    assert complaint.endswith("This is not an e-mail address.\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--password", PASSWORD, "vos"), "This is not an e-mail address."),
        (("--password", "short", EMAIL), "Must have from 12 to 1,000 characters."),
        (("--password", PASSWORD, "--name", "a\tb", EMAIL), "Must be one line of text"),
    ],
)
def test_a_wrong_person_is_not_added(environment, arguments, complaint):
    status, output, complained = portal(environment, "user", "add", *arguments)
    assert (status, output) == (2, "")
    assert complaint in complained


async def test_tokens_of_people_and_apps(migrated, cluster: EmbeddedPostgres, worker_id):
    addresses = cluster.addresses(f"own_{worker_id}")
    await demo.write_demo(addresses.owner, clock.now())
    database = Database(addresses, size=1)
    found = []
    for arguments in (
        ("manager@demo.example",),
        ("manager@demo.example", "--as", "customer"),
        ("owner@bakker.example", "--days", "1"),
        (demo.APP,),
    ):
        status, token, complaint = portal(migrated, "token", *arguments)
        assert (status, complaint) == (0, "")
        (credential,) = await credentials.look_up(database, [token.strip()], clock.now())
        assert credential is not None
        found.append((credential.role, credential.name))
    await database.close()
    assert found == [
        (Role.MANAGER, "Hanna Vos"),
        (Role.CUSTOMER, "Hanna Vos"),
        (Role.CUSTOMER, "Elsje de Bakker"),
        (Role.PARTNER, "Boekhoudkoppeling"),
    ]


async def test_a_token_for_an_address_however_it_is_typed(
    migrated, cluster: EmbeddedPostgres, worker_id
):
    engine = create_async_engine(cluster.addresses(f"own_{worker_id}").owner)
    await factories.write(engine, [factories.person(email="info@b\u00fccher.example")])
    await engine.dispose()
    for domain in ("xn--bcher-kva.example", "BU\u0308CHER.example", "b\u00fcc\uff48er.example"):
        status, token, complaint = portal(migrated, "token", f" Info@{domain} ")
        assert (status, bool(token.strip()), complaint) == (0, True, "")


async def test_a_token_of_staff_is_for_staff(migrated, cluster: EmbeddedPostgres, worker_id):
    await demo.write_demo(cluster.addresses(f"own_{worker_id}").owner, clock.now())
    assert portal(migrated, "token", "owner@bakker.example", "--as", "staff") == (
        1,
        "",
        "portal: owner@bakker.example does not work for the operator.\n",
    )


def test_nobody_gets_no_token(migrated):
    assert portal(migrated, "token", "nobody@demo.example") == (
        1,
        "",
        "portal: Nobody has the e-mail address or the key nobody@demo.example.\n",
    )


async def test_demo_data_is_written_once(migrated, cluster: EmbeddedPostgres, worker_id):
    status, output, complaint = portal(migrated, "demo")
    assert (status, complaint) == (0, "")
    assert output.startswith("Writing demo data ... ")
    assert portal(migrated, "demo") == (
        1,
        "",
        "portal: There are accounts already; nothing was written.\n",
    )
    engine = create_async_engine(cluster.addresses(f"own_{worker_id}").owner)
    async with engine.connect() as connection:
        accounts = await connection.scalar(sa.text("SELECT count(*) FROM account"))
    await engine.dispose()
    assert accounts == 5


async def test_any_number_of_demo_accounts(migrated, cluster: EmbeddedPostgres, worker_id):
    status, output, complaint = portal(migrated, "demo", "--accounts", "507")
    assert (status, complaint) == (0, "")
    assert output.startswith("Writing demo data and 507 accounts more ... ")
    assert await _counts(cluster.addresses(f"own_{worker_id}")) == {
        "account": 5 + 507,
        "person": 10 + 507 + 127 + 102 + 73,
        "password": 10 + 507 + 127 + 102 + 73,
        "member": 8 + 507 + 127 + 102 + 73,
        "contract": 5 + 507,
        "consent": 2 * (5 + 507),
        "module_subscription": 11 + 169 * (3 + 4 + 5),
        "tariff_period": 2295,
        "subscription_item_quantity": 3 + 1004,
        "booked_option": 3 + 415,
        "special_agreement": 3 + 504,
        "history_entry": 6146,
        "history_value": 6146,
    }
    async with own_client(Settings(), cluster.addresses(f"own_{worker_id}")) as client:
        login = {"email": "owner@klant20003.example", "password": demo.PASSWORD}
        token = (await client.post("/login", json=login)).json()["token"]
        found = await api_of(client)(PAGE, token)
    (edge,) = found["data"]["viewer"]["accounts"]["edges"]
    account = edge["node"]
    modules = [edge["node"] for edge in account.pop("modules")["edges"]]
    assert account == {
        "name": "Stoffeerderij Dekker",
        "customerNumber": "20003",
        "owner": {"email": "owner@klant20003.example"},
        "contract": {
            "version": 13,
            "purchaseOrderNumber": "PO-1012",
            "paymentTerms": {"effective": {"dueDays": 30}},
        },
        "consents": {"totalCount": 2},
        "history": {
            "totalCount": 12,
            "edges": [
                {
                    "node": {
                        "number": number,
                        "action": "updateContract",
                        "actorName": "Daan Udo",
                        "values": [{"field": "Contract.purchaseOrderNumber", "after": after}],
                    }
                }
                for number, after in ((12, "PO-1012"), (11, "PO-1011"))
            ],
        },
    }
    assert [
        (module["module"]["key"], module["status"], module["currentTariff"]["name"]["value"])
        for module in modules
    ] == [
        ("telephone", "ACTIVE", "Plus voor verenigingen"),
        ("scanning", "ACTIVE", "Volume"),
        ("address", "CANCELLED", "Standaard"),
        ("meeting", "ENDED", "Urenkaart"),
        ("desk", "ACTIVE", "Partnertarief"),
    ]
    prices = modules[0]["currentTariff"]["priceList"]["sections"][0]["items"]
    assert [item["unitPrice"] for item in prices] == ["199.00", "4.50", "0.00"]


def test_demo_accounts_need_the_tables(own):
    status, output, complaint = portal(own, "demo", "--accounts", "3")
    assert (status, output) == (1, "")
    assert complaint.startswith("portal: Migrations are pending (0001_tables, ")
    assert complaint.endswith("): run 'portal migrate'.\n")


@pytest.mark.parametrize("number", ["0", "1000001", "many"])
def test_a_wrong_number_of_demo_accounts_is_refused(environment, number):
    status, output, complaint = portal(environment, "demo", "--accounts", number)
    assert (status, output) == (2, "")
    assert "Invalid value for '--accounts'" in complaint


async def _counts(addresses: Addresses) -> dict[str, int]:
    """Count the rows of every table that accounts bring with them."""
    engine = create_async_engine(addresses.owner)
    async with engine.connect() as connection:
        counts = {
            name: await connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name)))
            for name in COLUMNS
        }
    await engine.dispose()
    return counts


def test_no_demo_data_in_production(migrated):
    assert portal(migrated | {"PORTAL_ENV": "production"}, "demo") == (
        1,
        "",
        "portal: Demo data is for development alone; see PORTAL_ENV.\n",
    )


def test_the_schema_is_printed_as_it_is_kept(environment):
    assert portal(environment, "schema") == (0, SDL.read_text(encoding="utf-8"), "")


def test_without_tables_a_command_says_what_to_do(own):
    for command in (("user", "add", "--password", PASSWORD, EMAIL), ("token", EMAIL), ("clock",)):
        status, output, complained = portal(own, *command)
        assert (status, output) == (1, "")
        assert complained.startswith("portal: Migrations are pending (0001_tables, ")
        assert complained.endswith("): run 'portal migrate'.\n")
