"""What one of an item costs on a day, and what all of them do: the lines that the engine gives."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from portal.rules.catalogue.terms import PAYMENTS_IN_A_YEAR, BillingMode

MONTHS_IN_A_YEAR = 12
_CENT = Decimal("0.01")
_PRICE = Decimal("0.000001")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPrice:
    """What one of an item costs on a day; each ``from`` is the first day of what it follows."""

    key: str
    unit_price: Decimal
    price_from: date
    special_price: Decimal | None = None
    special_price_from: date | None = None
    discount_percent: Decimal | None = None
    discount_from: date | None = None
    vat_treatment: StrEnum | None = None
    vat_treatment_from: date | None = None

    @property
    def agreed_price(self) -> Decimal | None:
        """What one costs by special agreement; None where the price list's price holds."""
        if self.special_price is None and self.discount_percent is None:
            return None
        price = self.unit_price if self.special_price is None else self.special_price
        share = 1 - (self.discount_percent or Decimal()) / _HUNDRED
        return (price * share).quantize(_PRICE, ROUND_HALF_UP)

    @property
    def price(self) -> Decimal:
        """What one costs."""
        return self.unit_price if self.agreed_price is None else self.agreed_price


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine(ItemPrice):
    """What an item costs on a day; ``quantity_from`` is the first day of its quantity.

    ``monthly_amount`` is half up to cents, and None for what does not come back.
    """

    billing_mode: BillingMode
    is_additional_option: bool
    quantity: int
    quantity_from: date | None

    @property
    def monthly_amount(self) -> Decimal | None:
        """What all of them cost in a month."""
        times = PAYMENTS_IN_A_YEAR.get(self.billing_mode)
        if times is None:
            return None
        return (self.quantity * self.price * times / MONTHS_IN_A_YEAR).quantize(
            _CENT, ROUND_HALF_UP
        )
