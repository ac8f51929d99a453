"""The operator's colour, as light or dark as letters on it and of it need (WCAG 2.2, 1.4.3)."""

import re
from functools import lru_cache

_FORM = re.compile(r"#[0-9a-f]{6}")
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
# The grounds of the style sheet that the colour has to be seen on.
_LIGHT, _DARK = (244, 245, 248), (30, 34, 45)
_LEAST = 4.6
_STEPS = 100

_Rgb = tuple[int, int, int]


def is_colour(text: str) -> bool:
    """Whether a text is a colour as the operator's profile has it."""
    return _FORM.fullmatch(text) is not None


@lru_cache(64)
def accent_sheet(colour: str) -> str:
    """Give the style sheet of a colour."""
    light = readable(_parsed(colour), _LIGHT)
    dark = readable(_parsed(colour), _DARK)
    return (
        f":root {{ --accent: {_written(light)}; --accent-ink: {_written(ink_on(light))} }}\n"
        "@media (prefers-color-scheme: dark) {\n"
        f"  :root {{ --accent: {_written(dark)}; --accent-ink: {_written(ink_on(dark))} }}\n"
        "}\n"
    )


def readable(colour: _Rgb, ground: _Rgb) -> _Rgb:
    """Give the colour nearest to this one that can be read on the ground."""
    towards = _BLACK if contrast(_BLACK, ground) > contrast(_WHITE, ground) else _WHITE
    for step in range(_STEPS + 1):
        mixed = _mixed(colour, towards, step / _STEPS)
        if contrast(mixed, ground) >= _LEAST:
            return mixed
    return towards


def ink_on(colour: _Rgb) -> _Rgb:
    """Give the letters that are seen best on a colour."""
    return max((_WHITE, (16, 19, 26)), key=lambda ink: contrast(ink, colour))


def contrast(one: _Rgb, other: _Rgb) -> float:
    """Give the contrast of two colours: 1 for the same, 21 for black and white."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: _Rgb) -> float:
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _mixed(colour: _Rgb, other: _Rgb, share: float) -> _Rgb:
    red, green, blue = (
        round(mine + (theirs - mine) * share) for mine, theirs in zip(colour, other, strict=True)
    )
    return red, green, blue


def _parsed(colour: str) -> _Rgb:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def _written(colour: _Rgb) -> str:
    return f"#{bytes(colour).hex()}"
