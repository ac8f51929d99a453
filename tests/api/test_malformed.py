"""Requests of every wrong shape: each gets its own 4xx, soon, and the log stays short."""

import gzip
import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.server import Server, serving

QUERY = "{ viewer { role } }"
JSON = "application/json"
# Of a client, in seconds: a machine may be busy.
PATIENCE = 120
GRAPHQL = "application/graphql-response+json"
VALUES: dict[str, Any] = {
    "true": True,
    "false": False,
    "zero": 0,
    "number": 1.5,
    "huge number": 10**400,
    "text": "{}",
    "list": [],
    "list of objects": [{}],
}


def bodies() -> Iterator[tuple[str, bytes, int]]:
    """Give what is no GraphQL request: a name, the bytes of the body, and its status."""
    for part in ("query", "variables", "operationName", "extensions"):
        for name, value in {**VALUES, "object": {}}.items():
            right = (part != "query" and value == {}) or (
                part == "operationName" and name == "text"
            )
            if part == "query" and name == "text":
                right = True
            if not right:
                sent = {"query": QUERY, part: value}
                yield f"{part} is {name}", json.dumps(sent).encode(), 400
    for name, value in VALUES.items():
        yield f"body is {name}", json.dumps(value).encode(), 400
        yield f"body is a list of {name}", json.dumps([value]).encode(), 400
    yield "a body too large", b'{"query": "' + b" " * (1 << 20) + b'"}', 413
    yield "body is null", b"null", 400
    yield "body is empty", b"", 400
    yield "body is a space", b" ", 400
    yield "no query", b"{}", 400
    yield "query is null", b'{"query": null}', 400
    yield "a batch", json.dumps([{"query": QUERY}] * 2).encode(), 400


def broken_json() -> Iterator[tuple[str, bytes, int]]:
    """Give bodies that are no JSON."""
    good = json.dumps({"query": QUERY}).encode()
    for name, content in {
        "cut": good[:-1],
        "two objects": good + good,
        "followed by a letter": good + b"x",
        "a comma too many": b'{"query": "{ a }",}',
        "single quotes": b"{'query': '{ a }'}",
        "a comment": b'{"query": "{ a }" /* x */}',
        "NaN": b'{"query": "{ a }", "variables": {"a": NaN}}',
        "Infinity": b'{"query": "{ a }", "variables": {"a": -Infinity}}',
        "a number without end": b'{"query": "{ a }", "variables": {"a": 1e999}}',
        "a leading zero": b'{"query": "{ a }", "variables": {"a": 01}}',
        "hexadecimal": b'{"query": "{ a }", "variables": {"a": 0x1}}',
        "a lone surrogate": b'{"query": "\\ud800"}',
        "half a pair": b'{"query": "\\udc00\\ud800"}',
        "a wrong escape": b'{"query": "\\x41"}',
        "a raw line end": b'{"query": "{\n a }"}',
        "a raw zero": b'{"query": "\x00"}',
        "Latin-1": '{"query": "{ é }"}'.encode("latin-1"),
        "UTF-16": good.decode().encode("utf-16"),
        "UTF-32": good.decode().encode("utf-32"),
        "a byte order mark": b"\xef\xbb\xbf" + good,
        "overlong UTF-8": b'{"query": "\xc0\x80"}',
        "UTF-8 cut": b'{"query": "\xe2\x82"}',
        "beyond Unicode": b'{"query": "\xf4\x90\x80\x80"}',
        "a surrogate in UTF-8": b'{"query": "\xed\xa0\x80"}',
        "zeros": bytes(1_000),
        "gzip": gzip.compress(good),
        "XML": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a/>",
        "a form": b"query=%7B+viewer+%7B+role+%7D+%7D",
        "GraphQL": QUERY.encode(),
        "lists without end": b"[" * 100_000,
        "objects without end": b'{"a":' * 100_000,
        "lists in variables": b'{"query": "{ a }", "variables": {"a": ' + b"[" * 100_000,
        "a list closed too often": b"]" * 1_000,
    }.items():
        yield f"JSON: {name}", content, 400


