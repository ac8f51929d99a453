"""For whom a request is: refused where the portal has another name, or where that is not said once.

A page whose name its owner lets point here would else be served as one of our own (DNS rebinding).
"""

import re
from collections.abc import Awaitable, Collection
from functools import lru_cache
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from portal.errors import BadRequest
from portal.settings.settings import Environment, Settings, WrongSetting

_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
# Asked by machines, by whatever address they have; none of them shows what is somebody's.
_UNDER_ANY_NAME: Final = frozenset({"/health", "/live", "/metrics"})
_NAME: Final = re.compile(rb"(\[[0-9a-f:.]+\]|[0-9a-z_.-]+?)\.?(:[0-9]*)?", re.IGNORECASE)
_HOST, _AUTHORIZATION = b"host", b"authorization"
_LONGEST_SHOWN = 100


def names_of(settings: Settings) -> Collection[str]:
    """Give the names that are set; in development else those of the machine for itself."""
    if settings.hosts:
        return settings.hosts
    if settings.env is Environment.PRODUCTION:
        raise WrongSetting("PORTAL_HOSTS is missing: PORTAL_ENV=production needs it.")
    return _LOOPBACK


class Hosts:
    """Refuses requests for other names, and such as say twice for whom or from whom they are."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app = app
        self._names = {name.encode() for name in names}
        self._is_ours = lru_cache(64)(self._has_name)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one connection."""
        if scope["type"] == "http":
            self._check(scope)
        return self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = scope["headers"]
        names = [name for name, _ in headers]
        if names.count(_AUTHORIZATION) > 1:
            raise BadRequest("The header {name} may be sent once only.", name="Authorization")
        given = names.count(_HOST)
        if given > 1:
            raise BadRequest("The header {name} may be sent once only.", name="Host")
        if scope["path"] in _UNDER_ANY_NAME:
            return
        if not given:
            raise BadRequest("The header {name} is missing.", name="Host")
        host = headers[names.index(_HOST)][1]
        if not self._is_ours(host):
            raise BadRequest(
                "The portal does not have the name {host}.",
                host=host[:_LONGEST_SHOWN].decode("latin-1"),
            )

    def _has_name(self, host: bytes) -> bool:
        found = _NAME.fullmatch(host)
        return found is not None and found[1].lower() in self._names
