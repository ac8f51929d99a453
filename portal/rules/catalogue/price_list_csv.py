"""A price list as CSV (RFC 4180): one line for each item, with its section."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from io import StringIO
from typing import Any

from portal.errors import InvalidInput, PortalError, Several, faults_below, gathered
from portal.rules.catalogue.item import MOST_ITEMS
from portal.rules.catalogue.terms import BillingBasis, BillingMode, EndingDay, TermUnit, VatCategory
from portal.viewer import Language

_TEXTS = ("section", "name", "unit")
_LANGUAGES = tuple(language.lower() for language in Language)
_TRANSLATED = tuple(f"{text}.{language}" for text in _TEXTS for language in _LANGUAGES)
_REQUIRED = ("section", "key", "name", "unit", "unitPrice", "vatCategory", "billingMode")
COLUMNS = (
    *("section", "key", "name", "unit", "unitCode", "unitPrice", "vatCategory"),
    *("vatExemptionCode", "vatExemptionText", "billingMode", "billingBasis"),
    *("isAdditionalOption", "noticePeriodCount", "noticePeriodUnit", "endingDay"),
    *_TRANSLATED,
)
_ENUMS: Mapping[str, type[Enum]] = {
    "vatCategory": VatCategory,
    "billingMode": BillingMode,
    "billingBasis": BillingBasis,
    "noticePeriodUnit": TermUnit,
    "endingDay": EndingDay,
}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False, "": False}
# What a spreadsheet takes a cell for that begins so; an apostrophe before it lets it be text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ESCAPE = "'"
_ESCAPED = (*_FORMULA, _ESCAPE)
_DELIMITERS = (",", ";", "\t")
_LONGEST_COUNT = 7
# Several times what all columns can hold.
_LONGEST_LINE = 10_000
# As the reader takes them: a carriage return alone ends a line, too.
_LINE_END = re.compile(r"\r\n?|\n")
_PRICE = re.compile(r"-?\d{1,14}([.,]\d{1,20})?", re.ASCII)

Cells = Mapping[str, Any]
"""A value for each column: a text, or what its column is made of."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item as a line of the file says it; ``number`` counts the lines from 1, the header's.

    Cells with a fault are left out; there are none where they cannot be told apart.
    """

    number: int
    cells: Cells | None
    faults: tuple[PortalError, ...] = ()


def written(rows: Sequence[Cells]) -> str:
    """Write items in their order; what a spreadsheet would take for a formula is escaped."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(name, row.get(name)) for name in COLUMNS] for row in rows)
    return text.getvalue()


def read(text: str) -> list[Line]:
    """Read items: set apart by semicolons, commas or tabs, with decimal points or commas.

    Every fault of a line has its number and the name of its column in its path.
    """
    lines = _LINE_END.split(text, MOST_ITEMS + 2)
    if len(lines) > MOST_ITEMS + 2:
        raise InvalidInput("May have at most {most} lines.", most=MOST_ITEMS)
    for number, line in enumerate(lines, 1):
        if len(line) > _LONGEST_LINE:
            raise InvalidInput(
                "Line {line} is too long: it may have {most} characters.",
                line=number,
                most=_LONGEST_LINE,
            )
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header)
        return list(_lines(reader, header))
    except csv.Error:
        raise InvalidInput(
            'Line {line} is not CSV: one of its " is missing.', line=reader.line_num
        ) from None


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max(_DELIMITERS, key=header.count)


def _check_header(header: Sequence[str]) -> None:
    faults = [
        *(
            InvalidInput("The first line lacks the column {column}.", column=name)
            for name in _REQUIRED
            if name not in header
        ),
        *(
            InvalidInput("There is no column {column}.", column=name)
            for name in header
            if name not in COLUMNS
        ),
        *(
            InvalidInput("The column {column} is there twice.", column=name)
            for name in COLUMNS
            if header.count(name) > 1
        ),
    ]
    if faults:
        raise Several(faults)


def _lines(reader: Any, header: Sequence[str]) -> Iterator[Line]:
    for row in reader:
        number = reader.line_num
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            fault = InvalidInput(
                "Has {count} cells, and the first line {columns}.",
                path=[str(number)],
                count=len(row),
                columns=len(header),
            )
            yield Line(number, None, (fault,))
            continue
        cells: dict[str, Any] = {}
        faults: list[PortalError] = []
        for name, cell in zip(header, row, strict=True):
            with gathered(faults), faults_below(str(number), name):
                cells[name] = _read(name, cell.strip())
        yield Line(number, cells, tuple(faults))


def _read(name: str, cell: str) -> Any:
    if name == "unitPrice":
        return _price(cell)
    if name == "noticePeriodCount":
        if cell and not (cell.isascii() and cell.isdigit() and len(cell) < _LONGEST_COUNT):
            raise InvalidInput("Must be a whole number.")
        return int(cell) if cell else None
    if name == "isAdditionalOption":
        if cell.lower() not in _BOOLEANS:
            raise InvalidInput("Must be true or false.")
        return _BOOLEANS[cell.lower()]
    if name in _ENUMS:
        known = {one.value: one for one in _ENUMS[name]}
        if cell and cell.upper() not in known:
            raise InvalidInput("Must be one of {values}.", values=", ".join(known))
        return known.get(cell.upper())
    if cell.startswith(_ESCAPE) and cell[1:].startswith(_ESCAPED):
        return cell[1:]
    if cell.startswith(_FORMULA):
        raise InvalidInput("Begins like a formula: put an apostrophe before it.")
    return cell


def _price(cell: str) -> Decimal:
    """Read a price with a point or a comma before its decimals, and nothing between thousands."""
    if not _PRICE.fullmatch(cell):
        raise InvalidInput("Must be a number, without a sign between thousands.")
    return Decimal(cell.replace(",", "."))


def _cell(name: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Enum():
            return str(value.value)
        case Decimal():
            return format(value.normalize(), "f")
        case _:
            text = str(value)
            return f"{_ESCAPE}{text}" if text.startswith(_ESCAPED) else text
