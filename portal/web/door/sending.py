"""Response writer: a whole answer leaves in one piece, each line of its header checked once."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    RequestResponseCycle,
)

from portal.web.door.headers import Pair

# Uvicorn and Starlette have types of their own for the same messages.
_App = Callable[[Any, Any, Any], Awaitable[None]]
# By these uvicorn decides where an answer ends, and whether its connection stays.
_FRAMING = {b"connection", b"transfer-encoding"}


def sending(app: _App, cycle: RequestResponseCycle) -> _App:
    """Give the application as it is for one request: with another way to send its answer."""

    def serve(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return app(scope, receive, _Sender(cycle, send))

    return serve


class _Sender:
    """Writes an answer that comes whole; leaves every other to uvicorn, message by message."""

    def __init__(self, cycle: RequestResponseCycle, send: Send) -> None:
        self._cycle = cycle
        self._send = send
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        """Take a message of ASGI; the first one waits for the second."""
        start, self._start = self._start, None
        if start is None:
            if message["type"] == "http.response.start" and not self._cycle.response_started:
                self._start = message
            else:
                await self._send(message)
        elif (written := self._written(start, message)) is not None:
            if self._cycle.flow.write_paused and not self._cycle.disconnected:
                await self._cycle.flow.drain()
            self._write(written)
        else:
            await self._send(start)
            await self._send(message)

    def _written(self, start: Message, message: Message) -> bytes | None:
        """Give an answer as it is written; None where it is more than a header and a body."""
        cycle = self._cycle
        if message["type"] != "http.response.body" or message.get("more_body"):
            return None
        if not cycle.keep_alive or cycle.scope["method"] == "HEAD":
            return None
        body: bytes = message.get("body", b"")
        pairs = [*cycle.default_headers, *start["headers"]]
        lines = list(map(_line, pairs))
        if not all(lines) or (b"content-length", b"%d" % len(body)) not in pairs:
            return None
        return b"".join([STATUS_LINE[start["status"]], *lines, b"\r\n", body])

    def _write(self, written: bytes) -> None:
        cycle = self._cycle
        if cycle.disconnected:
            return
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        cycle.transport.write(written)
        cycle.message_event.set()
        cycle.on_response()


@lru_cache(1_000)
def _line(pair: Pair) -> bytes:
    """Give a line of a header; an empty one for what uvicorn has to look at."""
    name, value = pair
    name = name.lower()
    if name in _FRAMING or HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        return b""
    return name + b": " + value + b"\r\n"
