"""Writing XML: what stands in the forms of electronic invoices alike."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from portal.printing.says import Says, is_credit_note, is_debited

Node = Any
"""An element of lxml, which has no types."""


class Writer:
    """Adds elements by their prefixed names, each after the one before."""

    def __init__(self, namespaces: Mapping[str | None, str]) -> None:
        self._namespaces = namespaces

    def root(self, name: str) -> Node:
        """Begin a document."""
        return etree.Element(self._full(name), nsmap=self._namespaces)

    def add(self, parent: Node, path: str, text: str | None = None, **attributes: str) -> Node:
        """Add elements, one in the other; the last one has the text."""
        for name in path.split("/"):
            parent = etree.SubElement(parent, self._full(name))
        parent.text = text
        parent.attrib.update(attributes)
        return parent

    def maybe(self, parent: Node, path: str, text: str | None, **attributes: str) -> None:
        """Add elements where there is a text for them."""
        if text:
            self.add(parent, path, text, **attributes)

    def _full(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"{{{self._namespaces[prefix or None]}}}{local}"


def written(root: Node) -> bytes:
    """Give the document."""
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


def means_code(says: Says) -> str:
    """Give how it is paid (UNCL 4461): by transfer, or else as the parties have agreed.

    The codes of direct debits ask for a mandate.
    """
    if is_credit_note(says) or is_debited(says):
        return "57"
    return "58"


def signed(line: Says) -> tuple[str, str]:
    """Give quantity and unit price such that the price is not negative (BR-27)."""
    quantity, price = line["quantity"], line["unitPrice"]
    return (f"-{quantity}", price[1:]) if price.startswith("-") else (quantity, price)


def period_of(says: Says) -> tuple[str, str]:
    """Give the first and the last day of all its lines."""
    lines = says["lines"]
    return min(line["firstDay"] for line in lines), max(line["lastDay"] for line in lines)
