"""The command line as an operator meets it: words on the screen and exit statuses."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from portal import demo
from portal.database import migration
from portal.embedded import EmbeddedPostgres, found
from tests import factories
from tests.command_line import environment, migrated, own, portal
from tests.forked import Forked

__all__ = ["environment", "migrated", "own"]


def free_ports(number: int) -> list[int]:
    """Give ports of this machine that nobody uses."""
    with ExitStack() as stack:
        servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
        for server in servers:
            stack.enter_context(server)
        return [server.getsockname()[1] for server in servers]


async def execute(cluster: EmbeddedPostgres, database: str, statement: str) -> None:
    """Run one statement as superuser, and commit it."""
    engine = create_async_engine(cluster.superuser(database), poolclass=pool.NullPool)
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


NAMES = ", ".join(
    sorted(path.stem for path in migration.VERSIONS.glob("[0-9]*.py")),
)


@pytest.mark.parametrize("command", ["serve", "doctor"])
def test_a_wrong_setting_is_one_sentence(environment: dict[str, str], command: str) -> None:
    assert portal(environment | {"PORTAL_PORT": "eighty"}, command) == (
        2,
        "",
        "portal: PORTAL_PORT must be a whole number from 1 to 65535, not 'eighty'.\n",
    )


def test_an_unknown_command_is_refused(environment: dict[str, str]) -> None:
    status, output, complaint = portal(environment, "sevre")
    assert (status, output) == (2, "")
    assert "No such command 'sevre'" in complaint


def test_help_names_every_command(environment: dict[str, str]) -> None:
    status, output, complaint = portal(environment, "--help")
    assert (status, complaint) == (0, "")
    for command in ("doctor", "migrate", "roles", "serve"):
        assert f"\n  {command} " in output


def test_an_unreachable_postgresql_is_one_sentence(own: dict[str, str]) -> None:
    own["PORTAL_DATABASE_URL"] = "postgresql://127.0.0.1:1/portal"
    status, output, complaint = portal(own, "doctor")
    assert (status, output) == (1, "")
    place = "postgresql://127.0.0.1:1/portal"
    assert complaint.startswith(f"portal: portal_owner cannot use {place}: ")
    assert complaint.count("\n") == 1


def test_a_wrong_password_is_one_sentence(own: dict[str, str]) -> None:
    status, output, complaint = portal(own | {"PORTAL_APP_PASSWORD": "never-was-it"}, "migrate")
    assert (status, output) == (1, "")
    assert complaint.startswith("portal: portal_app cannot use postgresql:///own_")
    assert complaint.endswith(
        'password authentication failed for user "portal_app";'
        " 'portal roles' prints the script that makes the roles\n"
    )
    assert "never-was-it" not in complaint


def test_migrate_takes_every_step_once(own: dict[str, str]) -> None:
    status, output, complaint = portal(own, "migrate")
    assert (status, complaint) == (0, "")
    assert output.startswith(f"Migrating: {NAMES} ... ")
    assert portal(own, "migrate") == (0, "The database is up to date.\n", "")


def test_the_migrations_make_what_the_models_say(environment: dict[str, str]) -> None:
    said = portal(environment, "migrate", "--check")
    assert said == (0, "The migrations make what the models say.\n", "")


def test_serve_leaves_the_migration_of_ones_own_postgresql_to_the_operator(
    own: dict[str, str],
) -> None:
    status, _, complaint = portal(own, "serve")
    assert status == 1
    assert complaint == f"portal: Migrations are pending ({NAMES}): run 'portal migrate'.\n"


def test_the_doctor_finds_pending_migrations(own: dict[str, str]) -> None:
    status, output, complaint = portal(own, "doctor")
    assert (status, complaint) == (1, "")
    wrong = [line for line in output.splitlines() if line.startswith("WRONG ")]
    steps = NAMES.split(", ")
    assert wrong == [f"WRONG migration {name} is pending: run 'portal migrate'" for name in steps]


async def test_an_open_wall_stops_the_start(
    cluster: EmbeddedPostgres, migrated: dict[str, str], worker_id: str
) -> None:
    name = f"own_{worker_id}"
    await execute(cluster, name, "ALTER TABLE account NO FORCE ROW LEVEL SECURITY")
    sentence = "Row level security does not bind the owner of account."
    status, _, complaint = portal(migrated, "serve")
    assert status == 1
    assert complaint == (
        f"portal: A wall between accounts is open, so nothing is served:\n  {sentence}\n"
    )
    status, output, complaint = portal(migrated, "doctor")
    assert (status, complaint) == (1, "")
    assert f"WRONG {sentence}\n" in output


async def test_terms_that_are_not_sound_are_named(
    cluster: EmbeddedPostgres, own: dict[str, str], worker_id: str
) -> None:
    """Before the migration that keeps their shape, by it, and after it."""
    name = f"own_{worker_id}"
    owner = cluster.addresses(name).owner
    await migration.upgrade(owner, "0018")
    await execute(cluster, name, UNSOUND)
    named = (
        "no day can be computed under tariff Basis of Telefoon, 2024-01-01. initialTerm: Must be"
        " from 0 to 1,200. noticePeriod: Must be from 0 to 1,200. Correct tariff_version"
        f" {VERSION}."
    )
    status, output, complaint = portal(own, "doctor")
    assert (status, complaint) == (1, "")
    assert f"WRONG {named}\n" in output
    status, output, complaint = portal(own, "migrate")
    assert (status, complaint) == (1, f"portal: The migration stopped:\n  {named}\n")
    correct = "UPDATE tariff_version SET initial_term_count = 12, notice_period_count = 24"
    await execute(cluster, name, correct)
    # No constraint can say that a notice period is longer than the renewal term.
    longer = "noticePeriod: Must not be longer than the renewal term. Correct"
    status, _, complaint = portal(own, "migrate")
    assert (status, longer in complaint) == (0, True)


VERSION = "019a2046-0000-7000-8000-000000000003"
UNSOUND = f"""
WITH one AS (
    INSERT INTO module (id, key, name, description, is_single_booking, data_schema)
    VALUES (gen_random_uuid(), 'telephone', 'Telefoon', '', true, '{{}}') RETURNING id
), other AS (
    INSERT INTO tariff (id, module_id, name, is_public, offer_uses)
    SELECT gen_random_uuid(), id, 'Basis', true, 0 FROM one RETURNING id
)
INSERT INTO tariff_version (id, tariff_id, valid_from, valid_from_for_existing,
    initial_term_count, initial_term_unit, renewal, renewal_term_count, renewal_term_unit,
    notice_period_count, notice_period_unit, ending_day, change_free_of_notice, term_continues)
