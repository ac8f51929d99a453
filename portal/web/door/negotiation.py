"""Content negotiation (RFC 9110, 12): media types, encodings and languages that a request takes."""

import re
from functools import lru_cache

from babel import negotiate_locale
from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from portal.viewer import Language

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
HTML = "text/html"
FORM = "multipart/form-data"

# More than any client sends; what is behind costs nothing and counts for nothing.
_LONGEST = 1_000
# RFC 2046, 5.1.1.
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_CHARSET = re.compile(r";\s*charset\s*=[^,;]*", re.IGNORECASE)
_remembered = lru_cache(maxsize=64)


@_remembered
def preferred(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """Give the offered type the header likes best; None when it takes none of them.

    Of equals the one that the header names first, then ours. Which charset it asks for says
    nothing: JSON is in UTF-8.
    """
    asked = _CHARSET.sub("", (accept or "*/*")[:_LONGEST])
    ranges = parse_accept_header(asked, MIMEAccept)
    return ranges.best_match(sorted(offered, key=ranges.find))


@_remembered
def is_json(content_type: str | None) -> bool:
    """Whether a body says that it is JSON in UTF-8."""
    media_type, parameters = parse_options_header((content_type or "")[:_LONGEST])
    charset = parameters.get("charset", "utf-8").lower()
    return media_type.lower() == JSON and charset in {"utf-8", "utf8"}


def boundary_of(content_type: str | None) -> bytes | None:
    """Give what stands between the parts of a form (RFC 7578); None for any other body."""
    media_type, parameters = parse_options_header((content_type or "")[:_LONGEST])
    boundary = parameters.get("boundary", "")
    if media_type.lower() != FORM or not _BOUNDARY.fullmatch(boundary):
        return None
    return boundary.encode()


@_remembered
def takes_gzip(accept_encoding: str | None) -> bool:
    """Whether an answer may come as gzip."""
    accepted = parse_accept_header((accept_encoding or "")[:_LONGEST], Accept)
    return accepted.quality("gzip") > 0


@_remembered
def language_of(accept_language: str | None) -> Language:
    """Choose a language for somebody who is not logged in.

    The weightiest that there is wins, of equals the first; without any it is English.
    """
    ranges = parse_accept_header((accept_language or "")[:_LONGEST])
    wanted = [name.lower() for name, weight in ranges if weight]
    chosen = negotiate_locale(wanted, [language.lower() for language in Language], sep="-")
    return Language(chosen.upper()) if chosen else Language.EN
