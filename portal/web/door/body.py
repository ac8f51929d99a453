"""A limit on request bodies, declared and counted."""

from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.errors import PortalError
from portal.settings.limits import Limits, too_large

# What a form adds to the file in it.
_FORM = 8192


class BodyLimit:
    """Refuses a body that is too large before it is kept; files that are sent have a limit too."""

    def __init__(self, app: ASGIApp, limits: Limits, takes_file: Callable[[str], bool]) -> None:
        self._app = app
        self._limits = limits
        self._takes_file = takes_file

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one connection."""
        if scope["type"] == "http":
            is_upload = self._takes_file(scope["path"])
            most = self._limits.upload + _FORM if is_upload else self._limits.body
            refused = (
                too_large("upload", self._limits.upload) if is_upload else too_large("body", most)
            )
            if not _is_declared(scope, most, refused):
                receive = _counted(receive, most, refused)
        return self._app(scope, receive, send)


def _is_declared(scope: Scope, most: int, refused: PortalError) -> bool:
    """Whether the length is known, which no server lets a body exceed; refuse too much."""
    declared = False
    for name, value in scope["headers"]:
        if name == b"content-length":
            # More digits than the limit has are too many, and int() of a million is slow.
            short = value.isdigit() and len(value) <= len(str(most))
            if not short or int(value) > most:
                raise refused
            declared = True
    return declared


def _counted(receive: Receive, most: int, refused: PortalError) -> Receive:
    counted = 0

    async def limited() -> Message:
        nonlocal counted
        message = await receive()
        counted += len(message.get("body", b""))
        if counted > most:
            raise refused
        return message

    return limited