def documents() -> Iterator[tuple[str, bytes, int]]:
    """Give requests whose document cannot run, or whose variables do not fit."""
    for name, query in {
        "nothing": "",
        "blank": "   ",
        "a comment": "# nothing",
        "a word": "viewer",
        "unclosed": "{ viewer {",
        "closed too often": "{ viewer { role } } }",
        "empty selection": "{ }",
        "braces without end": "{a" * 20_000,
        "lists without end": "{ a(b: " + "[" * 40_000,
        "text without end": '{ a(b: "',
        "block without end": '{ a(b: """',
        "a zero": "{ a\x00 }",
        "an emoji": "{ \U0001f600 }",
        "a huge number": "{ a(b: " + "9" * 40_000 + ") }",
        "a wrong number": "{ a(b: 01) }",
        "an unknown field": "{ nothing }",
        "a type": "type A { b: Int }",
        "an unknown fragment": "{ ...F }",
        "a circle": "{ ...F } fragment F on Query { ...F }",
        "no operation": "fragment F on Query { viewer { role } }",
        "a subscription": "subscription { a }",
        "too long": "#" * 50_001,
        "too many tokens": "{ " + "a " * 2_000 + "}",
        "too many aliases": "{ " + " ".join(f"a{n}: viewer {{ role }}" for n in range(31)) + " }",
        "too deep": "{ a " * 13 + "}" * 13,
        "too many operations": " ".join(f"query Q{n} {{ viewer {{ role }} }}" for n in range(11)),
        "an unknown directive": "{ viewer @nothing { role } }",
        "a variable that nobody declared": "{ viewer @skip(if: $a) { role } }",
    }.items():
        yield f"document: {name}", json.dumps({"query": query}).encode(), 400
    needs = "query ($a: String!) { __type(name: $a) { name } }"
    for name, value in {**VALUES, "null": None, "object": {}}.items():
        if name not in {"text", "huge number"}:
            sent = {"query": needs, "variables": {"a": value}}
            yield f"variable is {name}", json.dumps(sent).encode(), 400
    yield (
        "variable is a huge number",
        (b'{"query": "%s", "variables": {"a": 1%s}}' % (needs.encode(), b"0" * 400)),
        400,
    )
    for name, value in {
        "deep": [[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]],
        "long": [0] * 251,
        "many": {str(n): n for n in range(10_001)},
    }.items():
        sent = {"query": QUERY, "variables": {"a": value}}
        yield f"variables are {name}", json.dumps(sent).encode(), 400


def requests() -> Iterator[tuple[str, bytes, int]]:
    """Give whole requests: a name, the bytes, and the status."""
    for name, body, status in (*bodies(), *broken_json(), *documents()):
        yield name, post(body), status
    yield from of_headers()
    yield from of_addresses()


def post(body: bytes, *headers: str, path: str = "/graphql", method: str = "POST") -> bytes:
    named = {line.partition(":")[0].lower() for line in headers}
    given = [
        "Host: localhost",
        *([] if "content-type" in named else [f"Content-Type: {JSON}"]),
        *([] if "accept" in named else [f"Accept: {GRAPHQL}"]),
        *(
            []
            if named & {"content-length", "transfer-encoding"}
            else [f"Content-Length: {len(body)}"]
        ),
        *headers,
        "Connection: close",
    ]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *given, "", ""]).encode("latin-1") + body


