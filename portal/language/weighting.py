"""Weighted lists, as the Accept headers of HTTP hold them (RFC 9110, 12.4.2)."""

# More than any client sends; each costs a little.
_MOST_PARTS = 50


def weighted(header: str) -> list[tuple[str, float]]:
    """Give the values of a list in its order, in lower case, each with its weight from 0 to 1.

    A weight that is none counts as 0: the value is not wanted.
    """
    found = []
    for part in header.lower().split(",", _MOST_PARTS)[:_MOST_PARTS]:
        value, *parameters = [piece.strip() for piece in part.split(";")]
        weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        if value:
            found.append((value, _weight(weight)))
    return found


def _weight(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0
