"""When prices rise for those who have a tariff, and how soon they may."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from portal.errors import RuleBroken
from portal.rules.address import PartyKind
from portal.rules.catalogue.terms import PAYMENTS_IN_A_YEAR, BillingMode


class SpecialRight(StrEnum):
    """Whose contract may end on the day before prices rise, without a notice period."""

    CONSUMERS = "CONSUMERS"
    EVERYONE = "EVERYONE"
    NOBODY = "NOBODY"

    def protects(self, kind: PartyKind) -> bool:
        """Whether a contract partner of a kind has the right."""
        return self is SpecialRight.EVERYONE or (
            self is SpecialRight.CONSUMERS and kind is PartyKind.CONSUMER
        )


@dataclass(frozen=True, slots=True)
class RisePolicy:
    """How many days after it is published a rise reaches whom; and who may cancel for it."""

    consumer_days: int = 30
    business_days: int = 30
    special_right: SpecialRight = SpecialRight.CONSUMERS

    def first_day(self, today: date, kinds: Collection[PartyKind]) -> date:
        """First day on which a rise that is published today may reach customers of these kinds."""
        days = {PartyKind.CONSUMER: self.consumer_days, PartyKind.BUSINESS: self.business_days}
        return today + timedelta(days=max((days[kind] for kind in kinds), default=0))


USUAL = RisePolicy()


@dataclass(frozen=True, slots=True)
class Charge:
    """What an item costs, and how often."""

    key: str
    unit_price: Decimal
    billing_mode: BillingMode

    @property
    def by_year(self) -> Decimal:
        """What one of it comes to in a year; nothing where it does not come back by itself."""
        return self.unit_price * PAYMENTS_IN_A_YEAR.get(self.billing_mode, 0)

    @property
    def by_use(self) -> Decimal:
        """What each use of it costs."""
        return self.unit_price if self.billing_mode is BillingMode.PER_USE else Decimal(0)


def dearer_keys(before: Iterable[Charge], after: Iterable[Charge]) -> list[str]:
    """Keys of what costs more after than before: dearer, new, or a rebate that is gone.

    What is charged at once was charged already, and is not charged again.
    """
    then, now = ({charge.key: charge for charge in charges} for charges in (before, after))
    nothing = Decimal(0)

    def is_dearer(key: str) -> bool:
        old, new = then.get(key), now.get(key)
        by_year = (new.by_year if new else nothing) - (old.by_year if old else nothing)
        by_use = (new.by_use if new else nothing) - (old.by_use if old else nothing)
        return by_year > 0 or by_use > 0

    return sorted(filter(is_dearer, then.keys() | now.keys()))


def check_days(valid_from: date, for_existing: date, today: date) -> None:
    """Refuse a version for a day that is over, and one that reaches customers before it begins."""
    if valid_from < today:
        raise RuleBroken(
            "A version cannot begin on {day}, which is over; the first possible day is {today}.",
            path=["validFrom"],
            day=valid_from,
            today=today,
        )
    if for_existing < valid_from:
        raise RuleBroken(
            "Existing customers cannot get it before new ones, who get it on {day}.",
            path=["validFromForExisting"],
            day=valid_from,
        )


def check_rise(for_existing: date, first: date) -> None:
    """Refuse a rise that reaches existing customers too soon."""
    if for_existing < first:
        raise RuleBroken(
            "Prices rise by it, and a rise reaches existing customers from {first} on at the"
            " earliest.",
            path=["validFromForExisting"],
            first=first,
        )
