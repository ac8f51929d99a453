"""The way to one endpoint past the router, for the path that nearly every request has."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.web.answer import http_failure


class Shortcut:
    """Hands what asks for one path to its endpoint, and everything else on."""

    def __init__(self, app: ASGIApp, path: str, endpoint: ASGIApp) -> None:
        self._app = app
        self._path = path
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] != self._path:
            await self._app(scope, receive, send)
            return
        try:
            await self._endpoint(scope, receive, send)
        except HTTPException as error:
            answer = await http_failure(Request(scope, receive), error)
            await answer(scope, receive, send)
