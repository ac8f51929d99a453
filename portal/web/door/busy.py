"""Overload answer: fixed bytes, and the requests that they can be given to without parsing."""

from functools import lru_cache

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from portal.errors import Unavailable
from portal.web.answer import failure_answer
from portal.web.door.headers import with_security
from portal.web.door.limiter import BUSY
from portal.web.door.negotiation import language_of

LONGEST_LANGUAGE = 200
"""Bytes of Accept-Language that are looked at."""
_SIMPLE = b"POST /graphql HTTP/1.1\r\n"
# What makes a request more than a header and a body of one length.
_NOT_SIMPLE = (
    b"transfer-encoding",
    b"expect",
    b"connection",
    b"upgrade",
    b"origin",
)


def language_of_simple(data: bytes) -> bytes | None:
    """Give the languages that a whole plain operation accepts; None where it is anything else."""
    if not data.startswith(_SIMPLE):
        return None
    head, _, body = data.partition(b"\r\n\r\n")
    head = head.lower()
    _, found, rest = head.partition(b"\r\ncontent-length: ")
    # Two lengths, however they are written, are for the parser to refuse.
    if not found or head.count(b"content-length") > 1 or any(one in head for one in _NOT_SIMPLE):
        return None
    if rest.partition(b"\r\n")[0] != b"%d" % len(body):
        return None
    return head.partition(b"\r\naccept-language: ")[2].partition(b"\r\n")[0][:LONGEST_LANGUAGE]


@lru_cache(64)
def busy(accept_language: bytes, *, keeps: bool) -> bytes:
    """Give the whole answer, the same that the limiter's refusal becomes."""
    language = language_of(accept_language.decode("latin-1"))
    answer = failure_answer(Unavailable(BUSY, seconds=1), language, "")
    if not keeps:
        answer.headers["Connection"] = "close"
    return written(answer)


def written(answer: Response) -> bytes:
    """Give an answer as it is sent."""
    headers = with_security(answer.raw_headers)
    lines = [STATUS_LINE[answer.status_code].rstrip()]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"", bytes(answer.body)])
