"""Tags of answers to GET, so that what did not change need not travel again."""

from hashlib import blake2b

import orjson
from starlette.requests import Request
from starlette.responses import Response

from portal.viewer import Role, Viewer
from portal.web.door.headers import header


def tagged(answer: Response, data: object, request: Request, viewer: Viewer) -> Response:
    """Give the answer its tag, or 304 where the request names that tag already.

    The tag is of the data alone, and weak: the cost beside it changes. What was answered to
    somebody who is logged in stays out of every cache; a program may keep it and name its tag.
    """
    digest = blake2b(orjson.dumps(data), digest_size=16)
    digest.update(answer.headers["content-type"].encode())
    answer = unless_known(answer, digest.hexdigest(), request)
    answer.headers["Vary"] = "Accept, Accept-Encoding, Accept-Language, Authorization"
    if viewer.role is Role.ANONYMOUS:
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def unless_known(answer: Response, digest: str, request: Request) -> Response:
    """Give the answer a weak tag, or 304 where the request names that tag already."""
    tag = f'W/"{digest}"'
    known = [part.strip() for part in (header(request.scope, b"if-none-match") or "").split(",")]
    if tag in known or tag.removeprefix("W/") in known or known == ["*"]:
        answer = Response(status_code=304)
    answer.headers["ETag"] = tag
    return answer
