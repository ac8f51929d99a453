"""What documents look like on paper, and the XML that they carry."""

import io
from copy import deepcopy
from typing import Any

import pytest
import segno
from pikepdf import Pdf
from PIL import Image

from portal.printing.cii import cii
from portal.printing.pdf import pdf
from portal.printing.sheet import Sheet
from portal.viewer import Language
from tests.printed import BUYER, KINDS, LINES, SELLER, Line, says


def attached(document: bytes) -> dict[str, bytes]:
    """Give the files in a PDF."""
    with Pdf.open(io.BytesIO(document)) as opened:
        return {name: file.get_file().read_bytes() for name, file in opened.attachments.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_a_factur_x_and_the_same_bytes_each_time(kind: str) -> None:
    document = pdf(KINDS[kind])
    assert document == pdf(deepcopy(KINDS[kind]))
    assert attached(document) == {"factur-x.xml": cii(KINDS[kind])}
    with Pdf.open(io.BytesIO(document)) as opened:
        root, described = opened.Root, opened.Root.Metadata.read_bytes()
        assert (len(opened.pages), str(root.Lang)) == (1, KINDS[kind]["language"].lower())
        assert root.MarkInfo.Marked
        assert str(root.AF[0].AFRelationship) == "/Alternative"
    for part in (
        b"<pdfaid:part>3</",
        b"<pdfaid:conformance>B</",
        b"<pdfuaid:part>1</",
        b"<fx:ConformanceLevel>EN 16931</",
        b"<fx:DocumentFileName>factur-x.xml</",
    ):
        assert part in described  # fmt: skip


def test_what_is_no_electronic_invoice_is_paper_alone() -> None:
    document = pdf(says(seller=SELLER | {"iban": None}))
    assert attached(document) == {}
    assert b"fx:ConformanceLevel" not in document


def test_it_says_what_it_bills_in_the_words_of_its_reader() -> None:
    shown = Sheet(KINDS["mixed"]).data()
    assert (shown["title"], shown["payable"], shown["code"]) == (
        "Factuur 2026-000123", "€\xa0433,52", "8F3K2-2QMXY",
    )  # fmt: skip
    assert shown["lines"][1] == {
        "name": "Extra lijn", "module": "Telefoonservice",
        "days": "01-11-2026 \u2013 30-11-2026 (13 van 30 dagen)", "quantity": "13 dag",
        "price": "99,00 / 30", "vat": "21%", "net": "42,90",
    }  # fmt: skip
    assert shown["totals"] == [
        ("Totaal zonder btw", "363,78"), ("Btw 21% over 308,28", "64,74"),
        ("Btw 9% over 55,50", "5,00"),
    ]  # fmt: skip
    assert shown["payment"] == [
        "Te betalen uiterlijk 31 december 2026.",
        "2% (€\xa08,67) korting bij betaling t/m 9 december 2026: €\xa0424,85.",
        "Op NL91 ABNA 0417 1643 00 van Portaal Diensten B.V., onder vermelding van 2026-000123.",
    ]
    assert shown["modules"] == [
        ["Telefoonservice", "01-10-2024", "30-09-2027", "2 maanden", "31-07-2027"]
    ]
    german = Sheet(KINDS["reversed"]).data()
    assert german["reasons"] == ["Steuerschuldnerschaft des Leistungsempfängers"]
    assert german["buyer"][-1] == "Deutschland"
    credit = Sheet(KINDS["credit"]).data()
    assert (credit["lead"], credit["words"]["payable"], credit["payment"]) == (
        "Corrigeert factuur 2026-000123 van 1 december 2026.", "Tegoed",
        ["Wordt verrekend met wat te betalen is."],
    )  # fmt: skip
    why = Sheet(KINDS["credit"] | {"reason": "Te veel berekend."}).data()["lead"]
    assert why == "Corrigeert factuur 2026-000123 van 1 december 2026. Te veel berekend."
    assert Sheet(KINDS["test"]).data()["watermark"] == "TEST: dit is geen factuur"
    assert Sheet(KINDS["debit"]).data()["payment"] == [
        "Will be collected from your bank account on 15 December 2026."
    ]


def test_a_credit_taken_before_lowers_what_is_to_be_paid() -> None:
    shown = Sheet(KINDS["mixed"] | {"creditTaken": "33.52", "payable": "400.00"}).data()
    assert shown["totals"][-2:] == [("Totaal", "433,52"), ("Reeds voldaan", "-33,52")]
    assert shown["payable"] == "€\xa0400,00"


def test_the_code_of_a_transfer_is_what_banks_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """EPC069-12, version 2: 79 bytes in the size that its rules allow, with correction M."""
    drawn: list[Any] = []
    make = segno.make_qr

    def noting(content: Any, **options: Any) -> Any:
        drawn.append((content, make(content, **options)))
        return drawn[-1][1]

    monkeypatch.setattr("segno.helpers.segno.make_qr", noting)
    pdf(KINDS["mixed"])
    for kind in ("credit", "debit", "test"):
        pdf(KINDS[kind])
    ((content, code),) = drawn
    assert content == (
        b"BCD\n002\n1\nSCT\n\nPortaal Diensten B.V.\nNL91ABNA0417164300\nEUR433.52\n\n\n2026-000123"
    )
    assert (len(content), code.designator) == (79, "5-M")


def test_long_documents_and_unknown_letters_are_set_too() -> None:
    lines = [Line(f"{'Omschrijving ' * 12}{number}", "1", "1.00") for number in range(40)]
    buyer = BUYER | {"name": "中文 Ελλάδα Україна Åse 中"}
    for language in Language:
        document = pdf(says(lines, buyer=buyer, language=language))
        with Pdf.open(io.BytesIO(document)) as opened:
            assert len(opened.pages) > 2
    assert "中文".encode() in attached(document)["factur-x.xml"]


def test_the_logo_stands_in_place_of_the_name() -> None:
    plain, picture = pdf(says(LINES[:1])), io.BytesIO()
    Image.new("RGB", (40, 20), "#1a5fb4").save(picture, "PNG")
    pictures = []
    for document in (plain, pdf(says(LINES[:1]), picture.getvalue())):
        with Pdf.open(io.BytesIO(document)) as opened:
            pictures.append(len(opened.pages[0].get_images()))
    assert pictures == [0, 1]
    # What nobody can draw is left out, and the invoice stays.
    assert pdf(says(LINES[:1]), b"\x89PNG broken") == plain
