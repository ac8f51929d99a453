"""Passwords are hashed in places of their own, at the cost of whoever asks for it."""

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from portal.app import HASHING_PLACES
from portal.settings.settings import Settings
from portal.web import login
from portal.web.door.limiter import Limiter
from resolvers.points import HASHING
from tests.api.asking import application, client_of
from tests.world import Kind

QUERY = {"query": "{ viewer { role } }"}
CHANGE = """mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) { ... on Refusal { problems { code } } }
}"""
PASSWORDS = {"input": {"presentPassword": "wrong password", "newPassword": "quite another one"}}


@pytest.fixture
async def portal(addresses, tmp_path, request):
    """A portal of this test alone, whose callers have an address of their own."""
    settings = Settings(data=tmp_path, **getattr(request, "param", {}))
    where = f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"
    async with (
        application(settings, addresses) as app,
        client_of(app, where) as client,
    ):
        yield app, client


def unknown():
    """Give a login of nobody, whom nobody has tried before."""
    return {"email": f"{uuid4().hex}@customer.example", "password": "a long password"}


def of(token):
    return {"authorization": f"Bearer {token}"}


async def taken(stack: AsyncExitStack, limiter: Limiter, places: int) -> None:
    """Take every place of a limiter."""
    for _ in range(places):
        await stack.enter_async_context(limiter.place("192.0.2.1"))


async def test_logins_need_no_place_of_an_operation(portal, world):
    app, client = portal
    async with AsyncExitStack() as stack:
        await taken(stack, app.state.limiters[b"/graphql"], 6)
        assert (await client.post("/login", json=unknown())).status_code == 401
        assert (await client.post("/logout", headers=of("x"))).status_code == 204
        assert (await client.post("/graphql", json=QUERY)).status_code == 503


@pytest.mark.parametrize("portal", [{"queue_seconds": 60}], indirect=True)
async def test_operations_need_no_place_of_a_login(portal, world):
    app, client = portal
    headers = of(world.tokens[Kind.OWNER])
    limiter, hashing = app.state.limiters[b"/graphql"], app.state.limiters[b"/login"]

    def change():
        asked = {"query": CHANGE, "variables": PASSWORDS}
        return client.post("/graphql", json=asked, headers=headers)

    def log_in():
        return client.post("/login", json=unknown())

    async with AsyncExitStack() as stack:
        await taken(stack, hashing, HASHING_PLACES)
        waiting = [asyncio.create_task(change()) for _ in range(6)]
        waiting += [asyncio.create_task(log_in()) for _ in range(18)]
        while hashing.room() > 33 - HASHING_PLACES - 24:
            await asyncio.sleep(0.01)
        # They wait for a place to hash in, and hold no other one.
        assert limiter.room() == 66
        answer = await client.post("/graphql", json=QUERY, headers=headers)
        assert answer.json()["data"] == {"viewer": {"role": "CUSTOMER"}}
        for refused in (await change(), await log_in()):
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
            extensions = {"code": "UNAVAILABLE", "seconds": 1}
            assert refused.json()["errors"][0]["extensions"] == extensions
        assert not any(task.done() for task in waiting)
    codes = [answer.status_code for answer in await asyncio.gather(*waiting)]
    assert codes[:6] == [200] * 6
    assert codes[6:] == [401] * 18
    assert (limiter.room(), hashing.room()) == (66, 33)


@pytest.mark.parametrize("portal", [{"budget": 3 * HASHING, "budget_per_second": 1}], indirect=True)
async def test_whoever_hashes_pays_for_it(portal, world):
    _, client = portal
    headers = of(world.tokens[Kind.OWNER])
    change = {"query": CHANGE, "variables": PASSWORDS}
    cost = (await client.post("/graphql", json=change, headers=headers)).json()["extensions"][
        "cost"
    ]
    # changePassword, problems and as many codes as is usual.
    assert cost == {"requested": HASHING + 7, "actual": HASHING + 3, "budget": 2 * HASHING - 3}
    statuses = [(await client.post("/login", json=unknown())).status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]
    # Nobody else's budget is touched.
    assert (await client.post("/graphql", json=QUERY, headers=headers)).status_code == 200


async def test_sessions_end_one_at_a_time_and_those_of_nobody_for_nothing(
    portal, world, monkeypatch
):
    _, client = portal
    revoke, under_way, most = login.revoke, 0, 0

    async def counted(*given):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await revoke(*given)
        under_way -= 1

    monkeypatch.setattr(login, "revoke", counted)
    assert (await client.post("/logout", headers=of("of-nobody"))).status_code == 204
    assert most == 0
    tokens = [world.tokens[kind] for kind in (Kind.OWNER, Kind.ADMIN, Kind.READER, Kind.MANAGER)]
    ended = await asyncio.gather(*(client.post("/logout", headers=of(token)) for token in tokens))
    assert [answer.status_code for answer in ended] == [204] * 4
    assert most == 1
    for token in tokens:
        assert (await client.post("/graphql", json=QUERY, headers=of(token))).status_code == 401
