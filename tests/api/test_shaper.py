"""What nobody pays for is answered at a steady rate for each network, and slows nobody else."""

import asyncio
from types import SimpleNamespace

import pytest

from portal.settings.settings import Settings
from portal.web.door import shaper
from portal.web.door.shaper import A_SECOND, Shaper
from tests.api.asking import application, client_of
from tests.world import Kind

QUERY = {"query": "{ viewer { role } }"}
FOREIGN = {"origin": "https://evil.example"}
NOBODY = {"authorization": "Bearer of-nobody"}


@pytest.fixture
def waits(monkeypatch):
    """Stop the clock; give how long each request would have had to wait."""
    waited = []

    async def noted(seconds):
        waited.append(round(seconds, 9))

    monkeypatch.setattr(shaper, "monotonic", lambda: 100.0)
    monkeypatch.setattr(shaper, "asyncio", SimpleNamespace(sleep=noted))
    return waited


@pytest.fixture
async def portal(addresses, tmp_path):
    async with application(Settings(data=tmp_path), addresses) as app:
        yield app


UNPAID = {
    "health": ("GET", "/health", {}, 200),
    "live": ("GET", "/live", {}, 200),
    "no page": ("GET", "/nothing", {}, 404),
    "another name": ("GET", "/graphiql/x", {"headers": {"host": "evil.example"}}, 400),
    "logout": ("POST", "/logout", {"headers": NOBODY}, 204),
    "no login": ("POST", "/login", {"content": "x"}, 415),
    "no method": ("DELETE", "/graphql", {}, 405),
    "a foreign page": ("POST", "/graphql", {"json": QUERY, "headers": FOREIGN}, 403),
    "a foreign preflight": ("OPTIONS", "/graphql", {"headers": FOREIGN}, 403),
    "operations under another name": (
        "POST",
        "/graphql",
        {"json": QUERY, "headers": {"host": "evil.example"}},
        400,
    ),
    "GraphiQL": ("GET", "/graphql", {"headers": {"accept": "text/html"}}, 200),
    "no body": ("POST", "/graphql", {"json": 5}, 400),
    "no token": ("POST", "/graphql", {"json": QUERY, "headers": NOBODY}, 401),
}


@pytest.mark.parametrize("asked", UNPAID)
async def test_what_is_free_waits_beyond_fifty_a_second(portal, waits, asked):
    method, path, given, status = UNPAID[asked]
    async with client_of(portal) as client, client_of(portal) as other:
        for _ in range(A_SECOND + 1):
            assert (await client.request(method, path, **given)).status_code == status
        assert waits == []
        for _ in range(3):
            await client.request(method, path, **given)
        assert waits == [0.02, 0.04, 0.06]
        await other.request(method, path, **given)
    assert len(waits) == 3


async def test_operations_that_pay_never_wait(portal, waits, world):
    headers = {"authorization": f"Bearer {world.tokens[Kind.OWNER]}"}
    async with client_of(portal) as client:
        for _ in range(2 * A_SECOND):
            answer = await client.post("/graphql", json=QUERY, headers=headers)
            assert answer.status_code == 200
    assert waits == []


async def test_nobody_waits_longer_than_a_second_and_a_pause_is_forgiven(monkeypatch):
    times, waited = [100.0], []

    async def noted(seconds):
        waited.append(seconds)

    monkeypatch.setattr(shaper, "monotonic", lambda: times[0])
    monkeypatch.setattr(shaper, "asyncio", SimpleNamespace(sleep=noted))
    held_up, scope = Shaper(), {"client": ("192.0.2.1", 1)}
    for _ in range(1_000):
        await held_up.turn(scope)
    assert max(waited) == waited[-1] == 1.0
    times[0] += 3
    waited.clear()
    await asyncio.gather(*(held_up.turn(scope) for _ in range(A_SECOND + 1)))
    assert waited == []
