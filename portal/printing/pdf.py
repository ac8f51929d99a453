"""Documents as PDF/A-3 with the same invoice inside as XML (Factur-X); the same bytes each time."""

import io
import json
import logging
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import segno.helpers
import typst
from pikepdf import Name, Pdf
from PIL import Image

from portal.printing.cii import cii
from portal.printing.einvoice import problems_of_cii
from portal.printing.says import Says, is_credit_note, is_debited
from portal.printing.sheet import Sheet

RENDERER = 1
"""Counts the forms that documents had, so that a file says by which it was made."""

# Its types do not know that it takes several files.
_compile: Any = typst.compile
_log = logging.getLogger(__name__)
_TEMPLATE = Path(__file__).with_name("invoice.typ")
_STANDARDS = ["a-3b", "ua-1"]
_FACTUR_X = Path(__file__).with_name("factur_x.xmp")
_UNKNOWN = "\u25a1"
_NOT_SHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_LONGEST_NAME = 70
_MOST_TRIES = 20
_LAST_LATIN = 0x24F


def pdf(says: Says, logo: bytes | None = None) -> bytes:
    """Set what a document says; without the XML where that could not be one (``einvoice``)."""
    given: dict[str, bytes] = {}
    drawn = logo and _drawn(logo, says["number"])
    if drawn:
        given["/logo.svg"] = drawn
    has_xml, code = not problems_of_cii(says), _transfer_code(says)
    if has_xml:
        given["/factur-x.xml"] = cii(says)
    if code:
        given["/qr.svg"] = code
    there = {"logo": bool(drawn), "xml": has_xml, "qr": code is not None}
    made = _set(Sheet(says).data() | there, given)
    return _marked(made) if has_xml else made


@cache
def _fonts() -> typst.Fonts:
    folder = str(files("fontpkg_lato") / "files")
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _drawn(logo: bytes, number: str) -> bytes | None:
    """Give a picture as text, which is all that the template can be given."""
    try:
        with Image.open(io.BytesIO(logo)) as picture:
            picture.load()
            (width, height), kind = picture.size, picture.get_format_mimetype()
    except OSError:
        # A picture that cannot be drawn holds up no invoice.
        _log.warning("The logo of document %s cannot be drawn.", number, exc_info=True)
        return None
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}"'
        f' href="data:{kind};base64,{b64encode(logo).decode()}"/></svg>'
    ).encode()


def _set(data: Any, given: dict[str, bytes]) -> bytes:
    """Set the sheet; what no letter of the font shows becomes a box."""
    text = json.dumps(data, ensure_ascii=False)
    for _ in range(_MOST_TRIES):
        try:
            return _compiled(text, given)
        except typst.TypstError as fault:
            unknown = _NOT_SHOWN.search(str(fault))
            if unknown is None:
                raise
            text = text.translate(dict.fromkeys(map(ord, unknown[1]), _UNKNOWN))
    return _compiled("".join(one if ord(one) <= _LAST_LATIN else _UNKNOWN for one in text), given)


def _compiled(text: str, given: dict[str, bytes]) -> bytes:
    source = {"main.typ": _TEMPLATE.read_bytes(), "/says.json": text.encode(), **given}
    made: bytes = _compile(
        source,
        format="pdf",
        pdf_standards=_STANDARDS,
        font_paths=_fonts(),
    )
    return made


def _transfer_code(says: Says) -> bytes | None:
    """Draw the code from which a banking app takes a transfer (EPC069-12); None where none is."""
    seller = says["seller"]
    is_paid = is_credit_note(says) or is_debited(says) or float(says["payable"]) == 0
    if says["isTest"] or is_paid or not seller["iban"]:
        return None
    code = segno.helpers.make_epc_qr(
        seller["name"][:_LONGEST_NAME],
        seller["iban"],
        says["payable"],
        text=says["number"],
        encoding=1,
    )
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=2, light="white")
    return drawn.getvalue()


def _marked(made: bytes) -> bytes:
    """Say in the PDF's own description that the XML in it is an invoice."""
    with Pdf.open(io.BytesIO(made)) as document:
        described = document.Root.Metadata.read_bytes()
        end = described.rindex(b"</rdf:RDF>")
        document.Root.Metadata = document.make_stream(
            described[:end] + _FACTUR_X.read_bytes() + described[end:],
            {"/Type": Name.Metadata, "/Subtype": Name.XML},
        )
        marked = io.BytesIO()
        document.save(marked, deterministic_id=True)
        return marked.getvalue()
