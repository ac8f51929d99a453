"""What somebody can do who has a serving role's connection, whatever the portal itself checks."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from portal.clock import now
from portal.database.engines import set_viewer
from portal.login.credentials import hash_of
from portal.viewer import Grant, Role, Viewer
from tests import factories
from tests.world import Kind

SECRETS = ("credential", "password", "registration", "password_reset", "attempt", "invitation")
DENIED = "permission denied"
AT = "'2030-01-01', '2031-01-01'"
ALL_X = "'x@y.example', 'x', 'x', 'EN', 'x'"
# Every way that led to a login, to a secret, to the end of the portal, or past the history.
ATTACKS = [
    ("SELECT find_password('manager@demo.example')", DENIED),
    ("SELECT find_credential('\\x00', now())", DENIED),
    (f"SELECT issue_session(gen_random_uuid(), '\\x00', :person, 'MANAGER', {AT})", DENIED),
    ("SELECT revoke_credential('\\x00', now())", DENIED),
    ("SELECT own_password()", DENIED),
    ("SELECT change_password('a', 'b', '\\x00', now())", DENIED),
    (f"SELECT start_registration(gen_random_uuid(), {ALL_X}, '{{}}', '\\x00', {AT})", DENIED),
    ("SELECT take_registration(gen_random_uuid(), '\\x00', now())", DENIED),
    ("SELECT finish_registration(gen_random_uuid(), '\\x00', :person)", DENIED),
    (f"SELECT start_password_reset(gen_random_uuid(), 'x@y.example', '\\x00', {AT})", DENIED),
    ("SELECT take_password_reset(gen_random_uuid(), '\\x00', now())", DENIED),
    ("SELECT finish_password_reset(gen_random_uuid(), '\\x00', 'x', '\\x00', now())", DENIED),
    (
        "SELECT count_attempt('\\x00', 5, '{}', '{}', '{}', '{}', 'EMAIL', 'x', '\\x00', now())",
        DENIED,
    ),
    ("SELECT take_back_attempt('\\x00', now())", DENIED),
    ("SELECT forget_attempts('\\x00', '{}', '{}')", DENIED),
    ("SELECT rehash_password(:person, 'x', 'y')", DENIED),
    ("SELECT erase_viewer('x', now())", DENIED),
    ("SELECT note_idle_people(now())", DENIED),
    ("SELECT announce_erasures(now())", DENIED),
    ("SELECT erase_idle_people(now())", DENIED),
    ("SELECT delete_spent(now() + interval '1 year')", DENIED),
    ("SELECT note_network(:person, '\\x00', now())", DENIED),
    ("SELECT erase('{}', ARRAY[CAST(:person AS uuid)])", DENIED),
    ("SELECT erase(ARRAY(SELECT id FROM account), '{}')", DENIED),
    ("SELECT * FROM outbox", DENIED),
    ("SELECT lo_create(0)", DENIED),
    ("SELECT lo_creat(-1)", DENIED),
    ("SELECT lo_from_bytea(0, 'x')", DENIED),
    ("SELECT query FROM pg_stat_activity", DENIED),
    ("SELECT pg_terminate_backend(1)", DENIED),
    ("CREATE TEMPORARY TABLE mine (id int)", DENIED),
    ("CREATE TABLE mine (id int)", DENIED),
    ("CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", DENIED),
    ("CREATE SCHEMA mine", DENIED),
    ("SELECT * FROM history_note", DENIED),
    ("UPDATE history_entry SET reason = 'x'", DENIED),
    ("UPDATE history_note SET text = 'x'", DENIED),
    ("UPDATE history_value SET before = NULL", DENIED),
    ("DELETE FROM history_entry", DENIED),
    ("DELETE FROM history_note", DENIED),
    ("DELETE FROM history_value", DENIED),
    ("DELETE FROM operator_history", DENIED),
    ("TRUNCATE history_value", DENIED),
    ("TRUNCATE account CASCADE", DENIED),
    ("SELECT * FROM procrastinate.procrastinate_jobs", DENIED),
    ("SET ROLE portal_owner", DENIED),
]
# What these roles are for.
OF_STAFF = ("SELECT * FROM history_note",)
OF_WORKER = (
    "SELECT * FROM outbox",
    "SELECT * FROM procrastinate.procrastinate_jobs",
    "SELECT delete_spent(now() + interval '1 year')",
    "SELECT note_idle_people(now())",
    "SELECT announce_erasures(now())",
    "SELECT erase_idle_people(now())",
)
OF_LOGIN = (
    *("find_", "issue_", "revoke_", "own_password", "change_", "start_", "take_", "finish_"),
    *("count_attempt", "forget_", "note_", "rehash_", "erase_viewer"),
)


@pytest.fixture
async def liar(world, superuser):
    """Somebody who says that he is the manager, in every account that he has heard of."""
    accounts = (world.own.account_id, world.foreign.account_id)
    async with superuser.connect() as connection:
        manager = await connection.scalar(
            sa.text("SELECT person_id FROM credential WHERE token_hash = :hash"),
            {"hash": hash_of(world.own.tokens[Kind.MANAGER])},
        )
    return Viewer(Role.CUSTOMER, manager, grants=dict.fromkeys(accounts, Grant()))


async def secrets_in(superuser):
    """Give a digest of each table of what stands for somebody, or could."""
    digest = "SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM"
    async with superuser.connect() as connection:
        return {table: await connection.scalar(sa.text(f"{digest} {table} t")) for table in SECRETS}


async def answer(engine, viewer, statement, **values):
    """Give what a statement answers, or why it is refused; nothing of it is kept."""
    async with engine.connect() as connection:
        await set_viewer(connection, viewer)
        try:
            found = await connection.execute(sa.text(statement), values)
            return found.all() if found.returns_rows else []
        except DBAPIError as fault:
            return str(fault.orig)


@pytest.mark.parametrize("role", ["app", "staff", "login", "worker"])
async def test_every_attack_is_refused(addresses, liar, role):
    engine = create_async_engine(getattr(addresses, role))
    attacks = [
        (statement, why)
        for statement, why in ATTACKS
        if not (role == "login" and statement.startswith(tuple(f"SELECT {x}" for x in OF_LOGIN)))
        and not (role == "worker" and statement in OF_WORKER)
        and not (role == "staff" and statement in OF_STAFF)
    ]
    answers = {}
    for statement, _ in attacks:
        given = {"person": liar.id} if ":person" in statement else {}
        answers[statement] = await answer(engine, liar, statement, **given)
    await engine.dispose()
    not_refused = {s: answers[s] for s, why in attacks if why not in str(answers[s])}
    assert not_refused == {}


async def test_nobody_empties_the_history(owner_engine):
    histories = ("history_entry, history_value", "history_note", "operator_history")
    for table in (*histories, "account"):
        async with owner_engine.connect() as connection:
            with pytest.raises(DBAPIError, match="the history is kept"):
                await connection.execute(sa.text(f"TRUNCATE {table} CASCADE"))


async def test_a_liar_sees_and_ends_no_session_but_those_of_a_token_in_hand(
    database, liar, world, superuser
):
    before = await secrets_in(superuser)
    unknown = {"hash": bytes(32), "at": now()}
    for engine in (database.app, database.staff):
        assert await answer(engine, liar, "SELECT * FROM own_sessions(:hash, :at)", **unknown) == []
        ended = await answer(engine, liar, "SELECT end_sessions(:hash, NULL, :at)", **unknown)
        assert ended == [(0,)]
        over = {"hash": hash_of(world.own.tokens[Kind.MANAGER]), "at": now() + timedelta(days=9999)}
        assert await answer(engine, liar, "SELECT * FROM own_sessions(:hash, :at)", **over) == []
    in_hand = {"hash": hash_of(world.own.tokens[Kind.READER]), "at": now()}
    seen = await answer(database.app, liar, "SELECT role FROM own_sessions(:hash, :at)", **in_hand)
    assert seen == [("CUSTOMER",)]
    assert await secrets_in(superuser) == before


async def test_the_hash_of_an_invitation_opens_nothing(database, liar, world, write):
    token_hash = hash_of("x" * 43)
    invited = factories.person()
    await write(invited)
    found = "SELECT * FROM find_invitation(:token, :person, :at)"
    given = {"token": token_hash.hex(), "person": invited.id, "at": now()}
    assert await answer(database.app, liar, found, **given) == []


async def test_what_is_made_later_is_closed_to_everybody(owner_engine, database, liar):
    async with owner_engine.connect() as connection:
        await connection.execute(
            sa.text("CREATE FUNCTION later() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        )
        open_to_all = sa.text("SELECT has_function_privilege('public', 'later()', 'EXECUTE')")
        assert not await connection.scalar(open_to_all)
        await connection.rollback()


async def test_an_object_that_was_left_behind_stops_no_start(addresses):
    """Before, one lo_create of a serving role was an object that it owned from then on."""
    for address in (addresses.app, addresses.staff, addresses.login, addresses.worker):
        engine = create_async_engine(address)
        async with engine.connect() as connection:
            with pytest.raises(DBAPIError, match="permission denied for function lo_create"):
                await connection.execute(sa.text("SELECT lo_create(0)"))
        await engine.dispose()