def of_headers() -> Iterator[tuple[str, bytes, int]]:
    """Give requests whose headers are wrong."""
    good = json.dumps({"query": QUERY}).encode()
    for kind in (
        "",
        "text/plain",
        "text/html",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/jsonx",
        "application/json; charset=utf-16",
        "application/json, text/plain",
        "json",
        "*/*",
        ";",
    ):
        yield f"media type {kind!r}", post(good, f"Content-Type: {kind}"), 415
    for accept in ("text/plain", "image/*", f"{JSON};q=0", "x", ",", f"{JSON};q=2"):
        yield f"accept {accept!r}", post(good, f"Accept: {accept}"), 406
    for token in ("Bearer", "Bearer x", "Basic YTpi", "x", "Bearer " + "x" * 5_000, "Bearer a b"):
        yield f"token {token[:20]!r}", post(good, f"Authorization: {token}"), 401
    for length in ("-1", "x", "1e3", "99999999999999999999", "0x10", "1 1"):
        yield f"length {length}", post(good, f"Content-Length: {length}"), 400


def of_addresses() -> Iterator[tuple[str, bytes, int]]:
    """Give requests whose method, path or first line is wrong."""
    good = json.dumps({"query": QUERY}).encode()
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"):
        yield f"method {method}", post(b"", method=method), 405
    for method in ("BREW", "get", "\x00", "G ET", "CONNECT"):
        yield f"method {method!r}", post(b"", method=method), 400
    for method, path in (
        ("PUT", "/login"),
        ("POST", "/"),
        ("PUT", "/logout"),
        ("DELETE", "/health"),
    ):
        yield f"method {method} of {path}", post(b"", path=path, method=method), 405
    for path in ("/graphql/", "/%2e%2e/etc/passwd", "/graphql%00", "//graphql", "/GRAPHQL"):
        yield f"path {path}", post(good, path=path), 404
    for query in (
        "",
        "?query=",
        "?query=%7B",
        "?query=%FF%FE",
        "?query=a&query=b",
        "?query=%7Bviewer%7Brole%7D%7D&variables=x",
        "?query=%7Bviewer%7Brole%7D%7D&variables=[]",
        "?query=%7Bviewer%7Brole%7D%7D&extensions=1",
        "?" + "a=b&" * 5_000,
    ):
        yield f"parameters {query[:40]!r}", post(b"", path=f"/graphql{query}", method="GET"), 400
    yield "a mutation by GET", post(b"", path="/graphql?query=mutation%7Ba%7D", method="GET"), 400
    yield "a header too large", post(good, "X-Large: " + "x" * 70_000), 431
    yield "too many headers", post(good, *(f"X-{n}: {'x' * 50}" for n in range(1_500))), 431
    yield "a header without a name", post(good, ": x"), 400
    yield "a header with a zero", post(good, "X-Zero: a\x00b"), 400
    yield "two lengths", post(good, f"Content-Length: {len(good)}", "Content-Length: 1"), 400
    yield "a length and pieces", post(good, "Content-Length: 5", "Transfer-Encoding: chunked"), 400
    yield "pieces that are none", post(b"xyz\r\n", "Transfer-Encoding: chunked"), 400
    yield "another version", b"POST /graphql HTTP/9.9\r\nHost: a\r\n\r\n", 400
    yield "no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400
    yield "nothing of HTTP", b"hello\r\n\r\n", 400
    for body in (b"", b"[]", b"{}", b'{"email": 1, "password": "x"}', b'{"email": "a"}', b"\xff"):
        yield f"login {body!r}", post(body, path="/login"), 400
    yield "login as text", post(b"{}", "Content-Type: text/plain", path="/login"), 415
    yield "logout of nobody", post(b"", path="/logout"), 401


@pytest.fixture(scope="module")
def server(addresses, tmp_path_factory) -> Iterator[Server]:
    with serving(addresses, tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture(scope="module")
def impatient(addresses, tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("impatient")
    with serving(addresses, folder, limit_header_seconds=1.5, limit_body_seconds=1) as server:
        yield server


def status_of(server: Server, request: bytes) -> tuple[int, bytes]:
    """Send bytes and read to the end; gives the status and the body."""
    answer = b""
    with socket.create_connection(server.place, timeout=PATIENCE) as connection:
        try:
            connection.sendall(request)
            while piece := connection.recv(1 << 16):
                answer += piece
        except ConnectionError:
            # It answers before it has read everything, and then does not read on.
            pass
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]) if head else 0, body


