"""What leaves is byte for byte what uvicorn would send, in fewer pieces."""

import asyncio
import logging

import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from portal.web.door.sending import sending

DATE = (b"date", b"Mon, 23 Nov 2026 12:00:00 GMT")
JSON = (b"content-type", b"application/json")


class Wire(asyncio.Transport):
    """Keeps what is written to it."""

    def __init__(self):
        super().__init__()
        self.pieces = []
        self.is_closed = False

    def write(self, data):
        self.pieces.append(bytes(data))

    def is_closing(self):
        return self.is_closed

    def close(self):
        self.is_closed = True


def start(*headers, status=200):
    return {"type": "http.response.start", "status": status, "headers": [JSON, *headers]}


def body(data=b"", *, more=False):
    return {"type": "http.response.body", "body": data, "more_body": more}


def length(number):
    return (b"content-length", b"%d" % number)


async def sent(messages, way, method="POST", *, keep_alive=True, paused=False):
    """Give what a cycle writes for an application that sends messages, and what became of it."""
    wire = Wire()
    flow = FlowControl(wire)
    answered = []
    cycle = RequestResponseCycle(
        scope={"type": "http", "method": method},
        transport=wire,
        flow=flow,
        logger=logging.getLogger("silent"),
        access_logger=logging.getLogger("silent"),
        access_log=False,
        default_headers=[DATE],
        message_event=asyncio.Event(),
        expect_100_continue=True,
        keep_alive=keep_alive,
        on_response=lambda: answered.append(True),
    )
    failures = []

    async def app(scope, receive, send):
        try:
            for message in messages:
                await send(dict(message))
        except RuntimeError as failure:
            failures.append(str(failure))
            raise

    if paused:
        flow.pause_writing()
        asyncio.get_running_loop().call_soon(flow.resume_writing)
    await cycle.run_asgi(way(app, cycle))
    return wire.pieces, (
        b"".join(wire.pieces),
        wire.is_closed,
        cycle.response_started,
        cycle.response_complete,
        cycle.waiting_for_100_continue,
        cycle.message_event.is_set(),
        answered,
        failures,
    )


def as_uvicorn(app, cycle):
    return app


WHOLE = [start(length(2)), body(b"{}")]
MESSAGES = {
    "whole": WHOLE,
    "without a body": [start(length(0)), body()],
    "an error": [start(length(2), status=503), body(b"{}")],
    "a name in capitals": [start((b"X-Name", b"v"), length(2)), body(b"{}")],
    "no length": [start(), body(b"{}")],
    "nothing to send": [{**start(), "status": 304, "headers": []}, body()],
    "in pieces": [start(length(4)), body(b"{}", more=True), body(b"{}")],
    "in pieces of no length": [start(), body(b"{}", more=True), body(b"{}")],
    "too long": [start(length(1)), body(b"{}")],
    "too short": [start(length(3)), body(b"{}")],
    "closing": [start(length(2), (b"connection", b"close")), body(b"{}")],
    "chunked": [start((b"transfer-encoding", b"chunked")), body(b"{}")],
    "a line break in a value": [start((b"x-name", b"a\r\nb: c"), length(2)), body(b"{}")],
    "a line break in a name": [start((b"x\r\nname", b"a"), length(2)), body(b"{}")],
    "more than an answer": [*WHOLE, body(b"{}")],
    "a second answer": [*WHOLE, *WHOLE],
    "a body alone": [body(b"{}")],
    "a start alone": [start(length(2))],
    "two starts": [start(length(0)), start(length(0)), body()],
    "nothing": [],
}


@pytest.mark.parametrize("keep_alive", [True, False])
@pytest.mark.parametrize("method", ["POST", "HEAD"])
@pytest.mark.parametrize("name", sorted(MESSAGES.keys() - {"a start alone"}))
async def test_it_is_what_uvicorn_sends(name, method, keep_alive):
    messages = MESSAGES[name]
    _, here = await sent(messages, sending, method, keep_alive=keep_alive)
    _, there = await sent(messages, as_uvicorn, method, keep_alive=keep_alive)
    assert here == there


@pytest.mark.parametrize("name", ["whole", "without a body", "an error", "a name in capitals"])
async def test_a_whole_answer_is_one_piece(name):
    pieces, _ = await sent(MESSAGES[name], sending)
    assert len(pieces) == 1


async def test_a_start_that_nothing_follows_is_an_error():
    _, (written, *_) = await sent(MESSAGES["a start alone"], sending)
    assert written.startswith(b"HTTP/1.1 500 ")


async def test_it_waits_for_a_client_that_does_not_read():
    _, here = await sent(WHOLE, sending, paused=True)
    _, there = await sent(WHOLE, as_uvicorn, paused=True)
    assert here == there
    assert here[0].endswith(b"\r\n\r\n{}")


async def test_nobody_is_sent_anything_who_has_gone():
    def gone(app, cycle):
        cycle.disconnected = True
        return sending(app, cycle)

    pieces, _ = await sent(WHOLE, gone)
    assert not pieces
