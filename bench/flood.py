"""Requests at fixed moments, whether or not earlier ones were answered, at little cost each.

One request is sent again and again over connections that are kept open, and a new one is opened
only where none is idle, as a browser's or a proxy's pool does. What comes back is read by hand.
"""

import asyncio
import math
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import quantiles
from typing import cast

_OK, _BUSY = 200, 503
# How long the last ones are waited for.
_PATIENCE = 10
# A generator that sends most of its requests later than this did not keep up.
_LATE_SECONDS = 0.05
_FAILED, _UNANSWERED = 0, -1


@dataclass
class Counts:
    """What came of the requests of one run; seconds since each was due."""

    statuses: Counter[int] = field(default_factory=Counter)
    answered: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    wrong: int = 0
    bare: int = 0
    connections: int = 0

    @property
    def others(self) -> Counter[int]:
        """How many got anything else; 0 is a failed connection, -1 no answer at all."""
        found = {one: n for one, n in self.statuses.items() if one not in {_OK, _BUSY}}
        return Counter(found)

    @property
    def kept_up(self) -> bool:
        """Whether the requests were sent when they were due."""
        return percentile(self.late, 99) < _LATE_SECONDS

    def note(self, head: bytes, body: bytes, expected: bytes, taken: float) -> None:
        """Count one answer."""
        status = int(head[9:12])
        self.statuses[status] += 1
        if status == _OK:
            self.answered.append(taken)
            self.wrong += not body.startswith(expected)
        elif status == _BUSY:
            self.refused.append(taken)
            self.bare += b"\r\nretry-after:" not in head.lower()


def percentile(values: list[float], percent: int) -> float:
    """Give a percentile; not a number where there are too few values."""
    return quantiles(values, n=100)[percent - 1] if len(values) > 1 else math.nan


class _Connection(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self, flood: "Flood", due: float) -> None:
        self._flood = flood
        self._due: float | None = due
        self._arrived = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the request that it was opened for."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._flood.request)

    def send(self, due: float) -> None:
        """Send a further one."""
        self._due = due
        self._transport.write(self._flood.request)

    def data_received(self, data: bytes) -> None:
        """Read an answer, and be idle once it is complete."""
        self._arrived += data
        head, found, body = self._arrived.partition(b"\r\n\r\n")
        if not found or self._due is None:
            return
        lower = head.lower()
        if len(body) < int(lower.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]):
            return
        due, self._due, self._arrived = self._due, None, b""
        self._flood.note(head, body, due)
        if b"\r\nconnection: close" in lower:
            self._transport.close()
        else:
            self._flood.idle.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count what was under way."""
        if self._due is not None:
            self._flood.fail()
        if self in self._flood.idle:
            self._flood.idle.remove(self)


class Flood:
    """Many connections to one port that send one request; expects how an answer begins."""

    def __init__(self, port: int, request: bytes, expected: bytes = b"") -> None:
        self.request = request
        self.idle: list[_Connection] = []
        self._port = port
        self._expected = expected
        self._counts = Counts()
        self._under_way = 0
        self._finished = asyncio.Event()
        # Asks again at once where it is set, until this moment.
        self._again_until = 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    async def warm(self, connections: int) -> None:
        """Open connections one after another, as where the load grew by and by."""
        self._counts, self._again_until = Counts(), 0.0
        idle, self.idle = self.idle, []
        while len(idle) < connections:
            self._ask(time.perf_counter())
            await self._finish()
            idle += self.idle
            self.idle = []
        self.idle = idle

    async def closed(self, clients: int, seconds: float) -> float:
        """Give the answers a second where so many clients wait, each for its answer."""
        self._counts = Counts()
        begun = time.perf_counter()
        self._again_until = begun + seconds
        for _ in range(clients):
            self._ask(begun)
        await asyncio.sleep(seconds)
        await self._finish()
        return self._counts.statuses[_OK] / seconds

    async def open(self, rate: float, seconds: float) -> Counts:
        """Send so many a second at fixed moments."""
        self._counts = counts = Counts()
        self._again_until = 0.0
        start = time.perf_counter()
        for number in range(int(rate * seconds)):
            due = start + number / rate
            now = time.perf_counter()
            while now < due:
                await asyncio.sleep(due - now)
                now = time.perf_counter()
            counts.late.append(now - due)
            self._ask(due)
            if number % 50 == 0:
                # Where it is late, what came back is read nevertheless.
                await asyncio.sleep(0)
        await self._finish()
        if self._under_way:
            counts.statuses[_UNANSWERED] = self._under_way
        return counts

    def note(self, head: bytes, body: bytes, due: float) -> None:
        """Count an answer."""
        now = time.perf_counter()
        self._over()
        self._counts.note(head, body, self._expected, now - due)
        if now < self._again_until:
            asyncio.get_running_loop().call_soon(self._ask, now)

    def fail(self) -> None:
        """Count a connection that failed with a request under way."""
        self._over()
        self._counts.statuses[_FAILED] += 1

    def _ask(self, due: float) -> None:
        self._under_way += 1
        if self.idle:
            self.idle.pop().send(due)
            return
        self._counts.connections += 1
        task = asyncio.create_task(self._connect(due))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _over(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._finished.set()

    async def _connect(self, due: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: _Connection(self, due), "127.0.0.1", self._port)
        except OSError:
            self.fail()

    async def _finish(self) -> None:
        """Wait for what is under way, but not for ever."""
        if self._under_way:
            self._finished.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._finished.wait(), _PATIENCE)
