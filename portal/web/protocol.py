"""How long a request may take to arrive, and how much header it may have."""

import asyncio

from portal.errors import TimedOut
from portal.limits import Limits
from portal.web.answer import failure_answer
from portal.web.shedding import SheddingProtocol, written

_HEADER_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class PatientProtocol(SheddingProtocol):
    """HTTP whose header must arrive in time and within a size, and whose body in time."""

    limits = Limits()

    # Runs while a part that has begun is not complete, and before the first one has begun.
    _timer: asyncio.TimerHandle | None = None
    _in_header = _in_body = False
    # What arrived at most before the header was complete, and what of it is understood.
    _arrived = _newest = 0
    _header_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the clock with the connection."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(self.limits.header_seconds, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Count what arrives before the header is complete, and wait for the rest."""
        self._arrived += len(data)
        self._newest = len(data)
        super().data_received(data)
        if self._in_header and self._arrived > self.limits.header_bytes:
            self._refuse_header()
        elif self._timer is None and (self._in_header or self._in_body):
            limits = self.limits
            seconds = limits.header_seconds if self._in_header else limits.body_seconds
            self._timer = self.loop.call_later(seconds, self._give_up)

    def on_message_begin(self) -> None:
        """Count anew with each further request of the connection."""
        super().on_message_begin()
        # The end of another request may stand before it.
        self._arrived = self._newest
        self._in_header, self._header_bytes = True, 0
        self._stop_clock()

    def on_headers_complete(self) -> None:
        """Stop the clock, and count what may have come together with a body."""
        self._in_header, self._in_body = False, True
        self._stop_clock()
        if self._arrived > self.limits.header_bytes:
            # A header has four characters around it.
            fields = sum(len(name) + len(value) + 4 for name, value in self.headers)
            self._header_bytes = len(self.url) + fields
            if self._header_bytes > self.limits.header_bytes:
                self._refuse_header()
                return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, but for a request that was refused by its header."""
        if self._header_bytes <= self.limits.header_bytes:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End the request, but for one that was refused by its header."""
        self._in_body = False
        self._stop_clock()
        if self._header_bytes <= self.limits.header_bytes:
            super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop_clock()
        super().connection_lost(exc)

    def _stop_clock(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse_header(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_HEADER_TOO_LARGE)
            self.transport.close()

    def _give_up(self) -> None:
        self._timer = None
        if self.transport.is_closing():
            return
        if self._in_body and self.is_unanswered:
            seconds = int(self.limits.body_seconds)
            late = TimedOut("The body did not arrive within {seconds} seconds.", seconds=seconds)
            self.transport.write(written(failure_answer(late, self.language, "")))
        self.transport.close()
