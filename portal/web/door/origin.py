"""Pages of other sites: refused, but for the origins that the operator names (CORS)."""

from collections.abc import Awaitable, Collection, Sequence

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.errors import Forbidden

_ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Accept-Language, Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "7200",
}
# What a browser says of the page that it sends a request for.
_OF_PAGES = {b"origin", b"sec-fetch-site"}
# The page may read what it was named for; the default keeps others away.
_READABLE = (
    (b"access-control-expose-headers", b"ETag, Retry-After"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)


class Origins:
    """Refuses what a browser sends for a page of an origin that nobody named.

    Programs send neither header and are served. A page is told of by Origin, or else by
    Sec-Fetch-Site, which no script can set. Following a link is let through: it can only read,
    without a token, and what it reads no script of the other site sees.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = origins

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one connection."""
        if scope["type"] != "http" or _OF_PAGES.isdisjoint([name for name, _ in scope["headers"]]):
            return self._app(scope, receive, send)
        return self._of_page(scope, receive, send)

    async def _of_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None or origin not in self._origins:
            if _is_foreign(scope, headers, origin):
                raise Forbidden("Pages of this site may not use the portal.")
            await self._app(scope, receive, send)
            return
        allowed = (b"access-control-allow-origin", origin.encode("latin-1"))
        told = _telling(send, (allowed, *_READABLE))
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await Response(status_code=204, headers=_ALLOWED)(scope, receive, told)
        else:
            await self._app(scope, receive, told)


def _telling(send: Send, pairs: Sequence[tuple[bytes, bytes]]) -> Send:
    """Add headers to what is sent."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *pairs]
        await send(message)

    return told


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
