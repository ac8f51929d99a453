"""HTML answers: their headers, and how they are compressed."""

from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from portal.web.door.compression import WORTH_COMPRESSING, compressed
from portal.web.door.headers import header
from portal.web.door.negotiation import HTML, JSON, preferred

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # A browser that is told to send no referrer writes "Origin: null" on our own forms.
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}
_FORM: Final = "application/x-www-form-urlencoded"
_OWN_SITES = {None, "same-origin", "none"}


def html(text: str, status: int = 200) -> Response:
    """Give a page; nobody keeps it, like every answer that says nothing else."""
    return HTMLResponse(text, status, _HEADERS)


async def sent(request: Request, answer: Response) -> Response:
    """Compress a page, but for one that another site made the browser ask for.

    That site could choose what is written beside what is secret, and measure (BREACH).
    """
    site = header(request.scope, b"sec-fetch-site")
    if site not in _OWN_SITES or len(answer.body) < WORTH_COMPRESSING:
        return answer
    return await compressed(answer, header(request.scope, b"accept-encoding"))


def wants_page(scope: Scope) -> bool:
    """Whether a browser asks, which wants HTML; programs want JSON, or say nothing."""
    return preferred(header(scope, b"accept"), (JSON, HTML)) == HTML


def is_form(request: Request) -> bool:
    """Whether a form was sent."""
    kind = header(request.scope, b"content-type") or ""
    return kind.partition(";")[0].strip().lower() == _FORM


def is_own(request: Request) -> bool:
    """Whether a page of ours sent a form: every browser says of which origin its page is."""
    headers = Headers(scope=request.scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin"
    return origin is not None and origin.partition("://")[2] == headers.get("host")


def own_path(given: str | None) -> str:
    """Give a path of ours to go on to, whatever was sent; the first page for any other."""
    is_ours = (
        given is not None
        and given.startswith("/")
        and not given.startswith("//")
        and given.isascii()
        and given.isprintable()
        and "\\" not in given
    )
    return given if given is not None and is_ours else "/"
