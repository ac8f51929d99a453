"""What a document prints, as JSON: all that is copied when it is issued, and nothing later."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.actions.billing.billable import Billable
from portal.language.messages import said
from portal.language.naming import camel
from portal.models.text import text_of
from portal.rules.billing.cash_discount import cash_discount
from portal.rules.billing.draft import Draft
from portal.rules.billing.number import DocumentKind
from portal.rules.billing.registration import scheme_of
from portal.rules.billing.vat import TaxCategory
from portal.rules.contract.payment_terms import PaymentTerms

Row = Mapping[str, Any]
_OF_LINE = (
    *("position", "module", "name", "item_key", "first_day", "last_day", "quantity", "unit"),
    *("unit_code", "base_quantity", "unit_price", "net", "vat_category", "vat_rate"),
    *("share_days", "share_of_days", "is_correction"),
)
_OF_VAT = ("category", "rate", "net", "vat", "code", "text")
_OF_DOCUMENT = ("number", "kind", "is_test", "issued_on", "due_on", "currency", "net", "vat",
                "gross", "verification_code")  # fmt: skip

# Until payments are kept, nothing is taken off at issue.
_NOTHING = Decimal("0.00")


def payment_terms(billable: Billable, draft: Draft) -> PaymentTerms | None:
    """Give the terms of an invoice: its own, else those of the contract."""
    contract = billable.contract
    if contract is None or draft.kind is not DocumentKind.INVOICE:
        return None
    return draft.terms or contract.deviating_payment_terms or contract.general_payment_terms


def payload(
    billable: Billable, draft: Draft, document: Row, lines: Sequence[Row], vat: Sequence[Row]
) -> dict[str, Any]:
    """Give what a document says; amounts and days are text, so that it has one form alone."""
    corrected = None if draft.corrects is None else billable.invoices[draft.corrects]
    says = {
        **_picked(document, _OF_DOCUMENT),
        "language": billable.account.language,
        "credit_taken": _NOTHING,
        "payable": document["gross"],
        **_parties(billable, draft, document),
        "modules": _modules(billable, draft),
        "lines": [_picked(line, _OF_LINE) for line in lines],
        "vat_groups": [_picked(group, _OF_VAT) for group in vat],
        "reason": draft.reason,
        "corrects": corrected and {"number": corrected.number, "issued_on": corrected.issued_on},
        "retained_until": document["retained_until"],
    }
    payload: dict[str, Any] = plain(says)
    return payload


def _parties(billable: Billable, draft: Draft, document: Row) -> dict[str, Any]:
    contract, profile, account = billable.contract, billable.profile, billable.account
    if contract is None or profile is None:
        raise LookupError("Nobody drafts a document between parties that are not known.")
    # Where nothing is subject to VAT, neither party has a number for it (BR-O-02).
    has_vat = all(one.group.category is not TaxCategory.O for one in draft.groups)
    partner = contract.contract_partner
    buyer = asdict(contract.billing_address or partner) | {"kind": partner.kind}
    terms = payment_terms(billable, draft)
    discount = cash_discount(terms, document["issued_on"], draft.gross)
    return {
        "seller": {
            **asdict(profile.address),
            **_registered(profile.registration_number, profile.address.country),
            "electronic_address": profile.peppol_endpoint,
            "vat_number": profile.vat_number if has_vat else None,
            "iban": profile.iban,
            "bic": profile.bic,
            "contact_name": profile.contact_name,
            "telephone": profile.telephone,
            "email": profile.email,
            "colour": profile.colour,
            "logo_id": profile.logo_id,
        },
        "buyer": {
            **buyer,
            "contract_partner": partner.name,
            **_registered(contract.registration_number, partner.country),
            "electronic_address": contract.electronic_address,
            "reference": contract.buyer_reference,
            "vat_number": contract.vat_number if has_vat else None,
            "customer_number": account.customer_number,
        },
        "purchase_order_number": contract.purchase_order_number,
        "terms": terms and asdict(terms),
        "discount": discount and asdict(discount),
    }


def _modules(billable: Billable, draft: Draft) -> list[dict[str, Any]]:
    """Say until when the modules run that an invoice bills, and how notice ends them."""
    language = billable.account.language
    billed = dict.fromkeys(line.charge.source_id for line in draft.lines if line.charge)
    return [
        {
            "name": text_of(billable.modules[id], "name").in_language(language),
            "starts_on": terms.starts_on,
            "term_ends_on": terms.term_ends_on,
            "notice_period": terms.notice_period and said(terms.notice_period, language),
            "notice_by": terms.notice_by,
        }
        for id in billed
        if (terms := billable.module_terms.get(id))
    ]


def _registered(number: str | None, country: str) -> dict[str, Any]:
    return {"registration_number": number, "registration_scheme": scheme_of(number, country)}


def _picked(row: Row, names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def plain(value: Any) -> Any:
    """Give it as JSON has it, names in camel case, amounts and days as text."""
    match value:
        case Mapping():
            return {camel(str(name)): plain(one) for name, one in value.items()}
        case list():
            return [plain(one) for one in value]
        case Decimal() | date() | UUID():
            return str(value)
        case str():
            return str(value)
    return value
