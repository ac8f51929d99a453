"""Error boundary: every answer has its headers, and what escapes becomes one of ours."""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.web.answer import Shown, failure_answer
from portal.web.door.headers import header, with_security
from portal.web.door.negotiation import language_of


class ErrorBoundary:
    """Adds the headers of every answer, and answers where an exception has come instead."""

    def __init__(self, app: ASGIApp, shown: Shown) -> None:
        self._app = app
        self._shown = shown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = with_security(message.get("headers", ()))
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            if begun:
                raise
            language = language_of(header(scope, b"accept-language"))
            answer = self._shown(scope, failure_answer(error, language, scope["path"]))
            await answer(scope, receive, watched)
