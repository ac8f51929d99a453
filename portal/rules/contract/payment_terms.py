"""When an invoice falls due, and how it is paid."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.errors import InvalidInput, PortalError, Several

MOST_DUE_DAYS = 120


class PaymentMethod(StrEnum):
    """How an invoice is paid."""

    TRANSFER = "TRANSFER"
    DIRECT_DEBIT = "DIRECT_DEBIT"


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """Agreed terms: days until due (0 to 120), method, discount for paying early."""

    name: str
    due_days: int
    method: PaymentMethod
    discount_percent: Decimal | None = None
    discount_days: int | None = None


def check_payment_terms(terms: PaymentTerms) -> None:
    """Refuse terms that no invoice could state, each fault with its path."""
    faults: list[PortalError] = []
    if not 0 <= terms.due_days <= MOST_DUE_DAYS:
        faults.append(
            InvalidInput("Must be from 0 to {most} days.", path=["dueDays"], most=MOST_DUE_DAYS)
        )
    if (terms.discount_percent is None) != (terms.discount_days is None):
        missing = "discountDays" if terms.discount_days is None else "discountPercent"
        faults.append(
            InvalidInput("A discount needs both a percentage and its days.", path=[missing])
        )
    elif terms.discount_percent is not None and terms.discount_days is not None:
        faults += _discount_faults(terms.discount_percent, terms.discount_days, terms.due_days)
    if faults:
        raise Several(faults)


def _discount_faults(percent: Decimal, days: int, due_days: int) -> list[PortalError]:
    faults: list[PortalError] = []
    if not 0 < percent < 100 or percent != round(percent, 2):  # noqa: PLR2004  (per cent)
        faults.append(
            InvalidInput(
                "Must be above 0 and below 100 per cent, with two decimals at most.",
                path=["discountPercent"],
            )
        )
    if not 0 <= days <= due_days:
        faults.append(
            InvalidInput(
                "A discount ends no later than the invoice falls due.", path=["discountDays"]
            )
        )
    return faults
