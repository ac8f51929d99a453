"""Why a line costs what it costs, as a document keeps it: decimals and days are text."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from portal.rules.catalogue.terms import BillingMode
from portal.rules.contract.vat import VatTreatment
from portal.rules.modules.item_price import CostLine

_READ: Mapping[str, Callable[[str], Any]] = {
    "billing_mode": BillingMode,
    "quantity_from": date.fromisoformat,
    "unit_price": Decimal,
    "price_from": date.fromisoformat,
    "special_price": Decimal,
    "special_price_from": date.fromisoformat,
    "discount_percent": Decimal,
    "discount_from": date.fromisoformat,
    "vat_treatment": VatTreatment,
    "vat_treatment_from": date.fromisoformat,
}


def kept(line: CostLine) -> dict[str, Any]:
    """Give it as JSON."""
    return {
        name: str(value) if isinstance(value, date | Decimal) else value
        for name, value in asdict(line).items()
        if value is not None
    }


def cost_line(kept: Mapping[str, Any]) -> CostLine:
    """Read it."""
    values = {name: _READ[name](value) if name in _READ else value for name, value in kept.items()}
    # Of what nobody has said how many there are, no day is kept.
    return CostLine(**{"quantity_from": None, **values})
