"""Concurrency limiter: how much one process does at once; what is too much is refused at once."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import monotonic

from portal.errors import Unavailable, translatable

BUSY = translatable("The portal is busy. Try again in a moment.")

# How many may stand in line for each place: more would only wait to be refused.
_LINE = 10
# Of these, how many of one network: so whoever else comes finds the line open.
_OF_ONE = 8


class Limiter:
    """Places for operations; ``place`` gives one, or raises Unavailable.

    Each operation has a connection to the database for itself, so there are never more than
    ``places``. Beyond them a request waits in line for a moment; then it is Unavailable, and at
    once where the line is long. The networks that wait are served in turn, however many of each do.
    Requests that were begun are finished, also when the server stops.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._places = places
        self._patience = patience
        self._most = places * (1 + _LINE)
        self._inside = 0
        self._waiting = 0
        # Who waits of each network, since when; told True with a place, and False when it was too
        # long. The network that was served last stands last.
        self._lines: OrderedDict[str, OrderedDict[asyncio.Future[bool], float]] = OrderedDict()
        self._clock: asyncio.TimerHandle | None = None

    def room(self, network: str | None = None) -> int:
        """Say how many more may come before one is refused at once: of all, or of a network."""
        room = self._most - self._inside - self._waiting
        if network is None:
            return room
        own = len(self._lines.get(network, ()))
        return min(room, self._places * (1 + _OF_ONE) - self._inside - own)

    @asynccontextmanager
    async def place(self, network: str) -> AsyncIterator[None]:
        """Take a place, for whoever calls from a network; Unavailable where there is none in time.

        Afterwards it is left to whoever is next.
        """
        await self._take(network)
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Leave the place meanwhile to whoever is next.

        Afterwards it is held again without waiting, to be left soon.
        """
        self._leave()
        try:
            yield
        finally:
            self._inside += 1

    async def _take(self, network: str) -> None:
        if self._inside < self._places and not self._waiting:
            self._inside += 1
            return
        if self.room(network) <= 0:
            raise Unavailable(BUSY, seconds=1)
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._lines.setdefault(network, OrderedDict())[turn] = monotonic()
        self._waiting += 1
        if self._clock is None:
            self._clock = loop.call_later(self._patience, self._send_away)
        try:
            has_place = await turn
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.result():
                # The place came together with the end of the wait.
                self._leave()
            elif turn in self._lines.get(network, ()):
                self._remove(network, turn)
            raise
        if not has_place:
            raise Unavailable(BUSY, seconds=1)

    def _leave(self) -> None:
        self._inside -= 1
        while self._lines and self._inside < self._places:
            network, line = next(iter(self._lines.items()))
            self._lines.move_to_end(network)
            # Where the first has waited long there are too many for all, and the last one can
            # still be served in time.
            late = monotonic() - next(iter(line.values())) > self._patience / 2
            turn = next(reversed(line) if late else iter(line))
            self._remove(network, turn)
            if not turn.done():
                self._inside += 1
                turn.set_result(True)

    def _remove(self, network: str, turn: asyncio.Future[bool]) -> None:
        self._waiting -= 1
        line = self._lines[network]
        del line[turn]
        if not line:
            del self._lines[network]

    def _send_away(self) -> None:
        """Refuse whoever has waited for too long; the next one has the time that is left to it."""
        self._clock = None
        while self._lines:
            network, (turn, since) = min(
                ((network, next(iter(line.items()))) for network, line in self._lines.items()),
                key=lambda one: one[1][1],
            )
            left = since + self._patience - monotonic()
            if left > 0:
                self._clock = asyncio.get_running_loop().call_later(left, self._send_away)
                return
            self._remove(network, turn)
            if not turn.done():
                turn.set_result(False)
