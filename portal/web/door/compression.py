"""Answers in fewer bytes, for those who take them so.

Only answers of the GraphQL endpoint and pages come here. Compressing what is secret beside what a
stranger chose lets the stranger guess the secret by the length (BREACH); for that a page must make
the victim's browser send requests with the victim's login. At the endpoint no browser can be made
to: a login is a header there that no foreign page has, and pages of other sites are refused. Our
own pages, which are read with a cookie, come here where no other site made the browser ask.
"""

import asyncio
import zlib

from starlette.responses import Response

from portal.web.door.negotiation import takes_gzip

WORTH_COMPRESSING = 1_000
"""Bytes from which on an answer gets smaller by more than the work is worth."""
# From here on it takes longer than a thread costs.
_LARGE = 50_000
# Half the time of the usual level 6 for a tenth more bytes.
_LEVEL = 4
_GZIP = 31


async def compressed(answer: Response, accept_encoding: str | None) -> Response:
    """Give the answer as gzip where it is worth it and the header takes it."""
    if not takes_gzip(accept_encoding):
        return answer
    body = bytes(answer.body)
    small = (
        await asyncio.to_thread(zlib.compress, body, _LEVEL, _GZIP)
        if len(body) > _LARGE
        else zlib.compress(body, _LEVEL, _GZIP)
    )
    answer.body = small
    answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Content-Length"] = str(len(small))
    return answer
