"""Deleting an account: refused while a module runs; else nobody's data is left in any table."""

import asyncio
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from portal.clock import now
from portal.database.engines import set_viewer
from portal.models import Message
from portal.settings.settings import Settings
from portal.viewer import Grant, MemberRole, Role, Viewer
from tests import factories
from tests.api.asking import api_of, own_client
from tests.api.test_lost_connection import LOCK_ACCOUNT, held, waiting
from tests.api.test_mail import run_due
from tests.command_line import environment, migrated
from tests.saying import written
from tests.world import Kind, make_world
from tests.writing import NOT_FOUND, Writer, problem, refusal

__all__ = ["environment", "migrated"]

DELETE = """mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) {
  __typename ... on Deleted { accountId }
  ... on Refusal { problems { code path message required { roles scope memberRoles } } } } }"""
PREVIEW = """query ($id: ID!) { account(id: $id) {
  deletionPreview { runningModules { name { value } lastDay } goes stays } } }"""
HISTORY = """query ($id: ID!) { account(id: $id) { name deletedAt owner { id }
  history { edges { node {
    number action reason internalNote values { field before after } } } } } }"""
GOES = [
    "NAMES",
    "MEMBERS",
    "LOGINS",
    "INVITATIONS",
    "CONSENTS",
    "REQUESTS",
    "APP_AUTHORIZATIONS",
    "CALENDAR_ADDRESS",
    "CONTRACT",
    "MODULES",
    "BILLING",
    "MESSAGES",
    "HISTORY_VALUES",
]
GONE = refusal(problem("CONFLICT", "input.id", "This account was deleted."))
ERASE = "SELECT erase_account(:account)"
LEFT = "this account may not be erased"
TABLES = """SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema IN ('public', 'procrastinate') ORDER BY 1"""


async def delete(writer, kind, **given):
    """Send the mutation that nothing breaks; give its answer."""
    sent = {"id": writer.world.own.id} | given
    response = await writer.api(DELETE, writer.world.tokens[kind], input=sent)
    assert set(response) == {"data"}, response
    return response["data"]["deleteAccount"]


def deleted(writer):
    return {"__typename": "Deleted", "accountId": writer.world.own.id}


async def execute(engine, statement, **values):
    async with engine.begin() as connection:
        await connection.execute(sa.text(statement), values)


@pytest.fixture
async def over(writer):
    """Let every module of the account at hand have ended, whatever the day is there."""
    await end_modules(writer)


async def end_modules(writer):
    ended_on = (now() - timedelta(days=2)).date()
    await execute(
        writer.superuser,
        "UPDATE module_subscription SET ends_on = :day WHERE account_id = :account",
        day=ended_on,
        account=writer.world.own.account_id,
    )


@pytest.fixture
async def alone(migrated, cluster, worker_id, tmp_path):
    """Send mutations about a world in a database of its own, where little is to be looked through.

    Gives the way to do it, and the addresses.
    """
    name = f"own_{worker_id}"
    addresses, world = cluster.addresses(name), make_world()
    superuser = create_async_engine(cluster.superuser(name))
    await factories.write(superuser, [*world.own.rows, *world.foreign.rows])
    async with own_client(Settings(data=tmp_path), addresses) as client:
        yield Writer(api_of(client), world, superuser), addresses
    await superuser.dispose()


def people_of(world):
    """Give the members' people of the account at hand."""
    ids = {row.person_id for row in world.own.rows if row.__tablename__ == "member"}
    return [row for row in world.own.rows if row.__tablename__ == "person" and row.id in ids]


def traces_of(world):
    """Give every word by which the account and its people could be known again."""
    own = world.own
    invited = [row.email for row in own.rows if row.__tablename__ == "invitation"]
    asked = [row for row in own.rows if row.__tablename__ in {"notice", "tariff_change"}]
    words = {own.account.name, own.account.customer_number, own.contract.contract_partner.name}
    words |= {own.contract.purchase_order_number, *own.contract.document_delivery.recipients}
    return (
        words
        | {row.comment for row in asked}
        | set(invited)
        | {part for p in people_of(world) for part in (p.name, p.email)}
    )


async def found(engine, words):
    """Give the tables in which one of the words stands in any column of any row."""
    # One look at a row for all of the words.
    where = "lower(to_jsonb(t)::text) ~ :any"
    values = {"any": "|".join(re.escape(word.lower()) for word in sorted(words))}
    tables = set()
    async with engine.connect() as connection:
        for table in (await connection.scalars(sa.text(TABLES))).all():
            statement = f"SELECT count(*) FROM {table} t WHERE {where}"  # noqa: S608
            if await connection.scalar(sa.text(statement), values):
                tables.add(table.removeprefix("public."))
    return tables


