"""What a document prints, as JSON: all that is copied when it is issued, and nothing later."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from portal.actions.billing.billable import Billable
from portal.language.naming import camel
from portal.rules.billing.draft import Draft
from portal.rules.billing.number import DocumentKind
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
                "gross")  # fmt: skip


def payment_terms(billable: Billable) -> PaymentTerms | None:
    """Give the terms of a contract that hold."""
    contract = billable.contract
    if contract is None:
        return None
    return contract.deviating_payment_terms or contract.general_payment_terms


def payload(
    billable: Billable, draft: Draft, document: Row, lines: Sequence[Row], vat: Sequence[Row]
) -> dict[str, Any]:
    """Give what a document says; amounts and days are text, so that it has one form alone."""
    corrected = None if draft.corrects is None else billable.invoices[draft.corrects]
    says = {
        **_picked(document, _OF_DOCUMENT),
        "language": billable.account.language,
        **_parties(billable, draft),
        "lines": [_picked(line, _OF_LINE) for line in lines],
        "vat_groups": [_picked(group, _OF_VAT) for group in vat],
        "corrects": corrected and {"number": corrected.number, "issued_on": corrected.issued_on},
        "retained_until": document["retained_until"],
    }
    plain: dict[str, Any] = _plain(says)
    return plain


def _parties(billable: Billable, draft: Draft) -> dict[str, Any]:
    contract, profile, account = billable.contract, billable.profile, billable.account
    if contract is None or profile is None:
        raise LookupError("Nobody drafts a document between parties that are not known.")
    # Where nothing is subject to VAT, neither party has a number for it (BR-O-02).
    has_vat = all(one.group.category is not TaxCategory.O for one in draft.groups)
    partner = contract.contract_partner
    buyer = asdict(contract.billing_address or partner) | {"kind": partner.kind}
    terms = payment_terms(billable) if draft.kind is DocumentKind.INVOICE else None
    return {
        "seller": {
            **asdict(profile.address),
            "registration_number": profile.registration_number,
            "vat_number": profile.vat_number if has_vat else None,
            "iban": profile.iban,
            "bic": profile.bic,
            "contact_name": profile.contact_name,
            "telephone": profile.telephone,
            "email": profile.email,
        },
        "buyer": {
            **buyer,
            "contract_partner": partner.name,
            "vat_number": contract.vat_number if has_vat else None,
            "customer_number": account.customer_number,
        },
        "purchase_order_number": contract.purchase_order_number,
        "terms": terms and asdict(terms),
    }


def _picked(row: Row, names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {camel(str(name)): _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case Decimal() | date():
            return str(value)
        case str():
            return str(value)
    return value
