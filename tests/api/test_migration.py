"""What is declared and what the migrations make is compared whole; a draft makes the difference."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from portal.commands import migrate
from portal.database import migration
from portal.database.addresses import Addresses
from portal.database.migration_history import Overtaken
from portal.database.objects.catalog import Objects, objects_in
from portal.database.objects.comparison import compare, without_parts
from portal.embedded import EmbeddedPostgres
from portal.models import Account, Base
from portal.models.erasure import DeletedData, by_account, emptied, kept

TABLES = Base.metadata.tables


@pytest.fixture(scope="module")
async def declared(cluster: EmbeddedPostgres, worker_id: str) -> Objects:
    """Give everything that is declared, as a database has it."""
    name = f"wanted_{worker_id}"
    cluster.drop_database(name)
    cluster.create_database(name)
    owner = cluster.addresses(name).owner
    await migration.declare(owner)
    engine = create_async_engine(owner)
    async with engine.connect() as connection:
        objects = await connection.run_sync(objects_in)
    await engine.dispose()
    cluster.drop_database(name)
    return objects


@pytest.fixture
async def migrated(addresses: Addresses) -> AsyncIterator[AsyncConnection]:
    """Give a connection of the owner to a migrated database; what it changes is taken back."""
    engine = create_async_engine(addresses.owner)
    async with engine.connect() as connection:
        yield connection
        await connection.rollback()
    await engine.dispose()


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the migrations, in which the commands work."""
    copy = tmp_path / "migrations"
    shutil.copytree(migration.VERSIONS.parent, copy)
    monkeypatch.setattr(migration, "VERSIONS", copy / "versions")
    return copy / "versions"


