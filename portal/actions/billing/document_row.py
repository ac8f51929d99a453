"""What a document's lines and VAT say, row by row: the same for one that is only foreseen."""

from datetime import date
from typing import Any

from portal.actions.billing.billable import Billable
from portal.actions.billing.payload import payment_terms
from portal.errors import translatable
from portal.language.messages import translate
from portal.models.text import text_of
from portal.rules.billing.draft import DAY, Draft, DraftLine, Written
from portal.rules.billing.kept_line import kept
from portal.rules.billing.number import due_day
from portal.rules.billing.settlement import Addition, Reduction
from portal.rules.catalogue.unit import ONE
from portal.viewer import Language

Row = dict[str, Any]
_WORDS = ("module", "name", "item_key", "unit", "unit_code")
PIECE = translatable("piece")
_UNITS = {DAY: translatable("day"), ONE: PIECE}


def due_on(billable: Billable, draft: Draft, issued_on: date) -> date:
    """Give the day until which an invoice is to be paid; of a credit note that of its issue."""
    if draft.due_on is not None:
        return draft.due_on
    terms = payment_terms(billable, draft)
    return due_day(issued_on, terms.due_days if terms else 0)


def line_rows(billable: Billable, draft: Draft) -> list[Row]:
    """Give the lines, in the language of the account."""
    return [
        _line(billable, place, line)
        | {"corrects_position": draft.corrects and line.corrects_position}
        for place, line in enumerate(draft.lines, 1)
    ]


def vat_rows(draft: Draft) -> list[Row]:
    """Give the VAT, a group for each category and rate."""
    return [
        {
            "position": place,
            "category": one.group.category,
            "rate": one.group.rate,
            "net": one.net,
            "vat": one.vat,
            "code": one.group.code,
            "text": one.group.text,
        }
        for place, one in enumerate(draft.groups, 1)
    ]


def _line(billable: Billable, position: int, line: DraftLine) -> Row:
    share = line.share or (None, None)
    return {
        "position": position,
        **_described(billable, line),
        "first_day": line.about.first_day,
        "last_day": line.about.last_day,
        "quantity": line.quantity.quantity,
        "base_quantity": line.quantity.base_quantity,
        "unit_price": line.quantity.unit_price,
        "net": line.net,
        "vat_category": line.group.category,
        "vat_rate": line.group.rate,
        "share_days": share[0],
        "share_of_days": share[1],
        "is_correction": not isinstance(line.about, Reduction) and line.about.is_correction,
    }


def _described(billable: Billable, line: DraftLine) -> Row:
    """Say what is charged, in the language of the account; a credit in the words of its invoice."""
    language, code, about = billable.account.language, line.quantity.unit_code, line.about
    if isinstance(about, Written):
        words: Row = {name: getattr(about, name) for name in (*_WORDS, "priced")}
    elif isinstance(about, Addition):
        charge = about.charge
        item = billable.items[charge.item.id]
        module = billable.modules[charge.source_id]
        words = {
            "module": text_of(module, "name").in_language(language),
            "name": text_of(item, "name").in_language(language),
            "item_key": item.key,
            "unit": text_of(item, "unit").in_language(language),
            "unit_code": item.unit_code,
            "priced": kept(charge.line),
        }
    else:
        of = billable.lines[about.billed.document_id, about.billed.position]
        words = {name: getattr(of, name) for name in _WORDS} | {"priced": None}
    return words if code is None else words | _unit(code, language)


def _unit(code: str, language: Language) -> Row:
    return {"unit": translate(_UNITS[code], language), "unit_code": code}
