"""Fast path: one endpoint past the router, for the path that nearly every request has."""

from collections.abc import Awaitable

from starlette.types import ASGIApp, Receive, Scope, Send


class Shortcut:
    """Hands what asks for one path to its endpoint, and everything else on."""

    def __init__(self, app: ASGIApp, path: str, endpoint: ASGIApp) -> None:
        self._app = app
        self._path = path
        self._endpoint = endpoint

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] != self._path:
            return self._app(scope, receive, send)
        return self._endpoint(scope, receive, send)
