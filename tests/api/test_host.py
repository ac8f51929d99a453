"""For whom and from whom a request is, said once; and under which names the portal is reached."""

import pytest

from portal.app import create_app
from portal.settings.settings import Environment, Settings, WrongSetting
from tests.api.asking import own_client

QUERY = {"query": "{ viewer { role } }"}
UNDER_ANY_NAME = ("/health", "/live", "/metrics")


@pytest.fixture
async def served(addresses, tmp_path):
    """A program that asks a portal with names of its own."""
    settings = Settings(
        env=Environment.PRODUCTION,
        secret="s" * 32,
        data=tmp_path,
        hosts="portal.operator.example, [2001:db8::1]",
        metrics_token="m" * 16,
    )
    async with own_client(settings, addresses, base_url="http://x") as client:
        yield client


async def told(client, *headers, path="/graphql"):
    """Send a request with these headers alone; gives its status, and the message of an error."""
    request = client.build_request("POST" if path == "/graphql" else "GET", path)
    request.headers = type(request.headers)(list(headers))
    answer = await client.send(request)
    errors = answer.json().get("errors") if answer.status_code >= 400 else None
    return answer.status_code, errors and (errors[0]["extensions"]["code"], errors[0]["message"])


@pytest.mark.parametrize(
    "host",
    [
        "portal.operator.example",
        "Portal.Operator.EXAMPLE:8443",
        "portal.operator.example.",
        "[2001:DB8::1]:443",
    ],
)
async def test_the_portal_answers_to_its_names(served, host):
    answer = await served.post("/graphql", json=QUERY, headers={"host": host})
    assert answer.json()["data"] == {"viewer": {"role": "ANONYMOUS"}}


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "attacker.example",
        "portal.operator.example.attacker.example",
        "attacker.example#portal.operator.example",
        "portal.operator.example@attacker.example",
        "portal.operator.example:80:80",
        "2001:db8::1",
        "",
    ],
)
async def test_it_answers_to_no_other_name(served, host):
    for path in ("/graphql", "/login", "/logout", "/nothing"):
        answer = await served.post(path, json=QUERY, headers={"host": host})
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["message"] == f"The portal does not have the name {host}."
        assert error["extensions"] == {"code": "BAD_REQUEST", "host": host}


async def test_each_is_said_once(served):
    name, token = ("Host", "portal.operator.example"), ("Authorization", "Bearer x")
    missing = (400, ("BAD_REQUEST", "The header Host is missing."))
    twice = (400, ("BAD_REQUEST", "The header {} may be sent once only."))

    def often(what):
        status, (code, message) = twice
        return status, (code, message.format(what))

    assert await told(served) == missing
    assert await told(served, token) == missing
    assert await told(served, name, name) == often("Host")
    assert await told(served, name, ("HOST", "attacker.example")) == often("Host")
    assert await told(served, name, token, token) == often("Authorization")
    assert await told(served, name, token, ("authorization", "")) == often("Authorization")
    for path in UNDER_ANY_NAME:
        assert await told(served, name, name, path=path) == often("Host")
        assert await told(served, token, token, path=path) == often("Authorization")


@pytest.mark.parametrize("headers", [[], [("Host", "10.0.0.7:8000")]])
async def test_machines_ask_under_any_name(served, headers):
    statuses = [(await told(served, *headers, path=path))[0] for path in ("/health", "/metrics")]
    assert statuses == [200, 401]
    assert (await told(served, *headers, path="/live"))[0] != 400


async def test_in_development_the_machine_itself_is_its_name(client):
    for host in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        answer = await client.post("/graphql", json=QUERY, headers={"host": host})
        assert answer.status_code == 200
    answer = await client.post("/graphql", json=QUERY, headers={"host": "attacker.example:8000"})
    assert answer.status_code == 400


def test_production_does_not_start_without_a_name(addresses):
    with pytest.raises(WrongSetting) as fault:
        create_app(Settings(env=Environment.PRODUCTION, secret="s" * 32), addresses)
    assert str(fault.value) == "PORTAL_HOSTS is missing: PORTAL_ENV=production needs it."
