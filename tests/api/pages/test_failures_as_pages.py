"""What goes wrong is a page for a browser, and JSON for a program."""

import pytest

from portal.settings.settings import Settings
from tests.api.asking import own_client

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "de"}
PROGRAMS = [{}, {"accept": "*/*"}, {"accept": "application/json"}]


@pytest.mark.parametrize(
    ("method", "path", "said", "status"),
    [
        ("GET", "/nothing", {}, 404),
        ("GET", "/static/nothing.css", {}, 404),
        ("DELETE", "/login", {}, 405),
        ("POST", "/accounts/x", {"origin": "http://localhost"}, 405),
        ("POST", "/nothing", {"origin": "https://evil.example"}, 403),
        ("POST", "/login", {"content-length": "99999999"}, 413),
    ],
)
async def test_a_failure_is_a_page_or_json(client, method, path, said, status):
    shown = await client.request(method, path, headers=BROWSER | said)
    assert (shown.status_code, shown.headers["content-type"]) == (
        status,
        "text/html; charset=utf-8",
    )
    assert '<html lang="de">' in shown.text
    for program in PROGRAMS:
        told = await client.request(method, path, headers=program | said)
        assert (told.status_code, told.headers["content-type"]) == (
            status,
            "application/json; charset=utf-8",
        )


async def test_the_api_alone_can_be_served(addresses, tmp_path):
    async with own_client(Settings(data=tmp_path, pages=False), addresses) as client:
        for path in ("/", "/login", "/static/style.css", "/favicon.ico"):
            answer = await client.get(path, headers=BROWSER)
            assert answer.status_code == (405 if path == "/login" else 404)
            assert answer.headers["content-type"] == "application/json; charset=utf-8"
        answer = await client.post("/graphql", json={"query": "{ viewer { role } }"})
        assert answer.json()["data"] == {"viewer": {"role": "ANONYMOUS"}}


async def test_pages_are_answered_where_only_trusted_documents_are(addresses, tmp_path):
    manifest = tmp_path / "documents.json"
    manifest.write_text('{"role": "{ viewer { role } }"}')
    settings = Settings(data=tmp_path, trusted_documents=manifest)
    async with own_client(settings, addresses) as client:
        assert (await client.get("/login", headers=BROWSER)).status_code == 200
        answer = await client.post("/graphql", json={"query": "{ viewer { name } }"})
        assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_static_files_are_kept_for_good(client):
    page = (await client.get("/login", headers=BROWSER)).text
    address = page.partition('href="/static/style')[2].partition('"')[0]
    answer = await client.get(f"/static/style{address}")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    accent = await client.get("/static/accent.1a5fb4.css")
    assert "--accent: #1a5fb4" in accent.text
    for wrong in ("accent.red.css", "accent.1a5fb4", "style.css"):
        assert (await client.get(f"/static/{wrong}")).status_code == 404


async def test_a_page_says_which_links_are_fetched_when_they_are_pressed(client):
    page = await client.get("/login", headers=BROWSER)
    assert page.headers["cache-control"] == "no-store"
    answer = await client.get(page.headers["speculation-rules"].strip('"'))
    assert answer.headers["content-type"] == "application/speculationrules+json"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    (rule,) = answer.json()["prefetch"]
    assert rule["eagerness"] == "conservative"
    assert rule["where"]["and"][1]["not"]["selector_matches"] == '[download], [href^="#"]'
