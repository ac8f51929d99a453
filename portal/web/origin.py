"""Pages of other sites: refused, but for the origins that the operator names (CORS)."""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.errors import Forbidden

_ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Accept-Language, Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "7200",
}
_EXPOSED = "ETag, Retry-After"


class Origins:
    """Refuses what a browser sends for a page of an origin that nobody named.

    Programs send neither header and are served. A page is told of by Origin, or else by
    Sec-Fetch-Site, which no script can set. Following a link is let through: it can only read,
    without a token, and what it reads no script of the other site sees.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        named = origin in self._origins
        if not named and _is_foreign(scope, headers, origin):
            raise Forbidden("Pages of this site may not use the portal.")

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                answered.add_vary_header("Origin")
                if named and origin:
                    answered["Access-Control-Allow-Origin"] = origin
                    answered["Access-Control-Expose-Headers"] = _EXPOSED
                    # The page may read what it was named for; the default keeps others away.
                    answered["Cross-Origin-Resource-Policy"] = "cross-origin"
            await send(message)

        asks = scope["method"] == "OPTIONS" and "access-control-request-method" in headers
        if named and asks:
            await Response(status_code=204, headers=_ALLOWED)(scope, receive, told)
        else:
            await self._app(scope, receive, told)


def _is_foreign(scope: Scope, headers: Headers, origin: str | None) -> bool:
    if len(headers.getlist("origin")) > 1:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return scope["method"] != "GET" or headers.get("sec-fetch-mode") != "navigate"
    if origin is None or site == "same-origin":
        return False
    # A browser too old for Sec-Fetch-Site; it cannot be made to send another site's Host.
    _, _, host = origin.partition("://")
    return not host or host != headers.get("host")
