"""Admission control: a request is refused before it is read where the limiter would refuse it."""

import asyncio
from collections import Counter
from collections.abc import Collection

from portal.web.door.limiter import Limiter


class Admission:
    """Says for each request that arrives whether the limiter's line has room for its network.

    The network is None where a proxy names it, which is read later: then the whole line counts.
    """

    def __init__(self, limiter: Limiter, origins: Collection[str] = ()) -> None:
        self._limiter = limiter
        # Where there is room again for those that were let in and are not at the limiter yet.
        self._arriving: Counter[str | None] = Counter()
        self._origins = {origin.encode() for origin in origins}

    def is_closed(self, network: str | None) -> bool:
        """Say whether nobody else of a network may come in now."""
        if self._limiter.room() <= self._arriving.total():
            return True
        return self._limiter.room(network) <= self._arriving[network]

    def let_in(self, network: str | None) -> bool:
        """Let one more in, where it can be served soon."""
        if self.is_closed(network):
            return False
        if not self._arriving:
            # Runs before the first of them does, and they all do before anything more is read.
            asyncio.get_running_loop().call_soon(self._arriving.clear)
        self._arriving[network] += 1
        return True

    def answers(self, origin: bytes | None) -> bool:
        """Whether the fixed answer will do; pages of named origins need headers of their own."""
        return origin not in self._origins
