"""Documents as PDF/A-3 with the same invoice inside as XML (Factur-X); the same bytes each time."""

import io
from pathlib import Path

import segno.helpers
from pikepdf import Name, Pdf

from portal.printing.cii import cii
from portal.printing.einvoice import problems_of_cii
from portal.printing.says import Says, is_credit_note, is_debited
from portal.printing.setting import drawn, set_sheet
from portal.printing.sheet import Sheet

RENDERER = 1
"""Counts the forms that documents had, so that a file says by which it was made."""

_FACTUR_X = Path(__file__).with_name("factur_x.xmp")
_LONGEST_NAME = 70


def pdf(says: Says, logo: bytes | None = None) -> bytes:
    """Set what a document says; without the XML where that could not be one (``einvoice``)."""
    given = drawn(logo)
    has_xml, code = not problems_of_cii(says), _transfer_code(says)
    there = {"logo": bool(given), "xml": has_xml, "qr": code is not None}
    if has_xml:
        given["/factur-x.xml"] = cii(says)
    if code:
        given["/qr.svg"] = code
    made = set_sheet("invoice.typ", Sheet(says).data() | there, given)
    return _marked(made) if has_xml else made


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
    written = io.BytesIO()
    code.save(written, kind="svg", border=2, light="white")
    return written.getvalue()


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