async def test_refused_while_a_module_runs_or_will(writer):
    """The refusal names each module, and until when; the preview says the same."""
    own = writer.world.own
    named = {row.id: row.name for row in own.rows if row.__tablename__ == "module"}
    running = sorted(
        (named[row.module_id], row.ends_on)
        for row in own.rows
        if row.__tablename__ == "module_subscription"
    )
    before = await writer.fingerprint()
    for kind in (Kind.OWNER, Kind.MANAGER):
        said = [
            f"{name} runs up to and including {written(day)}."
            if day
            else f"{name} runs, and has no last day."
            for name, day in running
        ]
        answer = await delete(writer, kind)
        assert answer == refusal(*(problem("RULE_BROKEN", "input.id", text) for text in said))
        shown = await writer.api(PREVIEW, writer.world.tokens[kind], id=own.id)
        assert shown["data"]["account"]["deletionPreview"] == {
            "runningModules": [
                {"name": {"value": name}, "lastDay": day and day.isoformat()}
                for name, day in running
            ],
            "goes": GOES,
            "stays": ["DOCUMENTS", "HISTORY_ENTRIES"],
        }
    assert await writer.fingerprint() == before


async def test_a_module_that_is_ordered_is_in_the_way_too(writer, over):
    own = writer.world.own
    tomorrow = (now() + timedelta(days=2)).date()
    await execute(
        writer.superuser,
        "UPDATE module_subscription SET starts_on = :day, ends_on = :day WHERE id = ("
        " SELECT min(id::text)::uuid FROM module_subscription WHERE account_id = :account)",
        day=tomorrow,
        account=own.account_id,
    )
    before = await writer.fingerprint()
    (fault,) = (await delete(writer, Kind.OWNER))["problems"]
    assert fault["message"].endswith(f" runs up to and including {written(tomorrow)}.")
    assert await writer.fingerprint() == before


async def test_a_foreign_account_is_none(writer, over):
    before = await writer.fingerprint()
    answer = await delete(writer, Kind.OWNER, id=writer.world.foreign.id)
    assert answer == NOT_FOUND
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.MANAGER])
async def test_nobody_is_found_in_any_table(alone, tmp_path, kind):
    """But in the mail that tells the owner, until it is sent."""
    writer, addresses = alone
    world, engine = writer.world, writer.superuser
    await end_modules(writer)
    owner = world.own.owner
    # What others hold about the owner: an invitation and its history, a message, own changes.
    _, invitation = factories.invitation(
        world.foreign.account_id, world.foreign.owner, email=owner.email
    )
    entry, value = factories.history(
        world.foreign.account, actor_id=owner.id, actor_name=owner.name
    )
    entry.number += 1_000
    value.subject_id, value.after = invitation.id, owner.email
    message = Message(
        account_id=world.foreign.account_id,
        kind="INVITATION",
        recipient=owner.email,
        subject="Welcome",
        state="QUEUED",
        created_at=now(),
    )
    await factories.write(engine, [invitation, entry, value, message])
    words = traces_of(world)
    assert {"account", "person", "contract", "history_entry", "invitation", "message"} <= (
        await found(engine, words)
    )
    assert await delete(writer, kind, idempotencyKey="k") == deleted(writer)
    assert await found(engine, words) == {"outbox"}
    async with engine.connect() as connection:
        mails = await connection.execute(sa.text("SELECT recipient, account_id FROM outbox"))
        assert [tuple(row) for row in mails] == [(owner.email, None)]
    await run_due(addresses, engine, Settings(data=tmp_path))
    assert await found(engine, words) == set()
    (letter,) = (tmp_path / "mail").glob("*.eml")
    assert owner.email in letter.read_text()


async def test_the_entries_of_the_history_stay_without_their_values(writer, over):
    await delete(writer, Kind.OWNER)
    token = writer.world.tokens[Kind.MANAGER]
    answer = await writer.api(HISTORY, token, id=writer.world.own.id)
    assert set(answer) == {"data"}, answer
    account = answer["data"]["account"]
    assert (account["name"], account["owner"]) == ("deleted", None)
    assert account["deletedAt"] is not None
    entries = [edge["node"] for edge in account["history"]["edges"]]
    told = [
        (entry["number"], entry["action"], entry["reason"], entry["internalNote"])
        for entry in entries
    ]
    assert told == [
        (3, "deleteAccount", None, None),
        (2, "updateAccount", None, None),
        (1, "updateAccount", None, None),
    ]
    changes = [change for entry in entries for change in entry["values"]]
    assert {(change["before"], change["after"]) for change in changes} == {(None, None)}
    assert {change["field"] for change in changes} >= {"Account.name", "Account.deletedAt"}


