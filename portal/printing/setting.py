"""Setting a sheet as PDF/A-3, tagged (PDF/UA): the same bytes each time."""

import io
import json
import logging
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst
from PIL import Image

# Its types do not know that it takes several files.
_compile: Any = typst.compile
_log = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent
_STANDARDS = ["a-3b", "ua-1"]
_UNKNOWN = "\u25a1"
_NOT_SHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_MOST_TRIES = 20
_LAST_LATIN = 0x24F


def set_sheet(template: str, data: Mapping[str, Any], given: Mapping[str, bytes]) -> bytes:
    """Set what the template makes of the data; what no letter of the font shows becomes a box."""
    text = json.dumps(data, ensure_ascii=False)
    for _ in range(_MOST_TRIES):
        try:
            return _compiled(template, text, given)
        except typst.TypstError as fault:
            unknown = _NOT_SHOWN.search(str(fault))
            if unknown is None:
                raise
            text = text.translate(dict.fromkeys(map(ord, unknown[1]), _UNKNOWN))
    shown = "".join(one if ord(one) <= _LAST_LATIN else _UNKNOWN for one in text)
    return _compiled(template, shown, given)


def drawn(logo: bytes | None) -> dict[str, bytes]:
    """Give a picture as the text that a template can be given; nothing where there is none."""
    if logo is None:
        return {}
    try:
        with Image.open(io.BytesIO(logo)) as picture:
            picture.load()
            (width, height), kind = picture.size, picture.get_format_mimetype()
    except OSError:
        # A picture that cannot be drawn holds up no document.
        _log.warning("The operator's logo cannot be drawn.", exc_info=True)
        return {}
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}"'
        f' href="data:{kind};base64,{b64encode(logo).decode()}"/></svg>'
    )
    return {"/logo.svg": svg.encode()}


@cache
def _fonts() -> typst.Fonts:
    folder = str(files("fontpkg_lato") / "files")
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _compiled(template: str, text: str, given: Mapping[str, bytes]) -> bytes:
    made: bytes = _compile(
        {
            "main.typ": (_FOLDER / template).read_bytes(),
            "/says.json": text.encode(),
            **given,
        },
        format="pdf",
        pdf_standards=_STANDARDS,
        font_paths=_fonts(),
    )
    return made
