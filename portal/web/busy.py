"""What is too much is refused by its header, before it has a task, a body or a turn to wait for."""

import asyncio
from functools import lru_cache

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from portal.errors import Unavailable
from portal.messages import language_of
from portal.viewer import Language
from portal.web.answer import failure_answer
from portal.web.door import Door
from portal.web.gate import BUSY
from portal.web.headers import with_security

# Most wait for nothing; to close them would make their clients open others, which costs more.
MOST_CONNECTIONS = 4000
_LONGEST_LANGUAGE = 200
_HEALTH = b"/health"
_SIMPLE = (b"POST /graphql HTTP/1.1\r\n", b"POST /login HTTP/1.1\r\n")
# What makes a request more than a header and a body of one length.
_NOT_SIMPLE = (
    b"transfer-encoding",
    b"expect",
    b"connection",
    b"upgrade",
    b"origin",
)
# What takes a place.
_GUARDED = {b"/graphql", b"/login"}


class SheddingProtocol(HttpToolsProtocol):
    """HTTP that answers 503 by itself to what will not be served, and reads on behind it.

    A connection beyond the most gets one, too, and is closed. What is pipelined behind an answer
    under way goes to the gate, so that answers keep their order.
    """

    door: Door
    _is_surplus = False
    _is_refused = False
    # No request has begun to arrive.
    _is_between = False

    @property
    def language(self) -> Language:
        """The language that the latest request asks for."""
        return language_of(self._accepted_languages().decode("latin-1"))

    @property
    def is_unanswered(self) -> bool:
        """Whether an answer to the latest request would be the next thing that is written."""
        return not (self._is_refused or self.cycle.response_started or self.pipeline)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See whether it is one too many."""
        super().connection_made(transport)  # type: ignore[arg-type]  # as uvicorn narrows it
        self._is_surplus = len(self.connections) > MOST_CONNECTIONS

    def data_received(self, data: bytes) -> None:
        """Refuse a whole plain request without parsing it; hand on everything else."""
        if (
            self._is_between
            and (self.cycle is None or self.cycle.response_complete)
            and not self.door.room
            and data.startswith(_SIMPLE)
            and (language := _language_of_simple(data)) is not None
        ):
            self._write_busy(language, keeps=True)
            self._wait_for_next()
        else:
            super().data_received(data)

    def on_message_begin(self) -> None:
        """Forget what became of the request before."""
        self._unset_keepalive_if_required()
        self._is_refused = self._is_between = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Refuse the request, or begin it."""
        self._is_refused = self._is_too_much()
        if self._is_refused:
            self._refuse()
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Drop the body of what was refused."""
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the next request behind one that was refused."""
        self._is_between = True
        if not self._is_refused:
            super().on_message_complete()
            return
        self._wait_for_next()

    def _is_too_much(self) -> bool:
        if self.cycle is not None and not self.cycle.response_complete:
            return False
        path = self.url.partition(b"?")[0]
        if self._is_surplus and path != _HEALTH:
            return True
        return (
            path in _GUARDED
            and self.parser.get_method() in {b"GET", b"POST"}
            and not self.door.has_room()
            and self.door.answers(self._header(b"origin"))
        )

    def _refuse(self) -> None:
        if self.transport.is_closing():
            return
        keeps = (
            not self._is_surplus
            and self.parser.should_keep_alive()
            and not self.parser.should_upgrade()
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
            self.transport.write(_busy(language, keeps))

    def _wait_for_next(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def _header(self, wanted: bytes) -> bytes | None:
        return next((value for name, value in self.headers if name == wanted), None)

    def _accepted_languages(self) -> bytes:
        return (self._header(b"accept-language") or b"")[:_LONGEST_LANGUAGE]


def _language_of_simple(data: bytes) -> bytes | None:
    """Give what a whole plain request accepts as languages; None where it is anything else."""
    head, _, body = data.partition(b"\r\n\r\n")
    head = head.lower()
    _, found, rest = head.partition(b"\r\ncontent-length: ")
    # Two lengths, however they are written, are for the parser to refuse.
    if not found or head.count(b"content-length") > 1 or any(one in head for one in _NOT_SIMPLE):
        return None
    if rest.partition(b"\r\n")[0] != b"%d" % len(body):
        return None
    return head.partition(b"\r\naccept-language: ")[2].partition(b"\r\n")[0][:_LONGEST_LANGUAGE]


@lru_cache(64)
def _busy(accept_language: bytes, keeps: bool) -> bytes:
    """Give the whole answer, the same that the gate's refusal becomes."""
    language = language_of(accept_language.decode("latin-1"))
    answer = failure_answer(Unavailable(BUSY, seconds=1), language, "")
    if not keeps:
        answer.headers["Connection"] = "close"
    return written(answer)


def written(answer: Response) -> bytes:
    """Give an answer as it is sent."""
    headers = with_security(answer.raw_headers)
    lines = [STATUS_LINE[answer.status_code].rstrip()]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"", bytes(answer.body)])
