"""What the portal does with three times as many requests as it can answer.

``make overload`` starts a server with demo data, finds out how many contract pages a second it
answers, then sends three times as many at fixed moments, whether or not earlier ones were
answered. A time runs from the moment a request was due, so that none is forgotten.
"""

import asyncio
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import click

from portal import demo

_SECONDS = 10
_AT_ONCE = 8
_LOAD = 3
_MOST_SECONDS = 0.5
_OK, _BUSY = 200, 503
_PAGE = """
{ viewer { accounts(first: 1) { edges { node { name customerNumber owner { name email }
  contract { version contractPartner { name street city } paymentTerms { general { name dueDays }
    effective { name dueDays } } duration { startsOn basis } vatTreatment iban }
  modules { edges { node { module { name } status currentTariff { name
    priceList { sections { title items { name unitPrice } } } } } } }
  history { edges { node { number action actorRole values { field } } } } } } } } }
"""


@dataclass
class Counts:
    """What came of the requests of one run; seconds of those that were answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    wrong: int = 0
    bare: int = 0

    def note(self, status: int, headers: bytes, body: bytes, expected: bytes, taken: float) -> None:
        """Count one answer."""
        self.statuses[status] += 1
        if status == _OK:
            self.seconds.append(taken)
            self.wrong += _data(body) != expected
        elif status == _BUSY:
            self.bare += b"\r\nretry-after:" not in headers.lower()


class Connections:
    """Connections that are kept open and used again, as a browser or a proxy keeps them."""

    def __init__(self, port: int, request: bytes) -> None:
        self._port = port
        self._request = request
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self) -> tuple[int, bytes, bytes]:
        """Send the request once; gives status, headers and body."""
        streams = self._idle.pop() if self._idle else None
        reader, writer = streams or await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(self._request)
        headers = await reader.readuntil(b"\r\n\r\n")
        length = headers.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        body = await reader.readexactly(int(length))
        if b"connection: close" in headers.lower():
            writer.close()
        else:
            self._idle.append((reader, writer))
        return int(headers.split(b" ", 2)[1]), headers, body


async def _closed(connections: Connections, seconds: float) -> float:
    """Give the answers a second when every client waits for its answer."""
    answered = 0
    end = time.perf_counter() + seconds

    async def client() -> None:
        nonlocal answered
        while time.perf_counter() < end:
            status, _, _ = await connections.ask()
            answered += status == _OK

    await asyncio.gather(*(client() for _ in range(_AT_ONCE)))
    return answered / seconds


async def _open(connections: Connections, rate: float, seconds: float, expected: bytes) -> Counts:
    """Send so many a second, at fixed moments."""
    counts = Counts()
    tasks: set[asyncio.Task[None]] = set()
    start = time.perf_counter()

    async def one(due: float) -> None:
        try:
            status, headers, body = await connections.ask()
        except (OSError, asyncio.IncompleteReadError):
            counts.statuses[0] += 1
            return
        counts.note(status, headers, body, expected, time.perf_counter() - due)

    for number in itertools.count():
        due = start + number / rate
        if due > start + seconds:
            break
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(one(due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    return counts


def _data(body: bytes) -> bytes:
    return json.dumps(json.loads(body).get("data")).encode()


def _request(port: int, path: str, content: object, token: str | None = None) -> bytes:
    body = json.dumps(content).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *([f"Authorization: Bearer {token}"] if token else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _measure(port: int, load: float) -> bool:
    login = {"email": "owner@timmerwinkel.example", "password": demo.PASSWORD}
    _, _, answer = await Connections(port, _request(port, "/login", login)).ask()
    request = _request(port, "/graphql", {"query": _PAGE}, json.loads(answer)["token"])
    connections = Connections(port, request)
    _, _, body = await connections.ask()
    expected = _data(body)
    await _closed(connections, 2)
    saturation = await _closed(connections, 5)
    counts = await _open(connections, load * saturation, _SECONDS, expected)
    after = await _open(connections, max(1, saturation / 4), 2, expected)
    cuts = quantiles(counts.seconds, n=100)
    answered, busy = len(counts.seconds), counts.statuses[_BUSY]
    others = counts.statuses.total() - counts.statuses[_OK] - busy
    print(  # noqa: T201
        f"{saturation:8.0f} answers a second is what it can ({_AT_ONCE} clients)",
        f"{load * saturation:8.0f} requests a second are sent for {_SECONDS} s",
        f"{answered / _SECONDS:8.0f} a second are answered, {counts.wrong} wrong",
        f"{cuts[49] * 1000:8.0f} ms median, {cuts[98] * 1000:.0f} ms p99 of the answered",
        f"{busy / _SECONDS:8.0f} a second get 503, {counts.bare} without Retry-After",
        f"{others:8} get anything else",
        f"{len(after.seconds) / after.statuses.total():8.0%} answered afterwards, at a quarter",
        sep="\n",
    )
    return (
        cuts[98] < _MOST_SECONDS
        and not (counts.wrong or counts.bare)
        and set(counts.statuses) <= {_OK, _BUSY}
    )


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("workers", type=click.IntRange(1, 64), default=1)
def main(workers: int) -> None:
    """Send a server of WORKERS processes three times as many requests as it can answer.

    The exit status is 1 where the goal is missed.
    """
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="portal-overload-") as folder:
        environment = {**os.environ, "PORTAL_DATA": folder, "PORTAL_PORT": str(port)}
        portal = Path(sys.executable).with_name("portal")
        with subprocess.Popen(
            [portal, "serve", "--workers", str(workers)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            assert server.stdout  # noqa: S101 -- it is a pipe
            for line in server.stdout:
                if line.startswith("Serving"):
                    break
            try:
                good = asyncio.run(_measure(port, _LOAD))
            finally:
                server.send_signal(signal.SIGTERM)
                server.communicate(timeout=40)
    print("good" if good else f"MISSED: p99 below {_MOST_SECONDS * 1000:.0f} ms, none wrong")  # noqa: T201
    sys.exit(not good)


if __name__ == "__main__":
    main()
