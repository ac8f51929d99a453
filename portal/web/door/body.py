"""A limit on request bodies, declared and counted."""

from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.settings.limits import Limits, too_large


class BodyLimit:
    """Refuses a body that is too large before it is kept."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._most_digits = len(str(limits.body))

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one connection."""
        if scope["type"] == "http" and not self._is_declared(scope):
            receive = self._counted(receive)
        return self._app(scope, receive, send)

    def _is_declared(self, scope: Scope) -> bool:
        """Whether the length is known, which no server lets a body exceed; refuse too much."""
        declared = False
        for name, value in scope["headers"]:
            if name == b"content-length":
                # More digits than the limit has are too many, and int() of a million is slow.
                short = value.isdigit() and len(value) <= self._most_digits
                if not short or int(value) > self._limits.body:
                    raise too_large("body", self._limits.body)
                declared = True
        return declared

    def _counted(self, receive: Receive) -> Receive:
        counted = 0

        async def limited() -> Message:
            nonlocal counted
            message = await receive()
            counted += len(message.get("body", b""))
            if counted > self._limits.body:
                raise too_large("body", self._limits.body)
            return message

        return limited
