"""GraphQL over HTTP: media types, status codes, and requests of every wrong shape."""

import re
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from graphql import get_introspection_query
from httpx import AsyncClient, Response

from portal.database.addresses import Addresses
from portal.settings.settings import Environment, Settings
from tests.api.asking import own_client, without_cost
from tests.world import Kind

QUERY = "{ viewer { role } }"
ANSWER = {"data": {"viewer": {"role": "ANONYMOUS"}}}
JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
MEBIBYTE = 1 << 20


def answer_of(response: Response) -> dict[str, Any]:
    """The answer without its cost."""
    answer: dict[str, Any] = response.json()
    return without_cost(answer)


async def post(client: AsyncClient, content: Any, **headers: str) -> Response:
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post("/graphql", content=body, headers={"content-type": JSON, **named})


def code_of(response: Response) -> str:
    """The one error's code; the body must be an answer in every failure."""
    body = response.json()
    assert set(body) == {"errors"}
    (error,) = body["errors"]
    assert set(error) >= {"message", "extensions"}
    return error["extensions"]["code"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", JSON),
        (f"{GRAPHQL};q=0.8, {JSON};q=0.9", JSON),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON};q=0, */*", GRAPHQL),
        (f"text/html, {GRAPHQL};q=0.1, */*;q=0.05", GRAPHQL),
        ("APPLICATION/JSON;charset=utf-8", JSON),
    ],
)
async def test_the_answer_takes_the_preferred_media_type(client, accept, media_type):
    response = await post(client, {"query": QUERY}, accept=accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer_of(response) == ANSWER


async def test_without_an_accept_header_the_answer_is_json(client):
    del client.headers["accept"]
    response = await post(client, {"query": QUERY})
    assert response.headers["content-type"] == f"{JSON}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/plain", f"{JSON};q=0", "text/*", f"{JSON};q=x", ","])
