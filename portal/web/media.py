"""Media types: which one an answer takes, and whether a body is JSON."""

from dataclasses import dataclass

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
HTML = "text/html"
# More than any client sends; each costs a little.
_MOST_RANGES = 50


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


def preferred(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """Give the offered type the header likes best; None when it takes none of them.

    Equal quality is decided by the closer range, then by the header's order, then by ours
    (RFC 9110, 12.5.1).
    """
    ranges = _ranges(accept or "*/*")
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


def is_json(content_type: str | None) -> bool:
    """Whether a body says that it is JSON in UTF-8."""
    media_type, *parameters = [part.strip() for part in (content_type or "").lower().split(";")]
    values = dict(part.partition("=")[::2] for part in parameters)
    charset = values.get("charset", "utf-8").strip('"')
    return media_type == JSON and charset in {"utf-8", "utf8"}


def _ranges(accept: str) -> list[_Range]:
    ranges = []
    for position, part in enumerate(accept.lower().split(",", _MOST_RANGES)[:_MOST_RANGES]):
        pattern, *parameters = [piece.strip() for piece in part.split(";")]
        quality = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        if pattern:
            ranges.append(_Range(pattern, _quality(quality), position))
    return ranges


def _quality(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0
