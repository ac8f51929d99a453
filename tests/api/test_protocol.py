"""What a server answers on a socket: wishes for another protocol, unknown paths, and no HTTP."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn

from portal.settings.settings import Settings
from portal.web.door.server import configuration

QUERY = b'{"query": "{ viewer { role } }"}'
ANSWER = {"viewer": {"role": "ANONYMOUS"}}


@pytest.fixture(scope="module")
async def port(addresses, tmp_path_factory) -> AsyncIterator[int]:
    """Serve on a port, in this process."""
    settings = Settings(data=tmp_path_factory.mktemp("data"), queue_seconds=60)
    server = uvicorn.Server(configuration(settings, addresses))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        task = asyncio.create_task(server.serve([listening]))
        while not server.started:
            assert not task.done()
            await asyncio.sleep(0.01)
        yield listening.getsockname()[1]
        server.should_exit = True
        await task


def as_java(body: bytes, *headers: str, length: str | None = None) -> bytes:
    """Give the bytes that Java's HttpClient sends first, its header before its body."""
    lines = [
        "POST /graphql HTTP/1.1",
        "Connection: Upgrade, HTTP2-Settings",
        length or f"Content-Length: {len(body)}",
        "Host: localhost:8000",
        "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
        "Upgrade: h2c",
        "User-Agent: Java-http-client/17.0.15",
        "Content-Type: application/json",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def answer_on(stream: asyncio.StreamReader):
    """Give status, headers and body of the next answer."""
    head = await asyncio.wait_for(stream.readuntil(b"\r\n\r\n"), 60)
    status, *lines = head.decode().lower().splitlines()[:-1]
    headers = dict(line.split(": ", 1) for line in lines)
    body = await stream.readexactly(int(headers["content-length"]))
    return int(status.split()[1]), headers, json.loads(body) if body else None


def pieces_of(request: bytes, size: int) -> list[bytes]:
    """Cut a request."""
    return [request[start : start + size] for start in range(0, len(request), size)]


async def test_a_wish_for_http2_is_passed_over_and_the_connection_stays(port):
    whole = as_java(QUERY)
    plain = b"GET /live HTTP/1.1\r\n\r\n"
    ways = ([whole], pieces_of(whole, len(whole) - len(QUERY)), pieces_of(whole, 7))
    stream, writer = await asyncio.open_connection("127.0.0.1", port)
    for pieces in ways:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            # Each arrives by itself.
            await asyncio.sleep(0.001)
        status, headers, answer = await answer_on(stream)
        assert (status, answer["data"]) == (200, ANSWER)
        assert not {"upgrade", "connection"} & set(headers)
    writer.write(whole + whole + plain)
    assert [(await answer_on(stream))[0] for _ in range(2)] == [200, 200]
    assert (await answer_on(stream))[0] in {200, 404}
    writer.close()


async def test_what_is_wrong_beside_the_wish_is_refused_as_ever(port):
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(QUERY), QUERY)
    for request, expected in (
        (as_java(chunked, length="Transfer-Encoding: chunked"), 200),
        (as_java(chunked, "Transfer-Encoding: chunked", length="Content-Length: 3"), 400),
        (as_java(QUERY, "Content-Length: 1"), 400),
        (as_java(b"xyz\r\n", length="Transfer-Encoding: chunked"), 400),
        (as_java(b"", "X-Large: " + "x" * 70_000), 431),
        (as_java(b"").replace(b"POST /graphql", b"CONNECT localhost:8000"), 400),
    ):
        stream, writer = await asyncio.open_connection("127.0.0.1", port)
        for piece in pieces_of(request, 9_000):
            writer.write(piece)
            await asyncio.sleep(0.001)
        assert (await answer_on(stream))[0] == expected
        writer.close()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not there")
async def test_curl_is_answered_that_asks_for_http2(port):
    address, kind = f"http://127.0.0.1:{port}/graphql", "content-type: application/json"
    curl = await asyncio.create_subprocess_exec(
        *("curl", "--silent", "--http2", address, "-H", kind, "--data-binary", QUERY),
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await curl.communicate()
    assert json.loads(printed)["data"] == ANSWER


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/nothing"),
        ("PUT", "/logout"),
        ("PUT", "/graphql"),
    ],
)
async def test_a_served_portal_answers_as_in_this_process(client, port, method, path):
    headers = {"accept-language": "nl", "host": "localhost"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as outside:
        served = await outside.request(method, path, headers=headers)
    within = await client.request(method, path, headers=headers)
    assert served.status_code == within.status_code in {404, 405}
    assert served.json() == within.json()
    ours = {name: value for name, value in served.headers.items() if name != "date"}
    assert ours == dict(within.headers)


async def test_what_cannot_be_read_is_refused_in_our_words(port):
    for request in (b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01"):
        stream, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        status, headers, answer = await answer_on(stream)
        assert (status, headers["connection"]) == (400, "close")
        error = {"message": "This is no request in HTTP.", "extensions": {"code": "BAD_REQUEST"}}
        assert answer == {"errors": [error]}
        assert await stream.read() == b""
        writer.close()


async def test_what_cannot_be_read_waits_for_the_answer_before_it(port):
    stream, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(as_java(QUERY) + b"hello\r\n\r\n")
    status, _, answer = await answer_on(stream)
    assert (status, answer["data"]) == (200, ANSWER)
    assert await stream.read() == b""
    writer.close()
