"""VAT: category and rate of what is billed, and why, by the directive 2006/112/EC.

Modules are services; where they are supplied follows from the treatment that was agreed.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.errors import translatable
from portal.rules.address import PartyKind
from portal.rules.billing.charge import Basis
from portal.rules.billing.problem import NotBillable, ProblemCode
from portal.rules.catalogue.terms import VatCategory
from portal.rules.contract.vat import VatTreatment


class TaxCategory(StrEnum):
    """A category of VAT, by its code in EN 16931 (UNCL 5305).

    At a rate; at the rate of zero; exempt; reverse charge; not subject to VAT.
    """

    S = "S"
    Z = "Z"
    E = "E"
    AE = "AE"
    O = "O"  # noqa: E741  (its code)


@dataclass(frozen=True, slots=True)
class VatGroup:
    """What is summed before VAT is worked out, and why there is none: a code (VATEX), and words."""

    category: TaxCategory
    rate: Decimal
    code: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """What of seller and buyer decides how VAT applies."""

    seller_country: str
    seller_has_number: bool
    buyer_kind: PartyKind
    buyer_country: str
    buyer_has_number: bool
    treatment: VatTreatment


@dataclass(frozen=True, slots=True)
class _Rate:
    since: date
    standard: Decimal
    reduced: Decimal


def _rate(year: int, month: int, standard: int, reduced: int) -> _Rate:
    return _Rate(date(year, month, 1), Decimal(standard), Decimal(reduced))


# By country of the seller, the newest first.
RATES = {
    "BE": (_rate(1996, 1, 21, 6),),
    "DE": (_rate(2021, 1, 19, 7), _rate(2020, 7, 16, 5), _rate(2007, 1, 19, 7)),
    "NL": (_rate(2019, 1, 21, 9), _rate(2012, 10, 21, 6), _rate(2001, 1, 19, 6)),
}
_NONE = Decimal()
REASONS = {
    TaxCategory.E: translatable("Exempt from VAT"),
    TaxCategory.AE: translatable("Reverse charge"),
    TaxCategory.O: translatable("Not subject to VAT"),
}
_CODES = {
    TaxCategory.AE: "VATEX-EU-AE",
    TaxCategory.O: "VATEX-EU-O",
}


def vat_group(basis: Basis, parties: Parties, day: date) -> VatGroup:
    """Say how VAT applies to what is supplied up to a day; raises ``NotBillable``."""
    treatment = basis.vat_treatment or parties.treatment
    if basis.vat_category is VatCategory.EXEMPT:
        return VatGroup(TaxCategory.E, _NONE)
    if treatment == VatTreatment.REVERSE_CHARGE:
        _check_reverse_charge(parties)
        return _without(TaxCategory.AE)
    if treatment == VatTreatment.NOT_TAXABLE:
        return _without(TaxCategory.O)
    if basis.vat_category is VatCategory.ZERO:
        return VatGroup(TaxCategory.Z, _NONE)
    return VatGroup(TaxCategory.S, rate_of(parties.seller_country, basis.vat_category, day))


def rate_of(country: str, category: VatCategory, day: date) -> Decimal:
    """Give the rate of a country on a day: that of the last day of what is supplied."""
    for rate in RATES.get(country, ()):
        if rate.since <= day:
            return rate.reduced if category is VatCategory.REDUCED else rate.standard
    raise NotBillable(ProblemCode.NO_VAT_RATE, country=country, day=day)


def _without(category: TaxCategory) -> VatGroup:
    return VatGroup(category, _NONE, _CODES[category])


def _check_reverse_charge(parties: Parties) -> None:
    """Refuse what an invoice could not state: who owes the VAT must be known by a number."""
    if not parties.seller_has_number:
        raise NotBillable(ProblemCode.NO_SELLER_VAT_NUMBER)
    is_abroad = parties.buyer_country != parties.seller_country
    if parties.buyer_kind is PartyKind.CONSUMER or (is_abroad and not parties.buyer_has_number):
        raise NotBillable(ProblemCode.NO_REVERSE_CHARGE)
