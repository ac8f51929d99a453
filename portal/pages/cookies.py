"""The cookies of the pages: who is logged in, and what was just done."""

from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_DONE_SECONDS: Final = 60
# How long after its session a form that is still open knows whose it was.
_REMEMBERED: Final = timedelta(hours=12)


class Cookies:
    """The cookies, under names that no other host can set where the portal is reached by TLS."""

    def __init__(self, *, is_secure: bool) -> None:
        self._is_secure = is_secure
        prefix = "__Host-" if is_secure else ""
        self._session, self._done = f"{prefix}portal", f"{prefix}portal-done"
        self._person = f"{prefix}portal-person"

    def token(self, request: Request) -> str | None:
        """Give the token of the session."""
        return request.cookies.get(self._session)

    def person(self, request: Request) -> str | None:
        """Name the person whose session it is, or was: it says so for a while after its end."""
        return request.cookies.get(self._person)

    def open(self, answer: Response, token: str, expires_at: datetime, person: str) -> None:
        """Let the browser keep a session, and whose it is."""
        self._set(answer, self._session, token, expires=expires_at)
        self._set(answer, self._person, person, expires=expires_at + _REMEMBERED)

    def close(self, answer: Response) -> None:
        """Let the browser forget the session."""
        self._delete(answer, self._session)
        self._delete(answer, self._person)

    def done(self, request: Request) -> str | None:
        """Name the page whose change was just made."""
        return request.cookies.get(self._done)

    def note_done(self, answer: Response, page: str) -> None:
        """Take note of the page whose change was made, for the page that is shown next."""
        self._set(answer, self._done, page, max_age=_DONE_SECONDS)

    def forget_done(self, answer: Response) -> None:
        """Forget it, once it was shown."""
        self._delete(answer, self._done)

    def _set(
        self,
        answer: Response,
        name: str,
        value: str,
        *,
        max_age: int | None = None,
        expires: datetime | None = None,
    ) -> None:
        answer.set_cookie(
            name,
            value,
            max_age=max_age,
            expires=expires,
            path="/",
            secure=self._is_secure,
            httponly=True,
            samesite="lax",
        )

    def _delete(self, answer: Response, name: str) -> None:
        answer.delete_cookie(name, path="/", secure=self._is_secure, httponly=True, samesite="lax")
