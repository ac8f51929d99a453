"""A price list as a file: what it says goes out, and comes in again."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.actions.catalogue.price_list import Path, Section, SentItem
from portal.errors import PortalError
from portal.models import Item, PriceListSection
from portal.rules.catalogue import price_list_csv
from portal.rules.catalogue.price_list_csv import Cells, Line
from portal.rules.catalogue.terms import BillingBasis
from portal.rules.catalogue.unit import ONE
from portal.viewer import Language

# Which column of the file is which attribute of an item.
_ITEM = {
    "key": "key",
    "unitCode": "unit_code",
    "unitPrice": "unit_price",
    "vatCategory": "vat_category",
    "vatExemptionCode": "vat_exemption_code",
    "vatExemptionText": "vat_exemption_text",
    "billingMode": "billing_mode",
    "billingBasis": "billing_basis",
    "isAdditionalOption": "is_additional_option",
    "endingDay": "ending_day",
}
_NOTICE = {"noticePeriodCount": "notice_period_count", "noticePeriodUnit": "notice_period_unit"}
_TEXTS = ("section", "name", "unit")
_LANGUAGES = tuple(language.lower() for language in Language)
# What holds where a cell is empty, or its column left out.
_USUAL = {
    "unit_code": ONE,
    "billing_basis": BillingBasis.CONTRACT,
    "is_additional_option": False,
}

# The items of one version, with their sections.
EXPORTED = (
    sa.select(
        PriceListSection.title.label("section"),
        PriceListSection.title_translations.label("section_translations"),
        *(Item.name, Item.name_translations, Item.unit, Item.unit_translations),
        *(getattr(Item, name) for name in (*_ITEM.values(), *_NOTICE.values())),
    )
    .join(Item, Item.price_list_section_id == PriceListSection.id)
    .where(PriceListSection.tariff_version_id == sa.bindparam("id", type_=sa.Uuid()))
    .order_by(PriceListSection.position, Item.position)
)


def exported(rows: Sequence[Any]) -> str:
    """Write the items of a version."""
    return price_list_csv.written([_cells(row) for row in rows])


def _cells(row: Any) -> dict[str, Any]:
    cells = {column: getattr(row, name) for column, name in (_ITEM | _NOTICE).items()}
    for text in _TEXTS:
        cells[text] = getattr(row, text)
        translations = getattr(row, f"{text}_translations")
        cells |= {f"{text}.{language}": words for language, words in translations.items()}
    return cells


def sections_of(lines: Sequence[Line], path: Path) -> list[Section]:
    """Give the sections that lines make, one after another: where the heading is another one."""
    sections: list[Section] = []
    for line in lines:
        here = (*path, str(line.number))
        heading = _heading(line)
        if not sections or (heading and sections[-1].values != heading):
            sections.append(Section(heading, here))
        sections[-1].faults.extend(_below(path, line.faults))
        if line.cells is not None:
            sections[-1].items.append(SentItem(_item(line.cells), here, _unread(line)))
    return sections


def _heading(line: Line) -> dict[str, Any]:
    """Give the heading of a line, or nothing where it cannot be read."""
    if line.cells is None or "section" in _unread(line):
        return {}
    return {"title": _text(line.cells, "section")}


def _unread(line: Line) -> frozenset[str]:
    """Give the attributes of which a cell has a fault."""
    columns = (fault.path[-1].partition(".")[0] for fault in line.faults)
    return frozenset(
        "notice_period" if column in _NOTICE else _ITEM.get(column, column) for column in columns
    )


def _below(path: Path, faults: Sequence[PortalError]) -> Sequence[PortalError]:
    for fault in faults:
        fault.path = (*path, *fault.path)
    return faults


def _item(cells: Cells) -> dict[str, Any]:
    values = {name: cells.get(column) for column, name in _ITEM.items()}
    values |= {name: usual for name, usual in _USUAL.items() if values[name] in (None, "")}
    count, unit = (cells.get(column) for column in _NOTICE)
    has_notice = count is not None or unit is not None
    values["notice_period"] = {"count": count, "unit": unit} if has_notice else None
    return values | {text: _text(cells, text) for text in ("name", "unit")}


def _text(cells: Mapping[str, Any], name: str) -> dict[str, str | None]:
    translated = {language: cells.get(f"{name}.{language}") for language in _LANGUAGES}
    return {"value": cells.get(name), **translated}
