"""Cooperative scheduling: between two pieces of long work in Python others have a turn."""

import asyncio
from collections import deque
from time import monotonic
from typing import Final

STRETCH_SECONDS: Final = 0.005
"""How long an operation works before it looks whether others wait."""
_TOGETHER: Final = 50
"""How many tasks go on in a stretch: to wake one that has to wait again takes time, too."""


class Pace:
    """That of one operation, whatever number of tasks it has."""

    def __init__(self) -> None:
        self._since = monotonic()
        self._is_given_up = False
        self._waiting: deque[asyncio.Future[bool]] = deque()

    @property
    def is_over(self) -> bool:
        """Whether a stretch of work is over."""
        return monotonic() - self._since > STRETCH_SECONDS

    async def turn(self) -> None:
        """Wait for the next stretch, where this one is over; a deadline ends the operation here.

        What waits goes on together, as long as the stretch lasts: what is loaded for one of them
        is loaded for all in one batch. The first goes on however late it comes to it.
        """
        while self.is_over:
            loop = asyncio.get_running_loop()
            if not self._waiting:
                loop.call_soon(self._begin_stretch)
            self._waiting.append(loop.create_future())
            if await self._waiting[-1]:
                break
        if self._is_given_up:
            raise asyncio.CancelledError

    def _begin_stretch(self) -> None:
        """Wake some of those that wait: whoever else is on the loop had a turn."""
        self._since = monotonic()
        is_first = True
        for _ in range(min(_TOGETHER, len(self._waiting))):
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(is_first)
                is_first = False
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._begin_stretch)

    def give_up(self) -> None:
        """End what still works, at its next turn: a batch of a loader is a task of its own."""
        self._is_given_up = True
