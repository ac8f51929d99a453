"""HTTP answers: JSON throughout, failures included."""

from collections.abc import Callable, Mapping

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope
from typing_extensions import override

from portal.errors import Code, RateLimited, Unavailable, translatable
from portal.language.messages import translate
from portal.viewer import Language
from portal.web.door.headers import Pair, header
from portal.web.door.negotiation import GRAPHQL, JSON, language_of
from portal.web.failure import any_failure

_STATUSES: Mapping[object, int] = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.TIMEOUT: 408,
    Code.QUERY_TOO_LARGE: 413,
    Code.RATE_LIMITED: 429,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
}
# What an operation that could have run is answered with, where the media type shows it.
_UNFINISHED: Mapping[object, int] = {
    Code.TIMEOUT: 504,
    Code.UNAVAILABLE: 503,
    Code.INTERNAL: 500,
}
# A failure that says where to log in (RFC 6750) or when to come back.
_HEADERS: Mapping[int, Mapping[str, str]] = {
    401: {"WWW-Authenticate": "Bearer"},
    408: {"Connection": "close"},
    413: {"Connection": "close"},
    503: {"Retry-After": "5"},
}
_NOT_FOUND = 404
_CONTENT_TYPES: Mapping[str, Pair] = {
    kind: (b"content-type", f"{kind}; charset=utf-8".encode()) for kind in (JSON, GRAPHQL)
}
_VARY = (b"vary", b"Accept, Accept-Encoding")
# What Starlette itself says of a path and of a method.
_BY_STARLETTE = {
    "Not Found": translatable("There is no such page."),
    "Method Not Allowed": translatable("This method is not served."),
}


Shown = Callable[[Scope, Response], Response]
"""A way to show a failure to whoever sent a request that came no further."""


def as_json(_scope: Scope, answer: Response) -> Response:
    """Leave a failure as programs get it."""
    return answer


def json_answer(
    content: object,
    status: int = 200,
    *,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Give a JSON answer."""
    return _JsonAnswer(orjson.dumps(content), status, headers, media_type)


class _JsonAnswer(Response):
    """An answer whose usual headers are written once."""

    @override
    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Give the headers of JSON, and others beside them."""
        self.raw_headers = [
            _CONTENT_TYPES[self.media_type or JSON],
            _VARY,
            (b"content-length", b"%d" % len(self.body)),
        ]
        if headers:
            self.headers.update(headers)


def language_for(request: Request) -> Language:
    """Give the language that the request asks for."""
    return language_of(header(request.scope, b"accept-language"))


def graphql_answer(response: Mapping[str, object], media_type: str) -> Response:
    """Give the answer to a well-formed GraphQL request.

    ``application/json`` is always 200; with the newer media type a request that did not begin
    to run has its own status (GraphQL over HTTP, 6.4).
    """
    status = 200
    if media_type == GRAPHQL and "data" not in response:
        status = _UNFINISHED.get(first_code(response), 400)
    return json_answer(response, status, media_type=media_type)


def failure_answer(
    error: Exception, language: Language, where: str, *, media_type: str = JSON
) -> Response:
    """Give the answer to a request that failed outside GraphQL."""
    response = {"errors": any_failure(error, language, where)}
    status = _STATUSES.get(first_code(response), 400)
    headers = _HEADERS.get(status)
    if isinstance(error, (RateLimited, Unavailable)) and "seconds" in error.values:
        headers = {"Retry-After": str(error.values["seconds"])}
    return json_answer(response, status, media_type=media_type, headers=headers)


async def http_failure(request: Request, error: Exception) -> Response:
    """Answer a path, method or media type that is not served."""
    if not isinstance(error, HTTPException):
        raise error
    code = Code.NOT_FOUND if error.status_code == _NOT_FOUND else Code.BAD_REQUEST
    entry = {
        "message": translate(_BY_STARLETTE.get(error.detail, error.detail), language_for(request)),
        "extensions": {"code": code},
    }
    return json_answer({"errors": [entry]}, error.status_code, headers=error.headers)


def first_code(response: Mapping[str, object]) -> object:
    """Give the code of the first error; None where there is none."""
    match response:
        case {"errors": [{"extensions": {"code": Code() as code}}, *_]}:
            return code
    return None
