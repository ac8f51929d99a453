"""Which requests are plain enough to be refused without being parsed."""

import pytest

from portal.web.door import busy

BODY = b'{"query":"{ viewer { name } }"}'


def asked(*lines, body=BODY):
    return b"\r\n".join([b"POST /graphql HTTP/1.1", b"Host: a.example", *lines, b"", body])


@pytest.mark.parametrize(
    ("lines", "language"),
    [
        ([b"Content-Length: 31"], b""),
        ([b"Accept-Language: nl, en;q=0.5", b"Content-Length: 31"], b"nl, en;q=0.5"),
        ([b"content-length: 31", b"ACCEPT-LANGUAGE: DE"], b"de"),
    ],
)
def test_a_plain_request_tells_its_languages(lines, language):
    assert busy.language_of_simple(asked(*lines)) == language


@pytest.mark.parametrize(
    "request_",
    [
        asked(),
        asked(b"Content-Length: 30"),
        asked(b"Content-Length: 32"),
        asked(b"Content-Length: +31"),
        asked(b"Content-Length:31"),
        asked(b"Content-Length: 31", body=BODY + b"GET / HTTP/1.1"),
        # What two servers could read in two ways.
        asked(b"Content-Length: 31", b"Content-Length: 31"),
        asked(b"Content-Length:5", b"Content-Length: 31"),
        asked(b"Content-Length : 5", b"Content-Length: 31"),
        asked(b"A: b\nContent-Length: 5", b"Content-Length: 31"),
        asked(b"Content-Length: 31", b"Transfer-Encoding: chunked"),
        asked(b"A: b\nTransfer-Encoding: chunked", b"Content-Length: 31"),
        asked(b"Content-Length: 31", b"Expect: 100-continue"),
        asked(b"Content-Length: 31", b"Connection: close"),
        asked(b"Content-Length: 31", b"Upgrade: h2c"),
        asked(b"Content-Length: 31", b"Origin: https://portal.example"),
    ],
)
def test_everything_else_is_parsed(request_):
    assert busy.language_of_simple(request_) is None