@pytest.fixture
def scratch(
    cluster: EmbeddedPostgres, template: str, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the commands make their databases in the server that is there, one of them by a copy."""

    @contextmanager
    def made(*names: str) -> Iterator[tuple[Addresses, ...]]:
        databases = [f"{name}_{worker_id}" for name in names]
        for database in databases:
            cluster.drop_database(database)
            is_migrated = database.startswith("migrated")
            cluster.create_database(database, template if is_migrated else "template0")
        yield tuple(map(cluster.addresses, databases))
        for database in databases:
            cluster.drop_database(database)

    monkeypatch.setattr(migrate, "scratch", made)


async def run(*arguments: str) -> Result:
    """Call ``portal migrate``."""
    return await asyncio.to_thread(CliRunner().invoke, migrate.migrate, arguments)


@contextmanager
def said(table: sa.Table, name: str, condition: str) -> Iterator[None]:
    """Let a model say a condition that no migration makes."""
    before = set(table.constraints)
    table.constraints = {each for each in before if each.name != f"ck_{table.name}_{name}"}
    table.append_constraint(sa.CheckConstraint(condition, name=name))
    yield
    table.constraints = before


async def test_nothing_differs(declared: Objects, migrated: AsyncConnection) -> None:
    assert compare(await migrated.run_sync(objects_in), declared) == []


IN_DATABASE = "the database has it, and nothing declares it"
DECLARED = "it is declared, and the database does not have it"
PLANTED = {
    "ALTER TABLE contract DROP CONSTRAINT ck_contract_vat_treatment_known": (
        f"constraint ck_contract_vat_treatment_known of contract: {DECLARED}"
    ),
    "ALTER TABLE contract ADD CONSTRAINT ck_contract_iban_filled CHECK (iban <> '')": (
        f"constraint ck_contract_iban_filled of contract: {IN_DATABASE}"
    ),
    "ALTER TABLE request DROP CONSTRAINT ex_request_one_open_of_a_kind": (
        f"constraint ex_request_one_open_of_a_kind of request: {DECLARED}"
    ),
    'ALTER TABLE account ALTER sort_name TYPE text COLLATE "default"': (
        "column account.sort_name: - in the database, + declared\n"
        '    -text NOT NULL\n    +text COLLATE "C" NOT NULL'
    ),
    "DROP INDEX ix_outbox_queued; CREATE INDEX ix_outbox_queued ON outbox (next_attempt_at)": (
        "index ix_outbox_queued of outbox: - in the database, + declared\n"
        "    -CREATE INDEX ix_outbox_queued ON public.outbox USING btree (next_attempt_at)\n"
        "    +CREATE INDEX ix_outbox_queued ON public.outbox USING btree (next_attempt_at)"
        " WHERE ((state)::text = 'QUEUED'::text)"
    ),
    "DROP POLICY app_rows ON contract": f"policy app_rows of contract: {DECLARED}",
    "ALTER POLICY staff_rows ON contract USING (id IS NULL)": (
        "policy staff_rows of contract: - in the database, + declared\n"
        "    -FOR ALL TO portal_staff USING ((id IS NULL)) WITH CHECK (true)\n"
        "    +FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    ),
    "ALTER POLICY staff_rows ON contract TO portal_staff, portal_app": (
        "policy staff_rows of contract: - in the database, + declared\n"
        "    -FOR ALL TO portal_app, portal_staff USING (true) WITH CHECK (true)\n"
        "    +FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    ),
    "ALTER TABLE contract NO FORCE ROW LEVEL SECURITY": (
        "row level security of contract: - in the database, + declared\n    -ENABLE\n    +FORCE"
    ),
    "REVOKE UPDATE (iban) ON contract FROM portal_app": (
        f"privilege UPDATE (iban) ON contract TO portal_app: {DECLARED}"
    ),
    "GRANT UPDATE (vat_number) ON contract TO portal_app": (
        f"privilege UPDATE (vat_number) ON contract TO portal_app: {IN_DATABASE}"
    ),
    "GRANT SELECT ON contract TO portal_staff WITH GRANT OPTION": (
        "privilege SELECT ON contract TO portal_staff: - in the database, + declared\n"
        "    -WITH GRANT OPTION"
    ),
    "GRANT SELECT ON password TO PUBLIC": (
        f"privilege SELECT ON password TO PUBLIC: {IN_DATABASE}"
    ),
    "ALTER FUNCTION find_credential SECURITY INVOKER": (
        "function find_credential(bytea,timestamp with time zone): - in the database, + declared\n"
        "    - STABLE\n    + STABLE SECURITY DEFINER"
    ),
    "ALTER FUNCTION erase_account SET search_path = public": (
        "function erase_account(uuid): - in the database, + declared\n"
        "    - SET search_path TO 'public'\n"
        "    + SET search_path TO 'pg_catalog', 'public', 'pg_temp'"
    ),
    "GRANT EXECUTE ON FUNCTION erase_account TO portal_login": (
        f"privilege EXECUTE ON FUNCTION erase_account(uuid) TO portal_login: {IN_DATABASE}"
    ),
    "CREATE FUNCTION fax() RETURNS integer LANGUAGE sql RETURN 1": (
        f"function fax(): {IN_DATABASE}"
    ),
    "DROP TRIGGER refuse_truncate ON history_entry": (
        f"trigger refuse_truncate of history_entry: {DECLARED}"
    ),
    "ALTER TABLE history_entry DISABLE TRIGGER refuse_truncate": (
        "trigger refuse_truncate of history_entry: - in the database, + declared\n"
        "    -CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.history_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate() ENABLED D\n"
        "    +CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.history_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
    ),
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO portal_app": (
        f"default privilege portal_owner of r: {IN_DATABASE}"
    ),
    "CREATE TABLE fax (number text CHECK (number <> ''))": f"table fax: {IN_DATABASE}",
    "CREATE VIEW everything AS SELECT id FROM account": f"view everything: {IN_DATABASE}",
    "GRANT CREATE ON SCHEMA public TO portal_app": (
        f"privilege CREATE ON SCHEMA public TO portal_app: {IN_DATABASE}"
    ),
    "CREATE SCHEMA elsewhere": f"schema elsewhere: {IN_DATABASE}",
    "CREATE TYPE size AS ENUM ('S', 'M')": f"type size: {IN_DATABASE}",
}


@pytest.mark.parametrize("statement", PLANTED)
async def test_what_the_database_has_otherwise_is_named(
    declared: Objects, migrated: AsyncConnection, statement: str
) -> None:
    for one in statement.split("; "):
        await migrated.execute(sa.text(one))
    found = without_parts(compare(await migrated.run_sync(objects_in), declared))
    assert [str(difference) for difference in found] == [PLANTED[statement]]


NEW_CHECK = f"constraint ck_contract_iban_filled of contract: {DECLARED}"
NEW_STATE = """\
constraint ck_outbox_state_known of outbox: - in the database, + declared
    -CHECK (((state)::text = ANY ((ARRAY['QUEUED'::character varying, 'SENT'::character varying,\
 'FAILED'::character varying])::text[])))
    +CHECK (((state)::text = ANY ((ARRAY['QUEUED'::character varying, 'SENT'::character varying,\
 'FAILED'::character varying, 'BOUNCED'::character varying])::text[])))"""


@pytest.mark.usefixtures("scratch", "versions")
async def test_a_condition_in_the_models_alone_fails_by_name_and_is_drafted() -> None:
    with (
        said(TABLES["contract"], "iban_filled", "iban <> ''"),
        said(TABLES["outbox"], "state_known", "state IN ('QUEUED', 'SENT', 'FAILED', 'BOUNCED')"),
    ):
        checked = await run("--check")
        assert (checked.exit_code, checked.stdout) == (1, "")
        assert checked.stderr == (
            "The models say something else than the migrations make:\n"
            f"  {NEW_CHECK}\n  {NEW_STATE}\n"
        )
        drafted = await run("--draft", "Fill what is empty.")
        (path,) = migration.VERSIONS.glob("2*_contract_fill_what_is_empty.py")
        assert (drafted.exit_code, drafted.output) == (0, f"Wrote {path}\n")
        text = path.read_text(encoding="utf-8")
        assert text.partition("def upgrade() -> None:\n")[2] == (
            '    """Fill what is empty."""\n'
            "    op.drop_constraint(op.f('ck_outbox_state_known'), 'outbox', type_='check')\n"
            "    op.create_check_constraint(op.f('ck_contract_iban_filled'), 'contract',"
            " \"iban <> ''\")\n"
            "    op.create_check_constraint(op.f('ck_outbox_state_known'), 'outbox',"
            " \"state IN ('QUEUED', 'SENT', 'FAILED', 'BOUNCED')\")\n"
        )


ALTERED = """\
from alembic import op

revision = "{follows}planted"
down_revision = "{follows}"

STATEMENTS = (
    "DROP POLICY app_rows ON contract",
    "ALTER POLICY staff_rows ON contract USING (id IS NULL)",
    "ALTER TABLE clock DISABLE ROW LEVEL SECURITY",
    "REVOKE UPDATE (iban) ON contract FROM portal_app",
    "REVOKE UPDATE (purchase_order_number) ON contract FROM portal_app",
    "GRANT UPDATE (vat_number), TRUNCATE ON contract TO portal_app",
    "DROP FUNCTION delete_spent",
    "CREATE FUNCTION delete_spent(at timestamptz) RETURNS integer LANGUAGE sql RETURN 1",
    "GRANT EXECUTE ON FUNCTION delete_spent TO portal_worker",
    "GRANT EXECUTE ON FUNCTION find_credential TO PUBLIC",
    "CREATE FUNCTION fax() RETURNS integer LANGUAGE sql RETURN 1",
    "GRANT EXECUTE ON FUNCTION fax TO portal_app",
    "DROP TRIGGER refuse_truncate ON history_entry",
    "ALTER TABLE person ADD fax text",
    "GRANT UPDATE (fax) ON person TO portal_app",
    "CREATE TABLE fax (number text)",
    "GRANT SELECT ON fax TO portal_app",
    "DROP INDEX ix_outbox_queued",
    "CREATE INDEX ix_outbox_queued ON outbox (next_attempt_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
"""
MENDED = r"""    op.execute("REVOKE UPDATE (vat_number), TRUNCATE ON contract FROM portal_app")
    op.execute("REVOKE EXECUTE ON FUNCTION find_credential(bytea,timestamp with time zone) FROM PUBLIC")
    op.execute("DROP POLICY staff_rows ON contract")
    op.execute("DROP FUNCTION fax()")
    op.execute("DROP FUNCTION delete_spent(timestamp with time zone)")
    op.execute("DROP INDEX ix_outbox_queued")
    op.drop_table('fax')
    op.drop_column('person', 'fax')
    op.execute(
        "CREATE INDEX ix_outbox_queued ON public.outbox USING btree (next_attempt_at) WHERE ((state)::text = 'QUEUED'::text)"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION delete_spent(at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n"
        "DELETE FROM credential c\n"
        "WHERE least(c.expires_at, c.revoked_at) < delete_spent.at - interval '30 days';\n"
        "DELETE FROM registration r WHERE r.expires_at <= delete_spent.at;\n"
        "DELETE FROM password_reset r WHERE r.expires_at <= delete_spent.at;\n"
        "DELETE FROM attempt a WHERE a.last_at < delete_spent.at - interval '1 day';\n"
        "DELETE FROM rate_event e WHERE e.expires_at <= delete_spent.at;\n"
        "DELETE FROM known_network k WHERE k.last_at <= delete_spent.at - interval '90 days'\n"
        "$body$"
    )
    op.execute("GRANT EXECUTE ON FUNCTION delete_spent(at timestamptz) TO portal_worker")
    op.execute(
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.history_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
    )
    op.execute("ALTER TABLE clock ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE clock FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY app_rows ON contract FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY staff_rows ON contract FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT UPDATE (iban, purchase_order_number) ON contract TO portal_app")
"""  # noqa: E501 -- as the file has it


@pytest.mark.usefixtures("scratch")
async def test_a_draft_makes_functions_policies_and_grants_as_they_are_declared(
    versions: Path,
) -> None:
    follows = max(versions.glob("[0-9]*.py")).stem.partition("_")[0]
    planted = versions / f"{follows}planted.py"
    planted.write_text(ALTERED.format(follows=follows), encoding="utf-8")
    drafted = await run("--draft", "Mend.")
    (path,) = migration.VERSIONS.glob("2*_contract_mend.py")
    assert (drafted.exit_code, drafted.output) == (0, f"Wrote {path}\n")
    _, _, steps = path.read_text(encoding="utf-8").partition('"""Mend."""\n')
    assert steps == MENDED


async def test_a_draft_of_nothing_is_refused_and_migrates_nothing() -> None:
    """As ``make migration`` sends it when it was not told what for."""
    refused = await run("--draft", " ")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "Say what it does." in refused.stderr


@pytest.mark.usefixtures("scratch")
async def test_another_word_for_erasing_is_another_function(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    replacing, emptying, *keeping = Account.erasure
    monkeypatch.setattr(Account, "erasure", (replacing, *keeping, kept("customer_number")))
    checked = await run("--check")
    assert emptying == emptied(DeletedData.NAMES, "customer_number", whose=by_account("id"))
    assert (checked.exit_code, checked.stderr) == (
        1,
        (
            "The models say something else than the migrations make:\n"
            "  function erase(uuid[],uuid[]): - in the database, + declared\n"
            "    -        UPDATE account t SET name = 'deleted', customer_number = NULL\n"
            "    +        UPDATE account t SET name = 'deleted'\n"
        ),
    )


@pytest.mark.usefixtures("scratch")
async def test_drafts_of_two_branches_have_numbers_of_their_own(
    addresses: Addresses, versions: Path
) -> None:
    """And whoever merges them is told in a sentence that one of them has to follow the other."""
    before = max(versions.glob("[0-9]*.py")).stem.partition("_")[0]
    one = await migration.draft(addresses.owner, "Fax", [], datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert one.name == "20261201T090000_fax.py"
    text = one.read_text(encoding="utf-8")
    one.unlink()
    other = await migration.draft(addresses.owner, "Note", [], datetime(2026, 12, 2, tzinfo=UTC))
    assert other.name == "20261202T000000_note.py"
    one.write_text(text, encoding="utf-8")
    sentence = f"{one.stem} and {other.stem} both follow {before}"
    with pytest.raises(Overtaken, match=f"^{sentence}"):
        await migration.pending(addresses.owner)
    checked = await run("--check")
    assert isinstance(checked.exception, Overtaken)
    assert str(checked.exception).startswith(sentence)
