"""The HTTP server: uvicorn, with the deadline and the size for headers that it lacks."""

import asyncio
import gc
import logging
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging.config import dictConfig
from socket import socket
from typing import Any

import uvicorn

from portal.addresses import Addresses
from portal.app import create_app
from portal.limits import Limits
from portal.settings import Settings
from portal.web.shedding import MOST_CONNECTIONS, Door, SheddingProtocol

# Connections that wait to be accepted; more would wait for longer than it pays.
BACKLOG = 1024
_KEEP_ALIVE_SECONDS = 15
# Files, connections to the database among them, beside those of the requests.
_OTHER_FILES = 200
# Longer than an operation may take.
SHUTDOWN_SECONDS = 20
_HEADER_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)
_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Says for every malformed request that it was one: a stranger could fill the disk.
        "uvicorn.error": {"level": "ERROR"},
    },
}


class PatientProtocol(SheddingProtocol):
    """HTTP whose header must arrive in time and within a size."""

    _timer: asyncio.TimerHandle
    # What arrived before the header was complete, and what of it the parser has understood.
    _arrived = 0
    _header_bytes = 0
    _in_header = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the clock with the connection."""
        super().connection_made(transport)
        self._timer = self._deadline()

    def data_received(self, data: bytes) -> None:
        """Count what arrives before the header is complete."""
        super().data_received(data)
        if self._in_header:
            self._arrived += len(data)
            if self._arrived > self.limits.header_bytes:
                self._refuse_header()

    def on_message_begin(self) -> None:
        """Start the clock with each further request of the connection."""
        super().on_message_begin()
        self._in_header, self._header_bytes, self._arrived = True, 0, 0
        self._timer.cancel()
        self._timer = self._deadline()

    def on_headers_complete(self) -> None:
        """Stop the clock, and count what may have come together with a body."""
        self._in_header = False
        self._timer.cancel()
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
        if self._header_bytes <= self.limits.header_bytes:
            super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._timer.cancel()
        super().connection_lost(exc)

    def _refuse_header(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_HEADER_TOO_LARGE)
            self.transport.close()

    def _deadline(self) -> asyncio.TimerHandle:
        return self.loop.call_later(self.limits.header_seconds, self._give_up)

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def _protocol(kept: Limits, opened: Door) -> type[PatientProtocol]:
    class Protocol(PatientProtocol):
        limits = kept
        door = opened

    return Protocol


class _Server(uvicorn.Server):
    """Says when it accepts connections, and returns when it has stopped."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            # The schema and the models stay: a collection that walked them would cost 100 ms amid
            # a request.
            gc.collect()
            gc.freeze()
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals that stop a server and do not raise them again at the end.

        The caller has more to stop, and a second SIGTERM would end the process at once.
        """
        with super().capture_signals():
            yield
            self._captured_signals.clear()


def log_to_stderr(settings: Settings) -> None:
    """Write the log, as much as is set, to standard error."""
    dictConfig(_LOGGING)
    logging.getLogger("portal").setLevel(settings.log_level.upper())


def _allow_connections() -> None:
    """Raise the number of open files as far as it is needed and allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def run(
    settings: Settings,
    addresses: Addresses,
    ready: Callable[[], None] = lambda: None,
    sockets: list[socket] | None = None,
) -> None:
    """Serve until told to stop; requests under way are finished first.

    ``ready`` is called once connections are accepted, on ``sockets`` where there are some.
    """
    log_to_stderr(settings)
    _allow_connections()
    app = create_app(settings, addresses)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=_protocol(settings.limits, Door(app.state.gate, settings.origins)),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.proxies is not None,
        forwarded_allow_ips=settings.proxies,
        backlog=BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    _Server(config, ready).run(sockets)
