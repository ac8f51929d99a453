"""The portal with demo data, served by its command until a measurement ends."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving_demo(*options: str) -> Iterator[int]:
    """Serve at a port, with a PostgreSQL of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="portal-measured-") as folder:
        environment = {**os.environ, "PORTAL_DATA": folder, "PORTAL_PORT": str(port)}
        portal = Path(sys.executable).with_name("portal")
        with subprocess.Popen(
            [portal, "serve", *options], env=environment, stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout  # noqa: S101 -- it is a pipe
            for line in server.stdout:
                if line.startswith("Serving"):
                    break
            try:
                yield port
            finally:
                server.send_signal(signal.SIGTERM)
                server.communicate(timeout=40)
