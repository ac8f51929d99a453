"""What is agreed specially with one customer, and what is no agreement at all."""

from decimal import Decimal
from enum import StrEnum

MOST_PRICE = Decimal(10_000_000)
MOST_PERCENT = Decimal(100)


class AgreementKind(StrEnum):
    """What a special agreement is about."""

    UNIT_PRICE = "UNIT_PRICE"
    DISCOUNT = "DISCOUNT"
    VAT_TREATMENT = "VAT_TREATMENT"
