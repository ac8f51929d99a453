"""Long work in Python, cut into pieces: between two of them everybody else has a turn."""

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
        # In their order, one by one: else all of them would go on together.
        self._line = asyncio.Lock()

    @property
    def is_over(self) -> bool:
        """Whether a stretch of work is over."""
        return monotonic() - self._since > STRETCH_SECONDS

    async def turn(self) -> None:
        """Wait for the next stretch, where this one is over; a deadline ends the operation here."""
        async with self._line:
            if self.is_over:
                await asyncio.sleep(0)
                self._since = monotonic()
            if self._is_given_up:
                raise asyncio.CancelledError

    def give_up(self) -> None:
        """End what still works, at its next turn: a batch of a loader is a task of its own."""
        self._is_given_up = True
