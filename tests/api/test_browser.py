"""What pages of other sites may do: nothing, but for the origins that the operator names."""

import pytest

from portal.settings.settings import Settings
from tests.api.asking import own_client

OWN = "http://localhost"
SHOP = "https://shop.example"
QUERY = {"query": "{ viewer { role } }"}
ROLE = {"viewer": {"role": "ANONYMOUS"}}


@pytest.fixture
async def open_client(addresses, tmp_path):
    """A client of a portal that names one origin."""
    async with own_client(
        Settings(data=tmp_path, origins=f"{SHOP}, https://b.example:8443"), addresses, base_url=OWN
    ) as client:
        yield client


FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "https://portal.example.evil.example"},
    {"origin": "http://localhost:8080"},
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": "http://a.portal.example", "sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    {"sec-fetch-site": "anything"},
    # A script cannot write these two, so they do not contradict each other.
    {"origin": OWN, "sec-fetch-site": "cross-site"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", ["/graphql", "/login", "/logout", "/nothing"])
async def test_a_page_of_another_site_is_refused(client, path, headers):
    response = await client.post(path, json=QUERY, headers=headers)
    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": OWN},
        {"origin": OWN, "sec-fetch-site": "same-origin"},
        # Behind a proxy that writes another Host.
        {"origin": "https://www.operator.example", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
    ids=str,
)
async def test_programs_and_pages_of_our_own_are_served(client, headers):
    response = await client.post("/graphql", json=QUERY, headers=headers)
    assert (response.status_code, response.json()["data"]) == (200, ROLE)
    assert "access-control-allow-origin" not in response.headers


async def test_a_link_may_be_followed(client):
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "accept": "text/html"}
    assert (await client.get("/graphql", headers=headers)).status_code == 200
    headers["sec-fetch-mode"] = "cors"
    assert (await client.get("/graphql", headers=headers)).status_code == 403


async def test_a_named_origin_is_served(open_client):
    for site in ({}, {"sec-fetch-site": "cross-site"}):
        response = await open_client.post("/graphql", json=QUERY, headers={"origin": SHOP, **site})
        assert (response.status_code, response.json()["data"]) == (200, ROLE)
        assert response.headers["access-control-allow-origin"] == SHOP
        assert "Origin" in response.headers["vary"]
        assert "access-control-allow-credentials" not in response.headers
    asked = {
        "origin": "https://b.example:8443",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    preflight = await open_client.options("/graphql", headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "https://b.example:8443"
    assert preflight.headers["access-control-allow-methods"] == "GET, POST"
    assert "Authorization" in preflight.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    "origin", ["https://other.example", "https://shop.example.evil", "http://shop.example", "null"]
)
async def test_another_origin_gets_no_preflight(open_client, origin):
    asked = {"origin": origin, "access-control-request-method": "POST"}
    response = await open_client.options("/graphql", headers=asked)
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers


async def test_failures_can_be_read_by_a_named_origin(open_client):
    response = await open_client.post(
        "/graphql", content=b"x", headers={"origin": SHOP, "content-type": "application/json"}
    )
    assert response.status_code == 400
    assert response.headers["access-control-allow-origin"] == SHOP


async def test_only_the_path_of_the_request_decides(client):
    for headers in (
        {"x-original-url": "/login", "x-rewrite-url": "/login"},
        {"x-forwarded-host": "evil.example", "x-forwarded-prefix": "/login"},
        {"x-http-method-override": "GET"},
    ):
        response = await client.post("/graphql", json=QUERY, headers=headers)
        assert response.json()["data"] == ROLE
        response = await client.get("/graphql/", headers=headers)
        assert response.status_code == 404


async def test_every_answer_says_what_a_browser_may_do(client):
    for path in ("/graphql", "/nothing", "/health"):
        response = await client.get(path)
        assert {name: response.headers[name] for name in SECURE} == SECURE, path


SECURE = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none';"
    " form-action 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
