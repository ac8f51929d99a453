"""How much one process does at once: what is too much is told so at once, and not kept waiting."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from portal.errors import Unavailable, translatable

BUSY = translatable("The portal is busy. Try again in a moment.")

# What takes longer than this while the processor is busy is one of too many.
_GOOD_SECONDS = 0.1
# How late the event loop may be before the processor counts as busy.
_LATE_SECONDS = 0.01
_BEAT_SECONDS = 0.02
# With fewer the processor waits for the database in between.
_FEWEST = 4
# How many may stand in line for each place: more would only wait to be refused.
_LINE = 16


class Gate:
    """Places for operations, fewer of them while they get in one another's way.

    Each operation has a connection to the database for itself, so there are never more than
    ``most``. Beyond the places a request waits in line for a moment; then it is Unavailable,
    and at once where the line is long.
    Requests that were begun are finished, also when the server stops.
    """

    def __init__(self, most: int, patience: float) -> None:
        self._most = most
        self._patience = patience
        self._places = float(most)
        self._inside = 0
        # Who waits, since when.
        self._line: OrderedDict[asyncio.Future[None], float] = OrderedDict()
        self._late = 0.0
        self._beat: asyncio.TimerHandle | None = None

    @property
    def places(self) -> int:
        """How many may be inside at the moment."""
        return int(self._places)

    @property
    def room(self) -> int:
        """How many more may come before one is refused at once."""
        return max(0, self.places * (1 + _LINE) - self._inside - len(self._line))

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Take a place as long as the block runs; Unavailable where there is none in time."""
        await self._enter()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            yield
        finally:
            self._inside -= 1
            self._adapt(loop.time() - begun)
            self._admit()

    async def _enter(self) -> None:
        if self._beat is None:
            self._measure(asyncio.get_running_loop())
        if self._inside < self.places and not self._line:
            self._inside += 1
            return
        if not self.room:
            raise Unavailable(BUSY, seconds=1)
        turn = asyncio.get_running_loop().create_future()
        self._line[turn] = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except BaseException as reason:
            if turn.done() and not turn.cancelled():
                # The place came together with the end of the wait.
                self._inside -= 1
                self._admit()
            else:
                self._line.pop(turn, None)
            if isinstance(reason, TimeoutError):
                raise Unavailable(BUSY, seconds=1) from None
            raise

    def _admit(self) -> None:
        while self._line and self._inside < self.places:
            # Where the first has waited long there are too many for all, and the last one can
            # still be served in time.
            first = next(iter(self._line.values()))
            late = asyncio.get_running_loop().time() - first > self._patience / 2
            turn, _ = self._line.popitem(last=late)
            if not turn.done():
                self._inside += 1
                turn.set_result(None)

    def _adapt(self, seconds: float) -> None:
        if seconds > _GOOD_SECONDS and self._late > _LATE_SECONDS:
            self._places = max(float(min(_FEWEST, self._most)), self._places * 0.8)
        elif self._places < self._most:
            self._places = min(float(self._most), self._places + 1 / self._places)

    def _measure(self, loop: asyncio.AbstractEventLoop) -> None:
        """See each beat by how much the loop is late, for as long as anybody is inside."""
        due = loop.time() + _BEAT_SECONDS

        def beat() -> None:
            self._late = 0.7 * self._late + 0.3 * (loop.time() - due)
            self._beat = None
            if self._inside or self._line:
                self._measure(loop)

        self._beat = loop.call_at(due, beat)
