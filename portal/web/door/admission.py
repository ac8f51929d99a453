"""Admission control: a request is refused before it is read where the limiter would refuse it."""

import asyncio
from collections.abc import Collection

from portal.web.door.limiter import Limiter


class Admission:
    """Says for each request that arrives whether the limiter's line has room for it."""

    def __init__(self, limiter: Limiter, origins: Collection[str] = ()) -> None:
        self._limiter = limiter
        # Where there is room again for those that were let in and are not at the limiter yet.
        self._arriving = 0
        self._origins = {origin.encode() for origin in origins}

    @property
    def is_closed(self) -> bool:
        """Whether nobody else may come in now."""
        return self._limiter.room <= self._arriving

    def let_in(self) -> bool:
        """Let one more in, where it can be served soon."""
        if self.is_closed:
            return False
        if not self._arriving:
            # Runs before the first of them does, and they all do before anything more is read.
            asyncio.get_running_loop().call_soon(self._arrived)
        self._arriving += 1
        return True

    def answers(self, origin: bytes | None) -> bool:
        """Whether the fixed answer will do; pages of named origins need headers of their own."""
        return origin not in self._origins

    def _arrived(self) -> None:
        self._arriving = 0
