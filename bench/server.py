"""A contender that runs: started on its core, asked, and stopped."""

import http.client
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from bench import machine
from bench.contenders import Contender
from bench.data import Data
from portal.settings.settings import Settings

_PATIENCE = 60


class ServerFault(Exception):
    """A contender that does not start."""


@dataclass(slots=True)
class Server:
    """A contender that runs."""

    contender: Contender
    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def post(self, path: str, headers: dict[str, str], body: str) -> tuple[int, bytes]:
        """Send one request; gives the status and the body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", path, body.encode(), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def serving(contender: Contender, data: Data, logs: Path, monthly_total: bool) -> Iterator[Server]:
    """Run a contender on its core until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
        **data.environment,
        **dict(contender.settings),
        "PORTAL_ENV": "production",
        **_portal_settings(),
        "PORTAL_PORT": str(port),
        "PORTAL_DATA": str(logs),
        "BENCH_PORT": str(port),
        "BENCH_APP": _address(data.addresses.app),
        "BENCH_STAFF": _address(data.addresses.staff),
        "BENCH_PEER": _address(data.peer),
        "BENCH_MONTHLY_TOTAL": "yes" if monthly_total else "no",
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    log = logs / f"{contender.key}.log"
    process = machine.start(list(contender.command), machine.cores()[0], environment, log)
    try:
        _await(process, port, contender, log)
        yield Server(contender, process, port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _portal_settings() -> dict[str, str]:
    """Give what the portal needs here, of the settings that it has."""
    wanted = {
        "secret": secrets.token_urlsafe(48),
        "hosts": "127.0.0.1",
        "budget": "1000000000",
        # A lease is for as long as in production: where it ends each second, each costs a commit.
        "budget_per_second": "200000000",
        "queue_seconds": "60",
    }
    return {
        f"PORTAL_{name.upper()}": value
        for name, value in wanted.items()
        if name in Settings.model_fields
    }


def _await(process: "subprocess.Popen[bytes]", port: int, contender: Contender, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
            continue
        return
    words = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise ServerFault(f"{contender.name} did not start: {words[-1] if words else 'in silence'}")


def _address(url: URL) -> str:
    place = f"host={url.query['host']}&port={url.query['port']}"
    return f"postgresql://{url.username}:{url.password}@/{url.database}?{place}"
