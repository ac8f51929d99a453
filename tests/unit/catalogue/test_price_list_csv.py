"""A price list as CSV: what is written is read again, and each fault has its line."""

from decimal import Decimal

import pytest

from portal.errors import PortalError
from portal.rules.catalogue.item import MOST_ITEMS
from portal.rules.catalogue.price_list_csv import COLUMNS, read, written
from portal.rules.catalogue.terms import BillingBasis, BillingMode, EndingDay, TermUnit, VatCategory

HEADER = "section,key,name,unit,unitPrice,vatCategory,billingMode"
LINE = "Vast,BASE,Basisbedrag,maand,39.00,STANDARD,MONTHLY"
ROW = {
    "section": "Vaste kosten",
    "section.en": "Fixed",
    "key": "BASE",
    "name": 'Basis; met, "leestekens"\nen regels',
    "unit": "maand",
    "unitCode": "MON",
    "unitPrice": Decimal("-12.500000"),
    "vatCategory": VatCategory.EXEMPT,
    "vatExemptionCode": "VATEX-EU-132",
    "billingMode": BillingMode.MONTHLY,
    "billingBasis": BillingBasis.CALENDAR,
    "isAdditionalOption": True,
    "noticePeriodCount": 2,
    "noticePeriodUnit": TermUnit.WEEKS,
    "endingDay": EndingDay.END_OF_MONTH,
}


def faults(text):
    """Give the path and the sentence of each fault, of the lines or of the whole."""
    try:
        found = [fault for line in read(text) for fault in line.faults]
    except PortalError as refused:
        found = refused.problems
    return [(*one.path, one.message) for one in found]


def test_what_is_written_is_read_again():
    (line,) = read(written([ROW]))
    assert {name: value for name, value in line.cells.items() if value not in ("", None)} == ROW
    assert set(line.cells) == set(COLUMNS)


@pytest.mark.parametrize("text", ["=1+1", "+31 20", "-korting", "@SUM(A1)"])
def test_what_a_spreadsheet_would_compute_is_escaped_and_comes_back(text):
    file = written([ROW | {"name": text}])
    assert f",'{text}," in file
    assert read(file)[0].cells["name"] == text
    assert faults(f"{HEADER}\n{LINE}\n{LINE.replace('Basisbedrag', text)}") == [
        ("3", "name", "Begins like a formula: put an apostrophe before it.")
    ]


@pytest.mark.parametrize("text", ["'s avonds", "'=1", "''", "'"])
def test_an_apostrophe_comes_back_as_it_was(text):
    assert read(written([ROW | {"name": text}]))[0].cells["name"] == text
    assert read(HEADER + "\n" + LINE.replace("Basisbedrag", "'s avonds"))[0].cells["name"] == (
        "'s avonds"
    )


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_commas_semicolons_and_tabs_set_cells_apart(sign, end):
    lines = [HEADER, LINE, "", LINE.replace("BASE", "MORE")]
    found = read(end.join(lines).replace(",", sign))
    assert [(line.number, line.cells["key"]) for line in found] == [(2, "BASE"), (4, "MORE")]


@pytest.mark.parametrize(
    ("written", "price"),
    [("39", "39"), ("39,95", "39.95"), ("0.123456", "0.123456"), ("-1,5", "-1.5"), (" 7 ", "7")],
)
def test_a_price_has_a_decimal_point_or_a_decimal_comma(written, price):
    text = f"{HEADER}\n{LINE}".replace(",", ";").replace("39.00", written)
    assert read(text)[0].cells["unitPrice"] == Decimal(price)


@pytest.mark.parametrize(
    "price", ["", "1.234,50", "1,234,50", "1_000", "twelve", "٣", "1" * 15, "NaN", "1e3", ".5"]
)
def test_what_is_no_number_is_refused(price):
    text = f"{HEADER}\n{LINE}".replace(",", ";").replace("39.00", price)
    assert faults(text) == [
        ("2", "unitPrice", "Must be a number, without a sign between thousands.")
    ]


def test_every_fault_of_every_line_is_told():
    header = f"{HEADER},isAdditionalOption,noticePeriodCount"
    lines = [
        f"{LINE},maybe,1.5",
        f"{LINE},1",
        f"{LINE.replace('STANDARD', 'HIGH').replace('MONTHLY', 'monthly')},0,",
    ]
    assert faults("\n".join([header, *lines])) == [
        ("2", "isAdditionalOption", "Must be true or false."),
        ("2", "noticePeriodCount", "Must be a whole number."),
        ("3", "Has {count} cells, and the first line {columns}."),
        ("4", "vatCategory", "Must be one of {values}."),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER.replace("key,", ""), "The first line lacks the column {column}."),
        (f"{HEADER},price", "There is no column {column}."),
        (f"{HEADER},key", "The column {column} is there twice."),
        (f'{HEADER}\n"{LINE}', 'Line {line} is not CSV: one of its " is missing.'),
        (
            f'{HEADER}\n{LINE}"{"x" * 140_000}"',
            "Line {line} is too long: it may have {most} characters.",
        ),
    ],
)
def test_what_is_no_price_list_is_refused(text, message):
    assert faults(text) == [(message,)]


def test_every_fault_of_the_header_is_told():
    lacks = ("The first line lacks the column {column}.",)
    assert faults("") == [lacks] * 7
    assert faults(f"{HEADER.replace('key,', '')},price,name") == [
        lacks,
        ("There is no column {column}.",),
        ("The column {column} is there twice.",),
    ]


def test_the_length_is_looked_at_before_anything_else():
    assert faults("\n" * (MOST_ITEMS + 2)) == [("May have at most {most} lines.",)]
    assert faults(f"{HEADER}\n" + "\r" * (MOST_ITEMS + 1)) == [("May have at most {most} lines.",)]
    whole = "\n".join([HEADER, *(LINE for _ in range(MOST_ITEMS))])
    assert len(read(whole)) == MOST_ITEMS
