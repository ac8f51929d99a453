"""HTTP/1.1 protocol: a connection as uvicorn serves it, with deadlines, limits and admission."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httptools
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from portal.errors import BadRequest, TimedOut
from portal.language.phrase import Seconds
from portal.login.network import network_of
from portal.settings.limits import Limits
from portal.viewer import Language
from portal.web.answer import failure_answer
from portal.web.door.admission import Admission
from portal.web.door.busy import LONGEST_LANGUAGE, busy, language_of_simple, written
from portal.web.door.declined_upgrade import without_upgrade
from portal.web.door.negotiation import language_of
from portal.web.door.sending import sending

# Most wait for nothing; to close them would make their clients open others, which costs more.
MOST_CONNECTIONS = 4000
_HEALTH = {b"/health", b"/live"}
_OPERATIONS = b"/graphql"
_HEADER_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class Protocol(HttpToolsProtocol):
    """One connection: its requests must arrive in time, and find admission open.

    What is too much gets 503 from here, before it has a task, a body or a turn to wait for, and
    its connection reads on behind it. A connection beyond the most gets one, too, and is closed.
    What is pipelined behind an answer under way goes to the limiter: answers keep their order.
    """

    # Of each path whose requests take places.
    admissions: Mapping[bytes, Admission]
    limits = Limits()

    _is_surplus = False
    # None where a proxy names it.
    _network: str | None = None
    # Of the latest request, answered from here.
    _is_refused = False
    # No request has begun to arrive.
    _is_between = False
    _in_header = _in_body = False
    # Runs while a part that has begun is not complete, and before the first one has begun.
    _timer: asyncio.TimerHandle | None = None
    # What arrived at most before the header was complete, and what of it came last.
    _arrived = _newest = 0

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the clock with the connection, and see whether it is one too many."""
        super().connection_made(transport)  # type: ignore[arg-type]  # as uvicorn narrows it
        self._is_surplus = len(self.connections) > MOST_CONNECTIONS
        if self.client is not None and not self.config.proxy_headers:
            self._network = network_of(self.client[0])
        self._timer = self.loop.call_later(self.limits.header_seconds, self._give_up)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop_clock()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        """Count what arrives before the header is complete, and wait for the rest.

        A whole plain request that is too much is refused without parsing it.
        """
        operations = self.admissions[_OPERATIONS]
        if self._is_between and self._may_write and operations.is_closed(self._network):
            language = language_of_simple(data)
            if language is not None:
                self._write_busy(language, keeps=True)
                self._wait_for_next()
                return
        self._arrived += len(data)
        self._newest = len(data)
        self._parse(data)
        if self._in_header and self._arrived > self.limits.header_bytes:
            self._refuse_header()
        elif self._timer is None and (self._in_header or self._in_body):
            limits = self.limits
            seconds = limits.header_seconds if self._in_header else limits.body_seconds
            self._timer = self.loop.call_later(seconds, self._give_up)

    @override
    def on_message_begin(self) -> None:
        """Forget what became of the request before, and count anew."""
        self._unset_keepalive_if_required()
        self._stop_clock()
        self._is_refused = self._is_between = False
        self._in_header = True
        # The end of another request may stand before it.
        self._arrived = self._newest
        super().on_message_begin()

    @override
    def on_headers_complete(self) -> None:
        """Refuse the request, or begin it."""
        if self.parser.should_upgrade():
            return
        self._in_header, self._in_body = False, True
        self._stop_clock()
        if self._arrived > self.limits.header_bytes and self._has_large_header():
            self._is_refused = True
            self._refuse_header()
        elif self._is_too_much():
            self._is_refused = True
            self._refuse()
        else:
            super().on_headers_complete()

    @override
    def on_body(self, body: bytes) -> None:
        """Drop the body of what was refused."""
        if not self._is_refused:
            super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        """Wait for the next request behind one that was refused."""
        if self.parser.should_upgrade():
            return
        self._in_body = False
        self._is_between = True
        self._stop_clock()
        if self._is_refused:
            self._wait_for_next()
        else:
            super().on_message_complete()

    def _parse(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        rest = memoryview(data)
        try:
            while rest:
                try:
                    self.parser.feed_data(rest)
                except httptools.HttpParserUpgrade as wish:
                    (read,) = wish.args
                    rest = rest[read:]
                    self._pass_over(self.parser)
                else:
                    return
        except httptools.HttpParserError:
            self._refuse_malformed()

    def _pass_over(self, wishing: httptools.HttpRequestParser) -> None:
        """Read the header anew, without the wish for another protocol."""
        method, version = wishing.get_method(), wishing.get_http_version()
        if method == b"CONNECT":
            # To be a proxy is no other protocol, and no wish.
            raise httptools.HttpParserError(method)
        self._newest = self._arrived
        self.parser = httptools.HttpRequestParser(self)
        # As uvicorn makes it.
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parser.feed_data(without_upgrade(method, self.url, version, self.headers))

    def _refuse_malformed(self) -> None:
        """Say that this cannot be read; only after the answers to what came before it."""
        self._stop_clock()
        if not (self._may_write or self._may_answer_body):
            self.cycle.keep_alive = False
            return
        if not self.transport.is_closing():
            answer = failure_answer(BadRequest("This is no request in HTTP."), self._language, "")
            answer.headers["Connection"] = "close"
            self.transport.write(written(answer))
            self.transport.close()

    @override
    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        super()._start_asgi_task(cycle, sending(app, cycle))

    @property
    def _may_write(self) -> bool:
        """Whether no answer is under way that another one would overtake."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def _may_answer_body(self) -> bool:
        """Whether the request whose body arrives is the next to be answered, and waits for it."""
        is_next = not (self._is_refused or self.pipeline)
        return self._in_body and is_next and not self.cycle.response_started

    def _has_large_header(self) -> bool:
        # What came together with it may be a body; each field has four characters around it.
        fields = sum(len(name) + len(value) + 4 for name, value in self.headers)
        return len(self.url) + fields > self.limits.header_bytes

    def _refuse_header(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_HEADER_TOO_LARGE)
            self.transport.close()

    def _is_too_much(self) -> bool:
        if not self._may_write:
            return False
        path = self.url.partition(b"?")[0]
        if self._is_surplus and path not in _HEALTH:
            return True
        admission = self.admissions.get(path)
        return (
            admission is not None
            and self.parser.get_method() in {b"GET", b"POST"}
            and not admission.let_in(self._network)
            and admission.answers(self._header(b"origin"))
        )

    def _refuse(self) -> None:
        if self.transport.is_closing():
            return
        keeps = (
            not self._is_surplus
            and self.parser.should_keep_alive()
            # It may or may not send the body that was announced.
            and not self.expect_100_continue
            and self.parser.get_http_version() == "1.1"
        )
        self._write_busy(self._accepted_languages(), keeps=keeps)
        if not keeps:
            self.transport.close()

    def _write_busy(self, language: bytes, *, keeps: bool) -> None:
        if self.flow.write_paused:
            # Whoever asks and does not read would fill the memory with answers.
            self.transport.abort()
        else:
            self.transport.write(busy(language, keeps=keeps))

    def _wait_for_next(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def _stop_clock(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        """Close a connection whose request is late; say so where the body is, and nothing else."""
        self._timer = None
        if self.transport.is_closing():
            return
        if self._may_answer_body:
            seconds = Seconds(self.limits.body_seconds)
            late = TimedOut("The body did not arrive within {seconds}.", seconds=seconds)
            self.transport.write(written(failure_answer(late, self._language, "")))
        self.transport.close()

    @property
    def _language(self) -> Language:
        return language_of(self._accepted_languages().decode("latin-1"))

    def _accepted_languages(self) -> bytes:
        return (self._header(b"accept-language") or b"")[:LONGEST_LANGUAGE]

    def _header(self, wanted: bytes) -> bytes | None:
        return next((value for name, value in self.headers or () if name == wanted), None)