async def test_an_answer_nobody_accepts_is_406(client, accept):
    response = await post(client, {"query": QUERY}, accept=accept)
    assert (response.status_code, code_of(response)) == (406, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ viewer { role"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ viewer }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "type A { b: Int }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "subscription { viewer { role } }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": QUERY, "operationName": "Other"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": f"query A {QUERY} query B {QUERY}"}, "GRAPHQL_VALIDATION_FAILED"),
        (
            {"query": f"query ($a: Int!) {QUERY[:-1]} __type(name: $a) {{ name }} }}"},
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            {
                "query": "query ($a: String!) { __type(name: $a) { name } }",
                "variables": {"a": [1]},
            },
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            {"query": "query ($a: String!) { __type(name: $a) { name } }"},
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ({"query": "{" + "viewer {" * 15 + "role" + "}" * 16}, "QUERY_TOO_LARGE"),
        ({"query": "{a" * 25_000}, "QUERY_TOO_LARGE"),
        ({"query": "{ a(b: " + "[" * 49_000}, "QUERY_TOO_LARGE"),
        ({"query": "{a" * 25_001}, "QUERY_TOO_LARGE"),
        (
            b'{"query": "{ a }", "variables": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}",
            "QUERY_TOO_LARGE",
        ),
    ],
)
async def test_an_operation_that_may_not_run(client, request_, code):
    modern = await post(client, request_, accept=GRAPHQL)
    assert (modern.status_code, code_of(modern)) == (400, code)
    legacy = await post(client, request_, accept=JSON)
    assert (legacy.status_code, code_of(legacy)) == (200, code)


@pytest.mark.parametrize("document", ["", " \n", "\ufeff,"])
@pytest.mark.parametrize("media_type", [JSON, GRAPHQL])
async def test_an_empty_document_is_no_request(client, document, media_type):
    headers = {"accept": media_type}
    posted = await post(client, {"query": document}, **headers)
    got = await client.get("/graphql", params={"query": document}, headers=headers)
    for answer in (posted, got):
        assert (answer.status_code, code_of(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("digits", [41, 5_001])
@pytest.mark.parametrize(
    "document",
    [
        "{{ modules(first: {number}) {{ totalCount }} }}",
        "{{ modules(first: -{number}) {{ totalCount }} }}",
        "{{ modules(first: {number}.5) {{ totalCount }} }}",
        "{{ node(id: {number}) {{ id }} }}",
        "{{ nodes(ids: [{number}]) {{ id }} }}",
        "query ($first: Int = {number}) {{ modules(first: $first) {{ totalCount }} }}",
        "{{ viewer @skip(if: {number}) {{ role }} }}",
        "{{ accounts(filter: {{ name: {number} }}) {{ totalCount }} }}",
    ],
)
async def test_a_number_without_end_is_refused_in_our_words(client, document, digits):
    answer = await post(client, {"query": document.format(number="7" * digits)})
    (error,) = answer.json()["errors"]
    assert error["message"] == "A number may have 40 digits at most."
    assert error["extensions"] == {"code": "INVALID_INPUT", "most": 40}


async def test_a_number_without_end_in_a_variable_is_refused_in_our_words(client):
    query = "query ($first: Int) { modules(first: $first) { totalCount } }"
    body = f'{{"query": "{query}", "variables": {{"first": {"7" * 5_001}}}}}'.encode()
    answer = await post(client, body)
    assert (answer.status_code, code_of(answer)) == (400, "BAD_REQUEST")


async def test_a_misspelt_name_is_not_corrected(client):
    response = await post(client, {"query": "{ viewr { role } }"})
    assert response.json()["errors"][0]["message"] == (
        "Cannot query field 'viewr' on type 'Query'."
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"true",
        b"1",
        b"1e999",
        b"NaN",
        b'"{ viewer { role } }"',
        b"[]",
        b'[{"query": "{ viewer { role } }"}]',
        b"[1]",
        b"{}",
        b'{"query": null}',
        b'{"query": 1}',
        b'{"query": true}',
        b'{"query": ["{ viewer { role } }"]}',
        b'{"query": {"a": 1}}',
        b'{"query": "{ viewer { role } }"',
        b'{"query": "\\ud800"}',
        b'{"query": "\xff"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        *(
            b'{"query": "{ viewer { role } }", "%s": %s}' % (part, value)
            for part in (b"variables", b"extensions")
            for value in (b'"{}"', b"1", b"0", b"true", b"false", b"[]", b'""', b"1.5")
        ),
        *(
            b'{"query": "{ viewer { role } }", "operationName": %s}' % value
            for value in (b"1", b"0", b"true", b"false", b"[]", b"{}", b"1.5")
        ),
    ],
)
async def test_a_malformed_body_is_400(client, body):
    for accept in (JSON, GRAPHQL):
        response = await post(client, body, accept=accept)
        assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")
        assert response.headers["content-type"] == f"{accept}; charset=utf-8"


async def test_absent_and_null_parts_are_alike(client):
    parts = {"query": QUERY, "variables": None, "operationName": None, "extensions": None}
    assert answer_of(await post(client, parts)) == ANSWER
    assert answer_of(await post(client, {**parts, "operationName": "", "unknown": 1})) == ANSWER


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        GRAPHQL,
        "application/json; charset=latin-1",
        "application/jsonx",
    ],
)
async def test_another_content_type_is_415(client, content_type):
    response = await post(client, {"query": QUERY}, content_type=content_type)
    assert (response.status_code, code_of(response)) == (415, "BAD_REQUEST")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=UTF-8", 'Application/JSON;charset="utf-8"']
)
async def test_json_in_any_spelling_is_read(client, content_type):
    assert answer_of(await post(client, {"query": QUERY}, content_type=content_type)) == ANSWER


async def test_get_runs_queries(client):
    response = await client.get("/graphql", params={"query": QUERY})
    assert (response.status_code, answer_of(response)) == (200, ANSWER)
    parameters = {
        "query": "query A($name: String!) { __type(name: $name) { name } } query B { __typename }",
        "variables": '{"name": "Query"}',
        "operationName": "A",
        "extensions": "{}",
    }
    response = await client.get("/graphql", params=parameters)
    assert answer_of(response) == {"data": {"__type": {"name": "Query"}}}


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"query": QUERY, "variables": "x"},
        {"query": QUERY, "variables": "[]"},
        {"query": QUERY, "variables": '"{}"'},
        {"query": QUERY, "extensions": "1"},
        [("query", QUERY), ("query", QUERY)],
    ],
)
async def test_malformed_parameters_are_400(client, parameters):
    response = await client.get("/graphql", params=parameters)
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


