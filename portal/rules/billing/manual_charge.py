"""Lines that somebody writes onto an invoice by hand: what they cost, and what they may be."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from portal.errors import InvalidInput, RuleBroken, faults_below
from portal.rules.billing.charge import CENT
from portal.rules.calendar import check_day
from portal.rules.catalogue.terms import VatCategory
from portal.rules.catalogue.unit import UNIT_CODES
from portal.rules.form import line
from portal.rules.modules.special_agreement import MOST_PRICE

MOST_LINES = 100
LONGEST_KEY = 60
LONGEST_TEXT = 200
LONGEST_UNIT = 40
MOST_QUANTITY = Decimal(1_000_000)
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class ManualLine:
    """An item of a module by its key, at its price or another one; or words, with a price."""

    quantity: Decimal
    first_day: date
    last_day: date
    item_key: str | None = None
    text: str | None = None
    unit: str | None = None
    unit_code: str | None = None
    unit_price: Decimal | None = None
    vat_category: VatCategory | None = None

    def check(self) -> None:
        """Refuse a line that no invoice could have; paths are below the line."""
        for name, text, longest in (
            ("itemKey", self.item_key, LONGEST_KEY),
            ("text", self.text, LONGEST_TEXT),
            ("unit", self.unit, LONGEST_UNIT),
        ):
            if text is not None:
                with faults_below(name):
                    line(text, longest)
        if (self.item_key is None) == (self.text is None):
            raise InvalidInput("Name an item of a module, or write what it is: one of the two.")
        if self.text is not None and (self.unit_price is None or self.vat_category is None):
            raise InvalidInput("What is no item needs a price and a VAT rate.")
        if self.unit_code is not None and self.unit_code not in UNIT_CODES:
            raise InvalidInput("Unknown code of a unit.", path=("unitCode",))
        check_day(self.first_day, path=("firstDay",))
        check_day(self.last_day, path=("lastDay",))
        if self.last_day < self.first_day:
            raise RuleBroken(
                "{day} is before the first day, {first}.",
                path=("lastDay",),
                day=self.last_day,
                first=self.first_day,
            )
        _check_amount(self.quantity, MOST_QUANTITY, "quantity")
        if self.unit_price is not None:
            _check_amount(self.unit_price, MOST_PRICE, "unitPrice")


def net_of(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """Give the amount of a line, half up to cents, rounded once; none is nothing."""
    net = (quantity * unit_price).quantize(CENT, ROUND_HALF_UP)
    if not net:
        raise RuleBroken("This line comes to nothing.")
    return net


def _check_amount(amount: Decimal, most: Decimal, name: str) -> None:
    if not 0 < amount <= most or amount != round(amount, _DECIMALS):
        raise InvalidInput(
            "Must be above 0 and at most {most}, with six decimals at most.",
            path=(name,),
            most=most,
        )
