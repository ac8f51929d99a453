"""A limit on request bodies, declared and counted."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.limits import Limits, too_large


class BodyLimit:
    """Refuses a body that is too large before it is kept."""

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
        counted = 0

        async def limited() -> Message:
            nonlocal counted
            message = await receive()
            counted += len(message.get("body", b""))
            if counted > self._limits.body:
                raise too_large("body", self._limits.body)
            return message

        return limited
