"""Several serving processes behind one address."""

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Thread

from portal.database.addresses import Addresses
from portal.settings.log import log_to_stderr
from portal.settings.settings import Settings
from portal.web.door import server

_log = logging.getLogger("portal.web")
_context = get_context("spawn")
# What a process takes to end when all requests have ended.
_MARGIN_SECONDS = 5
# One that ends sooner than this would end again and again.
_SHORT_LIFE = 5.0


class _Process:
    """One serving process; the pipe says when it serves, and to it when we are gone."""

    def __init__(self, settings: Settings, addresses: Addresses, listening: socket.socket) -> None:
        self.pipe, theirs = _context.Pipe()
        self.begun = time.monotonic()
        arguments = (settings, addresses, listening, theirs)
        self.process: SpawnProcess = _context.Process(target=_serve, args=arguments, daemon=False)
        self.process.start()
        theirs.close()

    def serves(self) -> bool:
        """Wait until it serves; False when it ended instead."""
        with suppress(EOFError, OSError):
            return bool(self.pipe.recv())
        return False


def run(
    count: int, settings: Settings, addresses: Addresses, ready: Callable[[], None] = lambda: None
) -> None:
    """Serve with so many processes until interrupted; each finishes what it began.

    They take connections from one socket, so the one that is free takes the next. One that ends by
    itself is started again.
    """
    log_to_stderr(settings)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(server.BACKLOG)
        running = [_Process(settings, addresses, listening) for _ in range(count)]
        try:
            if not all(one.serves() for one in running):
                sys.exit(1)
            ready()
            while True:
                ended = wait([one.process.sentinel for one in running])
                for number, one in enumerate(running):
                    if one.process.sentinel in ended:
                        running[number] = _again(one, settings, addresses, listening)
        finally:
            # Whoever comes now is not left waiting for a process that takes no one.
            listening.close()
            _stop(running, server.shutdown_seconds(settings) + _MARGIN_SECONDS)


def _again(
    ended: _Process, settings: Settings, addresses: Addresses, listening: socket.socket
) -> _Process:
    _log.error("a serving process ended with status %s", ended.process.exitcode)
    if time.monotonic() - ended.begun < _SHORT_LIFE:
        time.sleep(1)
    return _Process(settings, addresses, listening)


def _stop(running: list[_Process], seconds: int) -> None:
    # Being told once more is no reason to leave them alone; Ctrl-C still is.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for one in running:
        one.process.terminate()
    deadline = time.monotonic() + seconds
    for one in running:
        one.process.join(max(0, deadline - time.monotonic()))
        one.process.kill()
        one.process.join()


def _serve(
    settings: Settings, addresses: Addresses, listening: socket.socket, pipe: Connection
) -> None:
    """Serve in a process of its own, which ends when the first one is gone."""

    def watch() -> None:
        with suppress(EOFError, OSError):
            pipe.recv()
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, name="watch", daemon=True).start()
    server.run(settings, addresses, lambda: pipe.send(True), [listening])