async def test_everybody_else_loses_the_account(writer, over, client):
    """Tokens of erased people are good for nothing; an app sees nothing."""
    own = writer.world.own
    await delete(writer, Kind.OWNER)
    for kind in (Kind.OWNER, Kind.ADMIN, Kind.BILLING, Kind.READER):
        headers = {"Authorization": f"Bearer {own.tokens[kind]}"}
        asked = {"query": "{ viewer { name } }"}
        assert (await client.post("/graphql", json=asked, headers=headers)).status_code == 401
    seen = await writer.api(
        "query ($id: ID!) { account(id: $id) { id } }", own.tokens[Kind.PARTNER], id=own.id
    )
    assert seen["data"]["account"] is None


async def test_who_has_another_account_or_is_staff_stays(writer, over, write):
    world = writer.world
    admin, reader = (
        next(person for person in people_of(world) if person.id == row.person_id)
        for role in (MemberRole.ADMIN, MemberRole.READER)
        for row in world.own.rows
        if row.__tablename__ == "member" and row.role is role
    )
    await write(
        factories.member(world.foreign.account_id, admin, MemberRole.READER),
        factories.staff(reader, None),
    )
    await delete(writer, Kind.OWNER)
    for kind, person in ((Kind.ADMIN, admin), (Kind.READER, reader)):
        ask = "query ($id: ID!) { viewer { name } account(id: $id) { id } }"
        answer = await writer.api(ask, world.tokens[kind], id=world.own.id)
        assert answer["data"] == {"viewer": {"name": person.name}, "account": None}


async def test_a_deleted_account_changes_no_more(writer, over):
    await delete(writer, Kind.OWNER)
    before = await writer.fingerprint()
    assert await delete(writer, Kind.MANAGER) == GONE
    for mutation, given in (
        ("updateAccount", {"name": "Back again"}),
        ("setTestAccount", {"isTest": False}),
        ("inviteMember", {"email": "new@example.org", "role": "READER"}),
    ):
        assert await writer.change(mutation, Kind.MANAGER, given) == GONE
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("key", [None, "k-1"])
async def test_of_two_at_once_one_wins(writer, over, key):
    """With the same key it is the same change, and both are told so."""
    given = {"idempotencyKey": key} if key else {}
    sent = []
    async with held(writer, LOCK_ACCOUNT):
        for count in (1, 2):
            sent.append(asyncio.create_task(delete(writer, Kind.OWNER, **given)))
            await waiting(writer, count=count)
    answers = await asyncio.gather(*sent)
    assert answers == [deleted(writer), deleted(writer) if key else GONE]
    assert [entry["action"] for entry in await writer.entries()] == ["deleteAccount"]


async def test_the_same_key_again_gives_the_same_answer(writer, over):
    answers = [await delete(writer, Kind.MANAGER, idempotencyKey="k")]
    before = await writer.fingerprint()
    answers.append(await delete(writer, Kind.MANAGER, idempotencyKey="k"))
    assert answers == [deleted(writer)] * 2
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("kind", ["member", "foreign", "employee", "open", "running"])
async def test_the_database_erases_for_nobody_else(writer, over, database, kind):
    """Whatever the portal's own checks let through."""
    own = writer.world.own
    account, engine = own.account_id, database.app
    viewer = Viewer(Role.CUSTOMER, own.owner.id, grants={account: Grant()})
    if kind == "running":
        running = "UPDATE module_subscription SET ends_on = NULL WHERE account_id = :account"
        await execute(writer.superuser, running, account=account)
    if kind == "member":
        other = next(person for person in people_of(writer.world) if person.id != own.owner.id)
        viewer = Viewer(Role.CUSTOMER, other.id, grants={account: Grant()})
    if kind == "foreign":
        viewer = Viewer(Role.CUSTOMER, writer.world.foreign.owner.id, grants={account: Grant()})
    if kind == "employee":
        viewer, engine = Viewer(Role.EMPLOYEE, own.owner.id), database.staff
    async with engine.connect() as connection:
        await set_viewer(connection, viewer)
        if kind != "open":
            closing = "UPDATE account SET deleted_at = now(), owner_id = NULL WHERE id = :account"
            await connection.execute(sa.text(closing), {"account": account})
        with pytest.raises(DBAPIError, match=LEFT):
            await connection.execute(sa.text(ERASE), {"account": account})