def test_every_malformed_request_has_its_own_answer(server):
    wrong = []
    count = 0
    for name, request, expected in requests():
        count += 1
        status, body = status_of(server, request)
        told = {"errors"} if name == "method HEAD" or status == 431 else set(json.loads(body))
        if status != expected or told != {"errors"} or b"Traceback" in body:
            wrong.append((name, expected, status, body[:200]))
    assert wrong == []
    assert count >= 150
    answer = httpx.post(f"{server.address}/graphql", json={"query": QUERY})
    assert answer.json()["data"] == {"viewer": {"role": "ANONYMOUS"}}
    assert server.log.read_text() == ""


def test_the_header_is_limited_exactly(server):
    def request(size: int) -> bytes:
        given = {"Host": "a", "Connection": "close", "X": ""}
        counted = len("/health") + sum(len(name) + len(value) + 4 for name, value in given.items())
        given["X"] = "x" * (size - counted)
        lines = [f"{name}: {value}" for name, value in given.items()]
        return "\r\n".join(["GET /health HTTP/1.1", *lines, "", ""]).encode()

    assert status_of(server, request(1 << 16))[0] == 200
    assert status_of(server, request((1 << 16) + 1))[0] == 431


def test_a_header_that_does_not_arrive_ends_the_connection(impatient):
    whole = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
    for sent, again in ((b"", b""), (b"GET /health HTTP/1.1\r\nX: ", b"x"), (whole, b"GET ")):
        with socket.create_connection(
            ("127.0.0.1", impatient.port), timeout=PATIENCE
        ) as connection:
            connection.sendall(sent)
            if sent == whole:
                assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200")
            ended(connection, again)


def begun_body(path: str = "/graphql") -> bytes:
    """Give a request whose body has only begun."""
    given = (
        "Host: localhost",
        "Accept-Language: nl",
        f"Content-Type: {JSON}",
        "Content-Length: 99",
    )
    return "\r\n".join([f"POST {path} HTTP/1.1", *given, "", "{"]).encode()


@pytest.mark.parametrize("path", ["/graphql", "/login"])
def test_a_body_that_does_not_arrive_is_408(impatient, path):
    with socket.create_connection(impatient.place, timeout=PATIENCE) as connection:
        connection.sendall(begun_body(path))
        answer = b""
        while piece := connection.recv(1 << 16):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *headers = head.decode().split("\r\n")
    assert status == "HTTP/1.1 408 Request Timeout"
    assert {"connection: close", f"content-length: {len(body)}"} < set(headers)
    assert json.loads(body) == {
        "errors": [
            {
                "message": "De inhoud van het verzoek is niet binnen 1 seconde aangekomen.",
                "extensions": {"seconds": 1, "code": "TIMEOUT"},
            }
        ]
    }


def test_a_body_that_never_ends_is_waited_for_once(impatient):
    with socket.create_connection(impatient.place, timeout=PATIENCE) as connection:
        connection.sendall(begun_body())
        ended(connection, b" ")


def test_a_body_that_nobody_reads_gets_no_second_answer(impatient):
    with socket.create_connection(impatient.place, timeout=PATIENCE) as connection:
        connection.sendall(begun_body("/nothing"))
        answer = b""
        while piece := connection.recv(1 << 16):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert answer.count(b"HTTP/1.1") == 1


def ended(connection: socket.socket, piece: bytes) -> None:
    """Send a piece every now and then until the other side ends the connection."""
    connection.settimeout(0.1)
    while True:
        try:
            connection.sendall(piece)
            if not connection.recv(1 << 16):
                return
        except TimeoutError:
            continue
        except ConnectionError:
            return
