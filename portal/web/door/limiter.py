"""Concurrency limiter: how much one process does at once; what is too much is refused at once."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from portal.errors import Unavailable, translatable

BUSY = translatable("The portal is busy. Try again in a moment.")

# How many may stand in line for each place: more would only wait to be refused.
_LINE = 10


class Limiter:
    """Places for operations; ``async with`` takes one, or raises Unavailable.

    Each operation has a connection to the database for itself, so there are never more than
    ``places``. Beyond them a request waits in line for a moment; then it is Unavailable, and at
    once where the line is long.
    Requests that were begun are finished, also when the server stops.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._places = places
        self._patience = patience
        self._most = places * (1 + _LINE)
        self._inside = 0
        # Who waits, since when; told True with a place, and False when it was too long.
        self._line: OrderedDict[asyncio.Future[bool], float] = OrderedDict()
        self._clock: asyncio.TimerHandle | None = None

    @property
    def room(self) -> int:
        """How many more may come before one is refused at once."""
        return self._most - self._inside - len(self._line)

    async def __aenter__(self) -> None:
        """Take a place; Unavailable where there is none in time."""
        if self._inside < self._places and not self._line:
            self._inside += 1
            return
        if self.room <= 0:
            raise Unavailable(BUSY, seconds=1)
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._line[turn] = monotonic()
        if self._clock is None:
            self._clock = loop.call_later(self._patience, self._send_away)
        try:
            has_place = await turn
        except BaseException:
            self._line.pop(turn, None)
            if turn.done() and not turn.cancelled() and turn.result():
                # The place came together with the end of the wait.
                self._leave()
            raise
        if not has_place:
            raise Unavailable(BUSY, seconds=1)

    async def __aexit__(self, *_: object) -> None:
        """Leave the place to whoever is next."""
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

    def _leave(self) -> None:
        self._inside -= 1
        if self._line:
            self._admit()

    def _admit(self) -> None:
        while self._line and self._inside < self._places:
            # Where the first has waited long there are too many for all, and the last one can
            # still be served in time.
            first = next(iter(self._line.values()))
            late = monotonic() - first > self._patience / 2
            turn, _ = self._line.popitem(last=late)
            if not turn.done():
                self._inside += 1
                turn.set_result(True)

    def _send_away(self) -> None:
        """Refuse whoever has waited for too long; the next one has the time that is left to it."""
        self._clock = None
        while self._line:
            turn, since = next(iter(self._line.items()))
            left = since + self._patience - monotonic()
            if left > 0:
                self._clock = asyncio.get_running_loop().call_later(left, self._send_away)
                return
            del self._line[turn]
            if not turn.done():
                turn.set_result(False)
