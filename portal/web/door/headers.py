"""Headers: those of a request, one by one, and those that every answer carries."""

from collections.abc import Iterable

from starlette.types import Scope

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    # Browsers heed it on an answer that came by TLS, and only there.
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_PAIRS = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
_NAMES = frozenset(name for name, _ in _PAIRS)
# Whether a page may use the portal decides over every answer.
_VARY = (b"vary", b"Origin")

Pair = tuple[bytes, bytes]


def header(scope: Scope, name: bytes) -> str | None:
    """Give the first value of a request's header, named in small letters; None without one."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return None


def with_security(said: Iterable[Pair]) -> list[Pair]:
    """Add to the headers of an answer what they do not say themselves."""
    pairs = [*said, _VARY]
    names = {name for name, _ in pairs}
    if _NAMES.isdisjoint(names):
        return pairs + _PAIRS
    return pairs + [pair for pair in _PAIRS if pair[0] not in names]
