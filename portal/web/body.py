"""A limit on request bodies, declared and counted, and a deadline for their arrival."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.errors import TimedOut
from portal.limits import Limits, too_large


class BodyLimit:
    """Refuses a body that is too large before it is kept, or that takes too long to come."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._check_declared(scope)
        await self._app(scope, self._counted(receive), send)

    def _check_declared(self, scope: Scope) -> None:
        for name, value in scope["headers"]:
            if name == b"content-length":
                # More digits than the limit has are too many, and int() of a million is slow.
                short = value.isdigit() and len(value) <= len(str(self._limits.body))
                if not short or int(value) > self._limits.body:
                    raise too_large("body", self._limits.body)

    def _counted(self, receive: Receive) -> Receive:
        deadline = asyncio.get_running_loop().time() + self._limits.body_seconds
        counted = 0
        complete = False

        async def limited() -> Message:
            nonlocal counted, complete
            # After the body there is only the end of the connection to wait for.
            if complete:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise TimedOut(
                    "The body did not arrive within {seconds} seconds.",
                    seconds=int(self._limits.body_seconds),
                ) from None
            complete = not message.get("more_body", False)
            counted += len(message.get("body", b""))
            if counted > self._limits.body:
                raise too_large("body", self._limits.body)
            return message

        return limited
