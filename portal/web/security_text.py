"""``/.well-known/security.txt``: whom to tell of a weakness (RFC 9116)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

PATH = "/.well-known/security.txt"
# RFC 9116, 2.5.5: less than a year, so that nobody writes to an address that is long gone.
_GOOD_FOR = timedelta(days=180)


class SecurityText:
    """The page that names the contact."""

    def __init__(self, contact: str, now: Callable[[], datetime]) -> None:
        """Name a contact, as a URI."""
        self._contact = contact
        self._now = now

    async def answer(self, _request: Request) -> Response:
        """Answer with the contact, good for half a year from today."""
        expires = (self._now() + _GOOD_FOR).strftime("%Y-%m-%dT00:00:00Z")
        return PlainTextResponse(
            f"Contact: {self._contact}\nExpires: {expires}\nPreferred-Languages: en, nl, de\n"
        )
