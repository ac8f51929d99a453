"""Cooperative scheduling: between two pieces of long work in Python others have a turn."""

import asyncio
from time import monotonic
from typing import Final

STRETCH_SECONDS: Final = 0.005
"""How long an operation works before it looks whether others wait."""


class Pace:
    """That of one operation, whatever number of tasks it has."""

    def __init__(self) -> None:
        self._since = monotonic()
        self._is_given_up = False
        self._next_stretch: asyncio.Event | None = None

    @property
    def is_over(self) -> bool:
        """Whether a stretch of work is over."""
        return monotonic() - self._since > STRETCH_SECONDS

    async def turn(self) -> None:
        """Wait for the next stretch, where this one is over; a deadline ends the operation here.

        What waits goes on together, as long as the stretch lasts: what is loaded for one of them
        is loaded for all in one batch.
        """
        while self.is_over:
            if self._next_stretch is not None:
                await self._next_stretch.wait()
            else:
                await self._begin_stretch()
                break
        if self._is_given_up:
            raise asyncio.CancelledError

    async def _begin_stretch(self) -> None:
        begun = self._next_stretch = asyncio.Event()
        try:
            await asyncio.sleep(0)
        finally:
            self._since, self._next_stretch = monotonic(), None
            begun.set()

    def give_up(self) -> None:
        """End what still works, at its next turn: a batch of a loader is a task of its own."""
        self._is_given_up = True
