"""Members who change members at the same moment: one wins, an owner is always there."""

import asyncio
import socket

import httpx
import pytest
import sqlalchemy as sa
import uvicorn

from portal.language.global_id import decode
from tests.api.asking import without_cost
from tests.api.people.test_members import NO_MEMBER, PLACES, member_id, members
from tests.api.test_lost_connection import LOCK_ACCOUNT, held, waiting
from tests.world import Kind
from tests.writing import NOT_FOUND, problem, refusal

REMOVE, CHANGE, TRANSFER = "removeMember", "changeMemberRole", "transferOwnership"
NEW_ROLE = refusal(problem("CONFLICT", "input.id", "Your role in this account has just changed."))
OWNERS = "SELECT count(*) FROM member WHERE account_id = :account AND role = 'OWNER'"


async def at_once(writer, *changes):
    """Send mutations that all wait for the account; give their answers, the first's first."""
    sent = []
    async with held(writer, LOCK_ACCOUNT):
        for mutation, kind, given in changes:
            sent.append(asyncio.create_task(writer.change(mutation, kind, given)))
            await waiting(writer, count=len(sent))
    return await asyncio.gather(*sent)


def about(writer, kind, **more):
    """Give an input about a member."""
    return {"memberId": member_id(writer, kind)} | more


DONE = {"__typename": "Account", "version": 1}


@pytest.mark.parametrize("first", [Kind.ADMIN, Kind.OWNER])
async def test_two_remove_each_other(writer, write, first):
    """The second is no member any more when its turn comes, though its guards had let it in."""
    await writer.change(CHANGE, Kind.OWNER, about(writer, Kind.BILLING, role="ADMIN"))
    one = (REMOVE, Kind.ADMIN, about(writer, Kind.BILLING))
    other = (REMOVE, Kind.BILLING, about(writer, Kind.ADMIN))
    order = [one, other] if first is Kind.ADMIN else [other, one]
    assert await at_once(writer, *order) == [DONE, NOT_FOUND]
    left = await members(writer)
    gone = order[0][2]["memberId"]
    assert (gone in left, len(left)) == (False, 3)
    assert [entry["action"] for entry in await writer.entries()] == [CHANGE, REMOVE]


async def test_removing_oneself_while_another_does_the_same(writer):
    reader = about(writer, Kind.READER)
    left, removed = await at_once(
        writer, (REMOVE, Kind.READER, reader), (REMOVE, Kind.OWNER, reader)
    )
    assert (left, removed) == (DONE, NO_MEMBER)
    assert len(await writer.entries()) == 1


async def test_being_removed_while_one_leaves(writer):
    reader = about(writer, Kind.READER)
    removed, left = await at_once(
        writer, (REMOVE, Kind.OWNER, reader), (REMOVE, Kind.READER, reader)
    )
    assert (removed, left) == (DONE, NOT_FOUND)
    assert len(await writer.entries()) == 1


async def test_changing_the_role_of_somebody_who_is_removed(writer):
    reader = about(writer, Kind.READER)
    answers = await at_once(
        writer,
        (REMOVE, Kind.ADMIN, reader),
        (CHANGE, Kind.OWNER, reader | {"role": "BILLING"}),
        (CHANGE, Kind.MANAGER, reader | {"role": "ADMIN"}),
        (TRANSFER, Kind.OWNER, reader),
    )
    assert answers == [DONE, NO_MEMBER, NO_MEMBER, NO_MEMBER]
    assert len(await writer.entries()) == 1


async def test_removing_somebody_who_becomes_owner(writer):
    admin = about(writer, Kind.ADMIN)
    transferred, removed, again = await at_once(
        writer,
        (TRANSFER, Kind.OWNER, admin),
        (REMOVE, Kind.MANAGER, admin),
        (TRANSFER, Kind.OWNER, about(writer, Kind.READER)),
    )
    assert transferred == {"__typename": "Account", "version": 2}
    assert removed == refusal(
        problem(
            "RULE_BROKEN",
            "input.memberId",
            "The owner stays owner; hand the ownership over first.",
        )
    )
    assert again == NEW_ROLE
    assert (await members(writer))[admin["memberId"]] == "OWNER"


