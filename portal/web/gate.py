"""How much one process does at once: what is too much is told so at once, and not kept waiting."""

import asyncio
from collections import OrderedDict

from portal.errors import Unavailable, translatable

BUSY = translatable("The portal is busy. Try again in a moment.")

# How many may stand in line for each place: more would only wait to be refused.
_LINE = 16


class Gate:
    """Places for operations; ``async with`` takes one, or raises Unavailable.

    Each operation has a connection to the database for itself, so there are never more than
    ``places``. Beyond them a request waits in line for a moment; then it is Unavailable, and at
    once where the line is long.
    Requests that were begun are finished, also when the server stops.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._places = places
        self._patience = patience
        self._inside = 0
        # Who waits, since when.
        self._line: OrderedDict[asyncio.Future[None], float] = OrderedDict()

    @property
    def room(self) -> int:
        """How many more may come before one is refused at once."""
        return max(0, self._places * (1 + _LINE) - self._inside - len(self._line))

    async def __aenter__(self) -> None:
        """Take a place; Unavailable where there is none in time."""
        if self._inside < self._places and not self._line:
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

    async def __aexit__(self, *_: object) -> None:
        """Leave the place to whoever is next."""
        self._inside -= 1
        self._admit()

    def _admit(self) -> None:
        while self._line and self._inside < self._places:
            # Where the first has waited long there are too many for all, and the last one can
            # still be served in time.
            first = next(iter(self._line.values()))
            late = asyncio.get_running_loop().time() - first > self._patience / 2
            turn, _ = self._line.popitem(last=late)
            if not turn.done():
                self._inside += 1
                turn.set_result(None)
