"""The HTTP server: uvicorn, with the deadlines and limits that it lacks."""

import gc
import math
import resource
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from socket import socket
from types import FrameType
from typing import Any

import uvicorn
from typing_extensions import override

from portal.app import create_app
from portal.database.addresses import Addresses
from portal.settings.limits import Limits
from portal.settings.log import log_to_stderr
from portal.settings.settings import Settings
from portal.web.door.admission import Admission
from portal.web.door.protocol import MOST_CONNECTIONS, Protocol

# Connections that wait to be accepted; more would wait for longer than it pays.
BACKLOG = 1024
_KEEP_ALIVE_SECONDS = 15
# Files, connections to the database among them, beside those of the requests.
_OTHER_FILES = 200
# For an answer to be written when all the rest took as long as it may.
_MARGIN_SECONDS = 5


def _protocol(kept: Limits, opened: Mapping[bytes, Admission]) -> type[Protocol]:
    class Kept(Protocol):
        limits = kept
        admissions = opened

    return Kept


class _Server(uvicorn.Server):
    """Says when it accepts connections and when it stops, and returns when it has stopped."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], stopping: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping

    @override
    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            # The schema and the models stay: a collection that walked them would cost 100 ms amid
            # a request.
            gc.collect()
            gc.freeze()
            self._ready()

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and say so."""
        self._stopping()
        super().handle_exit(sig, frame)

    @contextmanager
    @override
    def capture_signals(self) -> Iterator[None]:
        """Take the signals that stop a server and do not raise them again at the end.

        The caller has more to stop, and a second SIGTERM would end the process at once. SIGHUP, of
        a terminal that is closed, is taken like the others: uvicorn would let it cut requests off.
        """
        with super().capture_signals():
            before = signal.signal(signal.SIGHUP, self.handle_exit)
            try:
                yield
            finally:
                signal.signal(signal.SIGHUP, before)
            self._captured_signals.clear()


def shutdown_seconds(settings: Settings) -> int:
    """Give the longest time that a request which has begun to arrive may still take."""
    limits = settings.limits
    longest = limits.body_seconds + settings.queue_seconds + limits.seconds
    return math.ceil(longest) + _MARGIN_SECONDS


def _allow_connections() -> None:
    """Raise the number of open files as far as it is needed and allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def configuration(settings: Settings, addresses: Addresses) -> uvicorn.Config:
    """Give what uvicorn serves, and how."""
    app = create_app(settings, addresses)
    admissions = {
        path: Admission(limiter, settings.origins) for path, limiter in app.state.limiters.items()
    }
    return uvicorn.Config(
        app,
        interface="asgi3",
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=_protocol(settings.limits, admissions),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.proxies is not None,
        forwarded_allow_ips=settings.proxies,
        backlog=BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=shutdown_seconds(settings),
    )


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
    config = configuration(settings, addresses)
    app: Any = config.app
    _Server(config, ready, app.state.health.stop).run(sockets)
