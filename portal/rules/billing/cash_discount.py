"""What an invoice costs less when it is paid early; its totals and its VAT are the full ones."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from portal.rules.billing.charge import CENT
from portal.rules.contract.payment_terms import PaymentTerms

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class CashDiscount:
    """An amount off the whole invoice, until a day; ``payable`` is what is left to be paid."""

    percent: Decimal
    days: int
    last_day: date
    amount: Decimal
    payable: Decimal


def cash_discount(
    terms: PaymentTerms | None, issued_on: date, gross: Decimal
) -> CashDiscount | None:
    """Give what terms offer, half up to cents; None where they offer nothing."""
    if terms is None or terms.discount_percent is None or terms.discount_days is None:
        return None
    amount = (gross * terms.discount_percent / _HUNDRED).quantize(CENT, ROUND_HALF_UP)
    last_day = issued_on + timedelta(days=terms.discount_days)
    return CashDiscount(
        terms.discount_percent, terms.discount_days, last_day, amount, gross - amount
    )