async def test_get_runs_no_mutation(client):
    response = await client.get("/graphql", params={"query": "mutation { __typename }"})
    assert (response.status_code, code_of(response)) == (405, "BAD_REQUEST")
    assert response.headers["allow"] == "POST"
    both = {"query": f"query A {QUERY} mutation B {{ __typename }}", "operationName": "A"}
    assert answer_of(await client.get("/graphql", params=both)) == ANSWER


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW"])
async def test_other_methods_are_405(client, method):
    response = await client.request(method, "/graphql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("path", ["/graphql/", "/graphql/x", "/nothing", "/graphiql/../app.py"])
async def test_unknown_paths_are_404(client, path):
    response = await client.get(path)
    assert (response.status_code, code_of(response)) == (404, "NOT_FOUND")


async def test_the_body_is_limited_exactly(client):
    def body(size: int) -> bytes:
        head = b'{"query": "{ viewer { role } }", "extensions": {"a": "'
        return head + b"x" * (size - len(head) - 3) + b'"}}'

    async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(content), 1 << 16):
            yield content[start : start + (1 << 16)]

    assert answer_of(await post(client, body(MEBIBYTE))) == ANSWER
    response = await client.post(
        "/graphql", content=in_pieces(body(MEBIBYTE)), headers={"content-type": JSON}
    )
    assert answer_of(response) == ANSWER
    for content in (body(MEBIBYTE + 1), in_pieces(body(MEBIBYTE + 1))):
        response = await client.post("/graphql", content=content, headers={"content-type": JSON})
        assert (response.status_code, code_of(response)) == (413, "QUERY_TOO_LARGE")
        extensions = response.json()["errors"][0]["extensions"]
        assert extensions == {"code": "QUERY_TOO_LARGE", "limit": "body", "maximum": MEBIBYTE}


@pytest.mark.parametrize("length", ["x", "-1", "1" * 5_000])
async def test_a_length_that_is_none_is_413(client, length):
    response = await client.post(
        "/login", content=b"{}", headers={"content-type": JSON, "content-length": length}
    )
    assert (response.status_code, code_of(response)) == (413, "QUERY_TOO_LARGE")