async def test_a_member_who_is_removed_while_waiting_changes_nothing(writer):
    removed, renamed, ordered = await at_once(
        writer,
        (REMOVE, Kind.OWNER, about(writer, Kind.BILLING)),
        ("updateAccount", Kind.BILLING, {"name": "Late"}),
        ("updateContract", Kind.BILLING, {"purchaseOrderNumber": "Late"}),
    )
    assert (removed, renamed, ordered) == (DONE, NOT_FOUND, NOT_FOUND)
    assert [entry["action"] for entry in await writer.entries()] == [REMOVE]


async def test_a_member_who_loses_a_right_while_waiting_does_not_use_it(writer):
    demoted, invited = await at_once(
        writer,
        (CHANGE, Kind.OWNER, about(writer, Kind.ADMIN, role="READER")),
        ("inviteMember", Kind.ADMIN, {"email": "new@example.org", "role": "ADMIN"}),
    )
    assert (demoted, invited) == (DONE, NEW_ROLE)
    assert len(await writer.entries()) == 1


async def test_in_a_crowd_there_is_one_owner_at_every_moment(writer):
    """Everything at once, in all directions: no deadlock, and never none or two."""
    kinds = list(PLACES)
    changes = [
        *((REMOVE, one, about(writer, other)) for one in kinds for other in kinds),
        *((TRANSFER, one, about(writer, other)) for one in kinds for other in kinds),
        *(
            (CHANGE, Kind.MANAGER, about(writer, kind, role=role))
            for kind in kinds
            for role in ("ADMIN", "READER")
        ),
    ]
    counted, over = set(), asyncio.Event()

    async def count():
        async with writer.superuser.connect() as connection:
            while not over.is_set():
                given = {"account": writer.world.own.account_id}
                counted.add(await connection.scalar(sa.text(OWNERS), given))
                await connection.rollback()

    counting = asyncio.create_task(count())
    answers = await asyncio.gather(*(writer.change(*change) for change in changes))
    over.set()
    await counting
    codes = {one["code"] for answer in answers for one in answer.get("problems", ())}
    assert codes <= {"CONFLICT", "FORBIDDEN", "NOT_FOUND", "RULE_BROKEN"}
    assert counted == {1}
    rows = await writer.rows()
    account = rows["account", str(writer.world.own.account_id)]
    assert rows["member", account["owner_id"]]["role"] == "OWNER"
    numbers = [entry["number"] for entry in await writer.entries()]
    assert numbers == list(range(3, 3 + len(numbers)))


async def test_access_ends_at_once_on_the_same_connection(app, writer):
    """One connection is kept alive throughout, and one token: its next request sees nothing."""
    own = writer.world.own
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{listening.getsockname()[1]}",
            headers={"authorization": f"Bearer {writer.world.tokens[Kind.BILLING]}"},
            limits=httpx.Limits(max_connections=1),
        ) as client:
            ports = []

            async def look():
                document = "query ($id: ID!) { account(id: $id) { name } }"
                asked = {"query": document, "variables": {"id": own.id}}
                response = await client.post("/graphql", json=asked)
                stream = response.extensions["network_stream"]
                ports.append(stream.get_extra_info("client_addr"))
                return without_cost(response.json())

            assert await look() == {"data": {"account": {"name": own.account.name}}}
            given = about(writer, Kind.BILLING)
            assert await writer.change(REMOVE, Kind.OWNER, given) == DONE
            assert await look() == {"data": {"account": None}}
            assert len(set(ports)) == 1
        server.should_exit = True
        await serving
    assert str(decode(member_id(writer, Kind.BILLING))[1]) not in str(await members(writer))
