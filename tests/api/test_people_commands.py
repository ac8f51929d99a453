"""The commands for people and data: ``user``, ``token``, ``demo`` and ``schema``."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from portal import clock, credentials, demo
from portal.database import Database
from portal.embedded import EmbeddedPostgres
from portal.viewer import Role
from tests.command_line import environment, own, portal

__all__ = ["environment", "own"]

SDL = Path(__file__).parent.parent.parent / "schema" / "schema.graphql"
EMAIL = "vos@operator.example"
PASSWORD = "zes woorden zijn genoeg"  # noqa: S105  (of a person of this test)


@pytest.fixture
def migrated(own: dict[str, str]) -> dict[str, str]:
    assert portal(own, "migrate")[0] == 0
    return own


@pytest.fixture
def add() -> tuple[str, ...]:
    return ("user", "add", "--manager", "--name", "Hanna Vos", "--password", PASSWORD)


async def test_the_first_manager_can_log_in(migrated, add, cluster: EmbeddedPostgres, worker_id):
    assert portal(migrated, *add, "VOS@operator.example") == (0, f"Added {EMAIL}.\n", "")
    database = Database(cluster.addresses(f"own_{worker_id}"), size=1)
    session = await credentials.log_in(database, EMAIL, PASSWORD, clock.now())
    await database.close()
    assert session is not None
    assert (session.role, session.name) == (Role.MANAGER, "Hanna Vos")


def test_nobody_is_added_twice(migrated, add):
    assert portal(migrated, *add, EMAIL)[0] == 0
    assert portal(migrated, *add, EMAIL) == (1, "", f"portal: {EMAIL} is somebody already.\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--password", PASSWORD, "vos"), "This is not an e-mail address."),
        (("--password", "short", EMAIL), "Must have from 12 to 1000 characters."),
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
        ("manager@demo.example", "--as-customer"),
        ("owner@bakker.example", "--days", "1"),
        (demo.APP,),
    ):
        status, token, complaint = portal(migrated, "token", *arguments)
        assert (status, complaint) == (0, "")
        credential = await credentials.look_up(database, token.strip(), clock.now())
        assert credential is not None
        found.append((credential.role, credential.name))
    await database.close()
    assert found == [
        (Role.MANAGER, "Hanna Vos"),
        (Role.CUSTOMER, "Hanna Vos"),
        (Role.CUSTOMER, "Elsje de Bakker"),
        (Role.PARTNER, "Boekhoudkoppeling"),
    ]


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


def test_no_demo_data_in_production(migrated):
    assert portal(migrated | {"PORTAL_ENV": "production"}, "demo") == (
        1,
        "",
        "portal: Demo data is for development alone; see PORTAL_ENV.\n",
    )


def test_the_schema_is_printed_as_it_is_kept(environment):
    assert portal(environment, "schema") == (0, SDL.read_text(encoding="utf-8"), "")