async def test_every_answer_carries_the_security_headers(client):
    for path in ("/graphql", "/nothing", "/health"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"].startswith("default-src 'none'")


async def test_a_token_that_is_none_is_401(client):
    for header in ("Bearer unknown", "Bearer", "Basic abc", "x", "Bearer " + "x" * 5_000):
        response = await post(client, {"query": QUERY}, authorization=header)
        assert (response.status_code, code_of(response)) == (401, "UNAUTHENTICATED")
        assert response.headers["www-authenticate"] == "Bearer"


async def test_health_answers(client):
    response = await client.get("/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_without_a_database_health_is_503_and_so_is_a_token(addresses):
    gone = Addresses(
        *(
            address.set(host="127.0.0.1", port=1).difference_update_query(["host"])
            for address in addresses.each
        )
    )
    async with own_client(Settings(), gone) as client:
        health = await client.get("/health")
        assert (health.status_code, code_of(health)) == (503, "UNAVAILABLE")
        answer = await post(client, {"query": QUERY}, authorization="Bearer x")
        assert (answer.status_code, code_of(answer)) == (503, "UNAVAILABLE")
        assert answer.headers["retry-after"] == "5"


HTML = "text/html,application/xhtml+xml,*/*;q=0.8"


async def test_a_browser_gets_the_page_in_development(client):
    page = await client.get("/graphql", headers={"accept": HTML})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    asked = await client.get("/graphql", params={"query": QUERY}, headers={"accept": HTML})
    assert answer_of(asked) == ANSWER


async def test_in_production_there_is_no_page(addresses):
    settings = Settings(env=Environment.PRODUCTION, secret="s" * 32, hosts=("localhost",))
    async with own_client(settings, addresses) as client:
        assert (await client.get("/graphql", headers={"accept": HTML})).status_code == 400
        assert (await client.get("/graphiql/page.js")).status_code == 404


async def test_graphiql_comes_from_the_portal_alone(addresses, tmp_path):
    async with own_client(Settings(data=tmp_path), addresses) as client:
        page = await client.get("/graphql", headers={"accept": HTML})
        policy = page.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "https:" not in policy
        assert "<script>" not in page.text
        asked = re.findall(r'(?:href|src)="([^"]+)"', page.text)
        # An icon that is none, so that no browser looks for one.
        asked.remove("data:,")
        assert len(asked) == 6
        for name in asked:
            assert name.startswith("/graphiql/")
            file = await client.get(name)
            assert (file.status_code, len(file.content) > 100) == (200, True)
        assert (await client.get("/graphiql/package.json")).status_code == 404
        examples = (await client.get("/graphiql/examples.json")).json()
        roles = [example["role"] for example in examples]
        offer = "manager-offer"
        assert roles == ["anonymous", "customer", "employee", "manager", offer, "partner"]


LONG = "{ __schema { types { name description } } }"


async def test_an_answer_is_compressed_for_those_who_take_it(client):
    plain = await post(client, {"query": LONG}, accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["vary"]
    for header in ("gzip", "br, gzip;q=0.5", "*", "deflate;q=0, *;q=0.1"):
        small = await post(client, {"query": LONG}, accept_encoding=header)
        assert small.headers["content-encoding"] == "gzip"
        assert int(small.headers["content-length"]) < len(plain.content) / 2
        assert small.json()["data"] == plain.json()["data"]
    for header in ("gzip;q=0", "gzip;q=0, *", "br", "gzipped", ""):
        response = await post(client, {"query": LONG}, accept_encoding=header)
        assert "content-encoding" not in response.headers
    # Not worth it.
    response = await post(client, {"query": QUERY}, accept_encoding="gzip")
    assert "content-encoding" not in response.headers


async def test_a_large_answer_is_compressed_too(client):
    everything = get_introspection_query()
    small = await post(client, {"query": everything}, accept_encoding="gzip")
    plain = await post(client, {"query": everything}, accept_encoding="identity")
    assert len(plain.content) > 50_000
    assert small.headers["content-encoding"] == "gzip"
    assert small.json()["data"] == plain.json()["data"]


async def test_what_did_not_change_is_not_sent_again(client):
    first = await client.get("/graphql", params={"query": QUERY})
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    assert {"Accept", "Authorization"} <= set(first.headers["vary"].split(", "))
    for known in (tag, f'"x", {tag}', "*", tag.removeprefix("W/")):
        again = await client.get(
            "/graphql", params={"query": QUERY}, headers={"if-none-match": known}
        )
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await client.get(
        "/graphql", params={"query": "{ viewer { name } }"}, headers={"if-none-match": tag}
    )
    assert (other.status_code, other.json()["data"]) == (200, {"viewer": {"name": None}})
    modern = await client.get("/graphql", params={"query": QUERY}, headers={"accept": GRAPHQL})
    assert modern.headers["etag"] != tag


async def test_only_a_whole_answer_to_get_has_a_tag(client):
    assert "etag" not in (await post(client, {"query": QUERY})).headers
    for query in ("{", "{ nothing }", "{ accounts { totalCount } }"):
        response = await client.get("/graphql", params={"query": query})
        assert "etag" not in response.headers
        assert response.headers["cache-control"] == "no-store"


async def test_what_somebody_reads_stays_out_of_caches(client, world):
    headers = {"authorization": f"Bearer {world.tokens[Kind.OWNER]}"}
    first = await client.get("/graphql", params={"query": QUERY}, headers=headers)
    assert first.headers["cache-control"] == "no-store"
    headers["if-none-match"] = first.headers["etag"]
    again = await client.get("/graphql", params={"query": QUERY}, headers=headers)
    assert again.status_code == 304
