"""Media types: which one an answer takes, and whether a body is JSON."""

from dataclasses import dataclass
from functools import lru_cache

from portal.language.weighting import weighted

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
HTML = "text/html"


@dataclass(frozen=True, slots=True)
class _Range:
    """One part of an Accept header."""

    pattern: str
    quality: float
    position: int

    def closeness(self, media_type: str) -> int:
        """How closely the range describes a type: 0 not at all, 3 by its name."""
        if self.pattern == media_type:
            return 3
        if self.pattern == f"{media_type.partition('/')[0]}/*":
            return 2
        return 1 if self.pattern == "*/*" else 0


@lru_cache(maxsize=64)
def preferred(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """Give the offered type the header likes best; None when it takes none of them.

    Equal quality is decided by the closer range, then by the header's order, then by ours
    (RFC 9110, 12.5.1).
    """
    ranges = [
        _Range(pattern, quality, position)
        for position, (pattern, quality) in enumerate(weighted(accept or "*/*"))
    ]
    best: tuple[float, int, int] | None = None
    choice = None
    for media_type in offered:
        match = max(ranges, key=lambda one: one.closeness(media_type), default=None)
        if match is None or not match.closeness(media_type) or not match.quality:
            continue
        rank = (match.quality, match.closeness(media_type), -match.position)
        if best is None or rank > best:
            best, choice = rank, media_type
    return choice


@lru_cache(maxsize=64)
def is_json(content_type: str | None) -> bool:
    """Whether a body says that it is JSON in UTF-8."""
    media_type, *parameters = [part.strip() for part in (content_type or "").lower().split(";")]
    values = dict(part.partition("=")[::2] for part in parameters)
    charset = values.get("charset", "utf-8").strip('"')
    return media_type == JSON and charset in {"utf-8", "utf8"}
