"""The portal as a process of its own, started by its command on the tests' database."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.database.addresses import Addresses
from tests.command_line import settings as settings_for
from tests.forked import Forked


@dataclass
class Server:
    """A running portal: where it listens, its process, and the file that its log is in."""

    port: int
    process: Forked
    log: Path

    @property
    def place(self) -> tuple[str, int]:
        """Give what a socket connects to."""
        return "127.0.0.1", self.port

    @property
    def address(self) -> str:
        """Give the address without a path."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(
    addresses: Addresses, folder: Path, *options: str, **settings: object
) -> Iterator[Server]:
    """Serve with these settings (``concurrency=5``) until the end; it must stop by itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    given = {f"PORTAL_{name.upper()}": str(value) for name, value in settings.items()}
    environment = {
        **os.environ,
        **settings_for(addresses),
        "PORTAL_DATA": str(folder),
        "PORTAL_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        **given,
    }
    log = folder / "log"
    with log.open("w") as errors, Forked("serve", *options, env=environment, stderr=errors) as one:
        try:
            printed = any(line.startswith("Serving at") for line in one.stdout)
            assert printed, log.read_text()
            yield Server(port, one, log)
            one.terminate()
            one.wait(120)
            assert one.returncode == 0, log.read_text()
        finally:
            one.kill()
