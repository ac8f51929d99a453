"""What is agreed specially with one customer: its value, and its days."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.errors import InvalidInput, RuleBroken
from portal.rules.calendar import check_day

MOST_PRICE = Decimal(10_000_000)
MOST_PERCENT = Decimal(100)
_INPUT = ("input",)
_VALUE = (*_INPUT, "value")


class AgreementKind(StrEnum):
    """What a special agreement is about."""

    UNIT_PRICE = "UNIT_PRICE"
    DISCOUNT = "DISCOUNT"
    VAT_TREATMENT = "VAT_TREATMENT"


@dataclass(frozen=True, slots=True)
class AgreedValue:
    """What was sent of a price, a discount in per cent and a VAT treatment: one of the three."""

    unit_price: Decimal | None = None
    discount_percent: Decimal | None = None
    vat_treatment: StrEnum | None = None

    @property
    def kind(self) -> AgreementKind:
        """Say what it is about."""
        values = (self.unit_price, self.discount_percent, self.vat_treatment)
        kinds = zip(AgreementKind, values, strict=True)
        return next(kind for kind, value in kinds if value is not None)

    def check(self) -> None:
        """Refuse a price and a discount that nobody can agree."""
        if self.unit_price is not None and not 0 <= self.unit_price <= MOST_PRICE:
            raise InvalidInput(
                "Must be from {least} to {most}.",
                path=(*_VALUE, "unitPrice"),
                least=0,
                most=MOST_PRICE,
            )
        percent = self.discount_percent
        if percent is None:
            return
        if not 0 < percent <= MOST_PERCENT or percent != round(percent, 2):
            raise InvalidInput(
                "Must be above 0 and at most 100 per cent, with two decimals at most.",
                path=(*_VALUE, "discountPercent"),
            )


def check_days(
    starts_on: date, ends_on: date | None, today: date, reason: str | None, *, changed_from: date
) -> None:
    """Refuse days in the wrong order, and to change days that are over without a reason."""
    check_day(starts_on, path=(*_INPUT, "startsOn"))
    if ends_on is not None:
        check_day(ends_on, path=(*_INPUT, "endsOn"))
        if ends_on < starts_on:
            raise RuleBroken(
                "{day} is before the first day, {first}.",
                path=(*_INPUT, "endsOn"),
                day=ends_on,
                first=starts_on,
            )
    if changed_from < today and reason is None:
        raise RuleBroken("A day that is over needs a reason.", path=(*_INPUT, "reason"))


def check_withdrawable(starts_on: date, today: date) -> None:
    """Refuse to undo an agreement from its first day on."""
    if starts_on <= today:
        raise RuleBroken(
            "An agreement can be withdrawn before its first day, which was {day}; end it instead.",
            path=(*_INPUT, "id"),
            day=starts_on,
        )
