"""A wish for another protocol (Upgrade: h2c), which a server may pass over (RFC 9110, 7.8).

Java's HttpClient and ``curl --http2`` send it with every first request. The parser takes what
follows for the other protocol, the body too; so the header is parsed again without the wish.
"""

from collections.abc import Iterable

from portal.web.door.headers import Pair

# Both belong to the wish and to this connection alone.
_OF_THE_WISH = {b"upgrade", b"http2-settings"}


def without_upgrade(method: bytes, target: bytes, version: str, headers: Iterable[Pair]) -> bytes:
    """Give the header of a request as it is without the wish."""
    lines = [b"%b %b HTTP/%b" % (method, target, version.encode())]
    for name, value in headers:
        if name == b"connection":
            kept = [one for one in value.split(b",") if one.strip().lower() not in _OF_THE_WISH]
            lines.append(name + b": " + b",".join(kept).strip())
        elif name not in _OF_THE_WISH:
            lines.append(name + b": " + value)
    return b"\r\n".join([*lines, b"", b""])
