"""What a file is by its content, whatever it is called; what is none of these is not taken."""

import re
from collections.abc import Iterable
from enum import StrEnum

_PDF = re.compile(rb"%PDF-[12]\.[0-9]")
_PDF_END, _PDF_TAIL = b"%%EOF", 1024
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"\x00\x00\x00\x00IEND\xaeB`\x82"
_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_MARK = "\ufeff"
# Markup is no table, and what is no text has signs that no table needs.
_NO_TABLE = re.compile(r"\A\s*(<|\Z)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class FileKind(StrEnum):
    """A kind of file; a picture with scripts in it (SVG) is none."""

    CSV = "CSV"
    PDF = "PDF"
    PNG = "PNG"
    JPEG = "JPEG"


def kind_of(content: bytes) -> FileKind | None:
    """Give what a file is, whole from its first bytes to its last; None for anything else."""
    if _PDF.match(content):
        return FileKind.PDF if _PDF_END in content[-_PDF_TAIL:] else None
    if content.startswith(_PNG):
        return FileKind.PNG if content.endswith(_PNG_END) else None
    if content.startswith(_JPEG):
        return FileKind.JPEG if content.endswith(_JPEG_END) else None
    return FileKind.CSV if _is_table(content) else None


def text_of(content: bytes) -> str:
    """Give the text of a CSV, without a mark that says that it is UTF-8."""
    return content.decode().removeprefix(_MARK)


def listed(kinds: Iterable[FileKind]) -> list[str]:
    """Give kinds as people call them."""
    return [kind.value for kind in kinds]


def _is_table(content: bytes) -> bool:
    try:
        return _NO_TABLE.search(text_of(content)) is None
    except UnicodeDecodeError:
        return False
