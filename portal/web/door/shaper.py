"""Traffic shaper: what takes no place of an operation is answered so often for each network."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable
from time import monotonic
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from portal.errors import PortalError
from portal.login.network import network_of

A_SECOND: Final = 50
"""Requests of one network in a second, and at once; further ones wait until it is their turn."""
_LONGEST_SECONDS: Final = 1.0
_MOST_NETWORKS = 10_000


class Shaper:
    """Lets each network ask at a steady rate; what comes faster waits, a second at most.

    Nobody pays for ``/health``, for a page that there is not or a token that is nobody's: whoever
    asks for it again and again would else take the processor from all others.
    """

    def __init__(self) -> None:
        # When the next request of a network is due; who asked last stands last.
        self._due: OrderedDict[str, float] = OrderedDict()

    async def turn(self, scope: Scope) -> None:
        """Wait until it is the turn of a request."""
        client = scope.get("client")
        seconds = self._wait(network_of(client[0]) if client else "")
        if seconds > 0:
            await asyncio.sleep(seconds)

    def _wait(self, network: str) -> float:
        now = monotonic()
        due = max(self._due.pop(network, 0.0), now - 1)
        self._due[network] = min(due + 1 / A_SECOND, now + _LONGEST_SECONDS)
        if len(self._due) > _MOST_NETWORKS:
            self._due.popitem(last=False)
        return due - now


class Shaped:
    """Holds up what asks for anything but one path, whose requests take places and pay.

    What is refused on the way there does not.
    """

    def __init__(self, app: ASGIApp, shaper: Shaper, path: str) -> None:
        self._app = app
        self._shaper = shaper
        self._path = path

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one connection."""
        if scope["type"] != "http":
            return self._app(scope, receive, send)
        if scope["path"] == self._path and scope["method"] != "OPTIONS":
            return self._refused_in_turn(scope, receive, send)
        return self._in_turn(scope, receive, send)

    async def _refused_in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except PortalError:
            await self._shaper.turn(scope)
            raise

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._shaper.turn(scope)
        await self._app(scope, receive, send)