SELECT '{VERSION}', id, '2024-01-01', '2024-01-01', 9999, 'MONTHS', 'RENEWAL_TERM', 12, 'MONTHS',
    9999, 'MONTHS', 'END_OF_TERM', false, false FROM other
"""  # noqa: S608 -- an id of its own


async def test_the_doctor_names_what_no_data_can_be_checked_by(
    cluster: EmbeddedPostgres, migrated: dict[str, str], worker_id: str
) -> None:
    addresses = cluster.addresses(f"own_{worker_id}")
    engine = create_async_engine(addresses.owner)
    await factories.write(
        engine, [factories.module(key="desk", data_schema={"items": {"pattern": "^(?=a)"}})]
    )
    await engine.dispose()
    status, output, complaint = portal(migrated, "doctor")
    assert (status, complaint) == (1, "")
    sentence = "The pattern ^(?=a) has a part that is not known here: (?=a"
    assert f"WRONG module desk, items/pattern: {sentence}\n" in output


def test_the_doctor_looks_at_the_embedded_postgresql(environment: dict[str, str]) -> None:
    programs = found()
    folder = f"{environment['PORTAL_DATA']}/postgresql"
    first = (
        f"ok    PostgreSQL's programs: {programs.source}, version {programs.major}\n"
        f"      {programs.folder}\n"
    )
    nothing = f"ok    no database in {folder} yet; 'portal serve' makes it\n"
    assert portal(environment, "doctor") == (0, first + nothing, "")
    assert portal(environment, "migrate")[0] == 0
    status, output, complaint = portal(environment, "doctor")
    assert (status, complaint) == (0, "")
    assert output.startswith(f"{first}ok    database in {folder}\nok    PostgreSQL ")
    assert re.sub(r"[0-9.]+ GB", "N GB", output).endswith(
        " answers to portal_owner, portal_app, portal_staff, portal_login, portal_worker\n"
        "ok    no migration is pending\n"
        "ok    row level security binds portal_app, and no role may more than it needs\n"
        "ok    the sessions of each role begin with its time limits and its way to plan\n"
        "ok    the terms of every tariff version are sound\n"
        "ok    the schemas of all modules are known\n"
        f"ok    1 serving process (30 each) and a worker (7) take up to 37 connections;"
        " PostgreSQL gives 297\n"
        "-     not looked at: an SMTP server: PORTAL_SMTP_URL is not set; mails are files in"
        f" {environment['PORTAL_DATA']}/mail\n"
        "-     not looked at: a worker: 'portal serve' is one itself, while it runs\n"
        "ok    mails that wait: 0\n"
        f"ok    N GB are free in {environment['PORTAL_DATA']}\n"
        "ok    every query of the examples, and every answer of their mutations, is one statement\n"
    )


async def test_the_doctor_names_what_a_role_begins_with(
    cluster: EmbeddedPostgres, migrated: dict[str, str], worker_id: str
) -> None:
    """In this database alone: the roles are those of the other tests too."""
    name = f"own_{worker_id}"
    await execute(cluster, name, f"ALTER ROLE portal_staff IN DATABASE {name} SET jit = on")
    await execute(cluster, name, f"ALTER ROLE portal_app IN DATABASE {name} SET role = none")
    status, output, _ = portal(migrated | {"PORTAL_LIMIT_SECONDS": "20"}, "doctor")
    wrong = [line for line in output.splitlines() if line.startswith("WRONG a session")]
    again = "run 'portal roles | psql' again"
    limit = "begins with statement_timeout = 12s instead of 22s"
    assert (status, wrong) == (
        1,
        [
            f"WRONG a session of portal_app begins with role = none instead of nothing: {again}",
            f"WRONG a session of portal_app {limit}: {again}",
            f"WRONG a session of portal_staff begins with jit = on instead of off: {again}",
            f"WRONG a session of portal_staff {limit}: {again}",
            f"WRONG a session of portal_login {limit}: {again}",
        ],
    )


def test_a_port_in_use_is_one_sentence(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = portal(environment | {"PORTAL_PORT": str(port)}, "serve")
    sentence = f"Cannot listen on 127.0.0.1 port {port}: Address already in use. See PORTAL_PORT."
    assert said == (1, "", f"portal: {sentence}\n")
    assert not Path(environment["PORTAL_DATA"]).exists()


def test_the_script_of_the_roles_makes_them_and_names_no_password(
    cluster: EmbeddedPostgres, own: dict[str, str], worker_id: str, tmp_path: Path
) -> None:
    status, script, complaint = portal(own, "roles")
    assert (status, complaint) == (0, "")
    passwords = [own[name] for name in own if name.endswith("_PASSWORD")]
    assert not any(password in script for password in passwords)
    cluster.drop_database(f"own_{worker_id}")
    superuser = cluster.superuser()
    place = {
        "PGHOST": str(superuser.query["host"]),
        "PGUSER": str(superuser.username),
        "PGPASSWORD": str(superuser.password),
        "PGDATABASE": "postgres",
    }
    psql = [found().folder / "psql", "--no-psqlrc", "--quiet"]

    def run(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            psql, check=False, env=environment, input=script, capture_output=True, text=True
        )

    for _ in range(2):
        made = run(own | place)
        assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    assert portal(own, "migrate")[0] == 0
    staff = own.pop("PORTAL_STAFF_PASSWORD")
    forgotten = run(own | place)
    assert forgotten.returncode == 3
    assert "Set PORTAL_STAFF_PASSWORD in the environment of psql first." in forgotten.stderr
    file = tmp_path / "it's a password"
    file.write_text(f"{staff}\n", encoding="utf-8")
    made = run(own | place | {"PORTAL_STAFF_PASSWORD_FILE": str(file)})
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    assert portal(own | {"PORTAL_STAFF_PASSWORD_FILE": str(file)}, "migrate")[0] == 0


@contextmanager
def serve(environment: dict[str, str]) -> Iterator[Forked]:
    """Start the server; one that is still there afterwards is killed."""
    with Forked("serve", env=environment) as server:
        try:
            yield server
        finally:
            server.kill()


def read_until_serving(server: Forked) -> list[str]:
    """Give what the server says up to the address; it answers from then on."""
    lines = []
    for line in server.stdout:
        lines.append(line)
        if line.startswith("Serving at "):
            break
    return lines


def test_serve_comes_back_after_a_kill_and_stops_when_told(
    environment: dict[str, str],
) -> None:
    port, other_port = free_ports(2)
    environment["PORTAL_PORT"] = str(port)
    address = f"http://127.0.0.1:{port}/graphql"
    postgresql = Path(environment["PORTAL_DATA"]) / "postgresql"
    asked = {"query": "{ __typename }"}
    answer = {"__typename": "Query"}

    with serve(environment) as first:
        said = read_until_serving(first)
        assert [line.split(" ... ")[0] for line in said[:3]] == [
            "Starting PostgreSQL",
            f"Migrating ({NAMES})",
            "Writing demo data",
        ]
        assert said[3] == f"Demo logins, all with the password {demo.PASSWORD}:\n"
        logins = [tuple(line.split(maxsplit=1)) for line in said[4:-1]]
        assert logins == [(email, f"{role}\n") for email, role in demo.LOGINS]
        assert said[-1] == f"Serving at http://127.0.0.1:{port}, and the API at {address}\n"
        assert httpx.post(address, json=asked).json()["data"] == answer

    with serve(environment) as second:
        said = read_until_serving(second)
        assert httpx.post(address, json=asked).json()["data"] == answer
        assert not any(line.startswith(("Migrating", "Writing")) for line in said)
        with serve(environment | {"PORTAL_PORT": str(other_port)}) as third:
            read_until_serving(third)
            third.send_signal(signal.SIGTERM)
            assert third.wait() == 0
        assert httpx.post(address, json=asked).json()["data"] == answer
        assert (postgresql / "data" / "postmaster.pid").exists()
        second.send_signal(signal.SIGINT)
        assert second.wait() == 0
        assert second.stdout.read() == "Stopped.\n"
    assert not (postgresql / "data" / "postmaster.pid").exists()


async def test_a_database_of_a_later_version_is_one_sentence(
    cluster: EmbeddedPostgres, migrated: dict[str, str], worker_id: str
) -> None:
    name = f"own_{worker_id}"
    await execute(cluster, name, "UPDATE alembic_version SET version_num = '9999'")
    sentence = (
        "The database is at migration 9999, which this version of the portal does not have:"
        " run the version that took it."
    )
    assert portal(migrated, "migrate") == (1, "", f"portal: {sentence}\n")
