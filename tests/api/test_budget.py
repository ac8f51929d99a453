"""What each caller may ask over time, counted over all processes."""

import asyncio
from dataclasses import replace

import httpx
import pytest
import sqlalchemy as sa
from starlette.requests import Request

from portal.errors import RateLimited
from portal.settings.settings import Settings
from portal.viewer import ANONYMOUS
from portal.web.graphql.budget import Budgets, caller_of
from tests import factories
from tests.api.asking import own_client
from tests.world import Kind

GRAPHQL = "application/graphql-response+json"


def caller():
    """A caller of this test alone."""
    return factories.person().id.bytes


@pytest.fixture
def budgets(database):
    """What one process knows; each call is another process."""
    return lambda capacity=1_000, per_second=1: Budgets(database.app, capacity, per_second)


def take(process, who, cost):
    """Let a caller ask something of a process."""
    return process.take(process.lease_of(who), cost)


def give_back(process, who, unused):
    """Return what a caller did not use."""
    return process.give_back(process.lease_of(who), unused)


async def test_a_tenth_at_a_time_costs_one_statement(budgets, count_leases):
    process, who = budgets(), caller()
    with count_leases() as leases:
        for _ in range(10):
            assert await take(process, who, 10) == 10
        assert len(leases) == 1
        await take(process, who, 10)
        assert len(leases) == 2


async def test_many_at_once_share_a_lease(budgets, count_leases):
    process, who = budgets(), caller()
    with count_leases() as leases:
        assert await asyncio.gather(*(take(process, who, 4) for _ in range(50))) == [4] * 50
    assert len(leases) == 2


async def test_the_budget_is_exact_over_all_processes(budgets):
    processes, who = [budgets(), budgets()], caller()
    for number in range(10):
        await take(processes[number % 2], who, 100)
    for process in processes:
        with pytest.raises(RateLimited) as caught:
            await take(process, who, 3)
        assert caught.value.values["seconds"] in {2, 3}
    # Others are not concerned.
    await take(processes[0], caller(), 1_000)


async def test_many_at_once_do_not_get_more(budgets):
    processes, who = [budgets(), budgets()], caller()
    taken = await asyncio.gather(
        *(take(processes[number % 2], who, 50) for number in range(60)),
        return_exceptions=True,
    )
    # A share that one process has left is not for the other.
    assert 18 <= taken.count(50) <= 20
    assert all(isinstance(one, RateLimited) for one in taken if one != 50)


async def test_what_was_not_used_can_be_asked_again(budgets, count_leases):
    process, other, who = budgets(), budgets(), caller()
    with count_leases() as leases:
        await take(process, who, 90)
        assert await give_back(process, who, 80) in {990, 991}
        await take(process, who, 90)
        assert len(leases) == 1
    # Much of it goes back to where other processes find it.
    await take(process, who, 900)
    assert await give_back(process, who, 890) in range(890, 893)
    await take(other, who, 700)


async def test_the_bucket_leaks(budgets, superuser):
    process, who = budgets(per_second=100), caller()
    await take(process, who, 1_000)
    with pytest.raises(RateLimited):
        await take(process, who, 500)
    async with superuser.begin() as connection:
        moved = "UPDATE cost_bucket SET at = at - interval '6 seconds' WHERE caller = :who"
        assert (await connection.execute(sa.text(moved), {"who": who})).rowcount == 1
    assert await take(process, who, 500) == 500


async def test_what_costs_more_than_the_bucket_takes_all_of_it(budgets):
    process, who = budgets(), caller()
    assert await take(process, who, 5_000) == 1_000


async def test_buckets_that_leaked_long_ago_are_removed(budgets, superuser):
    process, who = budgets(), caller()
    await take(process, who, 1)
    async with superuser.begin() as connection:
        old = "UPDATE cost_bucket SET at = at - interval '1 day' WHERE caller = :who"
        await connection.execute(sa.text(old), {"who": who})
    for _ in range(30):
        process = budgets()
        await take(process, caller(), 1)
    async with superuser.connect() as connection:
        left = "SELECT count(*) FROM cost_bucket WHERE caller = :who"
        assert await connection.scalar(sa.text(left), {"who": who}) == 0


def asked_from(host):
    return Request({"type": "http", "headers": [], "client": (host, 1) if host else None})


def test_who_pays():
    person = replace(ANONYMOUS, id=factories.person().id)
    assert caller_of(person, asked_from("192.0.2.1")) == caller_of(person, asked_from("192.0.2.2"))

    def nobody(host):
        return caller_of(ANONYMOUS, asked_from(host))

    assert nobody("192.0.2.1") == nobody("::ffff:192.0.2.1") != nobody("192.0.2.2")
    assert nobody("2001:db8::1") == nobody("2001:db8::ffff:1") != nobody("2001:db8:0:1::1")
    assert len({nobody(None), nobody("192.0.2.1"), caller_of(person, asked_from(None))}) == 3


@pytest.fixture
async def poor(addresses, tmp_path):
    """A client of a portal that gives little, from an address of this test alone."""
    settings = Settings(data=tmp_path, budget=1_000, budget_per_second=1)
    address = f"192.0.2.{int.from_bytes(caller()[-1:]) % 250}"
    async with own_client(settings, addresses, address=address) as client:
        yield client


async def ask(client, query, token=None, **headers) -> httpx.Response:
    if token:
        headers["authorization"] = f"Bearer {token}"
    return await client.post("/graphql", json={"query": query}, headers=headers)


async def test_an_answer_says_what_it_cost(poor, world):
    token = world.tokens[Kind.OWNER]
    query = "{ viewer { name accounts(first: 90) { edges { node { name } } } } }"
    answer = (await ask(poor, query, token)).json()
    # viewer, name, accounts; 90 times edges, node and name.
    assert len(answer["data"]["viewer"]["accounts"]["edges"]) == 1
    assert answer["extensions"]["cost"] == {"requested": 273, "actual": 6, "budget": 994}


async def test_who_asks_too_much_waits(poor, world):
    token = world.tokens[Kind.OWNER]
    # Introspection answers as much as it asks.
    query = "{ __schema { queryType { name description } } }"
    statuses = []
    for _ in range(50):
        response = await ask(poor, query, token)
        statuses.append(response.status_code)
        if response.status_code == 429:
            break
    assert statuses[:2] == [200, 200]
    assert statuses[-1] == 429
    (error,) = response.json()["errors"]
    seconds = error["extensions"].pop("seconds")
    assert error["extensions"] == {"code": "RATE_LIMITED"}
    assert response.headers["retry-after"] == str(seconds)
    assert 1 <= seconds <= 1_000
    assert (await ask(poor, query, token, accept=GRAPHQL)).status_code == 429
    # Somebody else's budget is untouched, and so is that of the address.
    assert (await ask(poor, query, world.tokens[Kind.MANAGER])).status_code == 200
    assert (await ask(poor, "{ viewer { role } }")).status_code == 200


async def test_what_may_not_run_costs_nothing(poor):
    for query in ("{", "{ nothing }", "query ($a: Int!) { modules(first: $a) { totalCount } }"):
        response = await ask(poor, query)
        assert set(response.json()) == {"errors"}
    cost = (await ask(poor, "{ viewer { role } }")).json()["extensions"]["cost"]
    assert cost == {"requested": 2, "actual": 2, "budget": 998}
