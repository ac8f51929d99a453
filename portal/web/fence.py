"""The last fence: whatever escapes becomes an answer without internals."""

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.messages import language_of
from portal.web.answer import failure_answer


class Fence:
    """Turns an exception into an answer as long as none has begun."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            if begun:
                raise
            language = language_of(Headers(scope=scope).get("accept-language"))
            answer = failure_answer(error, language, scope["path"])
            await answer(scope, receive, send)
