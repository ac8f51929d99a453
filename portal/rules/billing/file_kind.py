"""The files of a document."""

from enum import StrEnum


class DocumentFileKind(StrEnum):
    """A form of a document: for people with XML (CII) inside, and the XML of its own."""

    PDF = "PDF"
    UBL = "UBL"
    CII = "CII"
