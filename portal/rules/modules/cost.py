"""The engine of prices: what the items of a module cost a customer on a day, and why.

Which prices are in force for this customer, how many of an item, what is agreed specially, and
which additional options are booked. ``portal.actions.modules.cost`` says the same in SQL, and
``tests/property/test_costs.py`` compares the two.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from portal.rules.catalogue.terms import BillingBasis, BillingMode, VatCategory
from portal.rules.modules.item_price import CostLine, ItemPrice
from portal.rules.modules.period import ONE_DAY
from portal.rules.modules.special_agreement import AgreementKind


class _Dated(Protocol):
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...


_Row = TypeVar("_Row", bound=_Dated)


@dataclass(frozen=True, slots=True)
class PricedItem:
    """An item of a price list, as far as it decides what something costs, and how it is billed."""

    key: str
    unit_price: Decimal
    billing_mode: BillingMode
    is_additional_option: bool = False
    billing_basis: BillingBasis = BillingBasis.CONTRACT
    vat_category: VatCategory = VatCategory.STANDARD
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PriceList:
    """The items of a version of a tariff, and its two first days."""

    valid_from: date
    valid_from_for_existing: date
    items: tuple[PricedItem, ...]


@dataclass(frozen=True, slots=True)
class PricedPeriod:
    """A tariff period, with every published version of its tariff."""

    starts_on: date
    ends_on: date | None
    agreed_on: date
    price_lists: tuple[PriceList, ...]
    tariff_id: UUID | None = None

    def in_force(self, day: date) -> PriceList | None:
        """Give the prices of a day: those agreed to, or later ones that have reached them."""
        reached = (
            one
            for one in self.price_lists
            if one.valid_from_for_existing <= day or one.valid_from <= self.agreed_on
        )
        return max(reached, key=lambda one: one.valid_from, default=None)


@dataclass(frozen=True, slots=True)
class Count:
    """How many of an item there are from day to day: a quantity, or a booked option."""

    item_key: str
    quantity: int
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A special agreement; without a key it is about all items of the module."""

    kind: AgreementKind
    item_key: str | None
    starts_on: date
    ends_on: date | None = None
    unit_price: Decimal | None = None
    discount_percent: Decimal | None = None
    vat_treatment: StrEnum | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """Everything that decides what a module subscription costs, of all its days."""

    periods: Sequence[PricedPeriod] = ()
    quantities: Sequence[Count] = ()
    options: Sequence[Count] = ()
    agreements: Sequence[Agreed] = field(default_factory=tuple)

    def period(self, day: date) -> PricedPeriod | None:
        """Give the tariff period of a day."""
        return _of_day(self.periods, day)

    def lines(self, day: date) -> list[CostLine]:
        """Give what each item costs on a day, in the order of the price list; none when over."""
        return [line for _, line in self.items(day)]

    def items(self, day: date) -> list[tuple[PricedItem, CostLine]]:
        """Give each item of a day with what it costs; none for options that are not booked."""
        return [
            (item, line)
            for item, price in self.offered(day)
            for line in self._line(item, price, day)
        ]

    def prices(self, day: date) -> list[ItemPrice]:
        """Give what one of each item costs on a day, booked or not; none when over."""
        return [price for _, price in self.offered(day)]

    def monthly_cost(self, day: date) -> Decimal:
        """Add up what comes back each month."""
        amounts = (line.monthly_amount for line in self.lines(day))
        return sum((one for one in amounts if one is not None), Decimal("0.00"))

    def turns(self) -> list[date]:
        """Give every day from which on something may cost something else."""
        dated: tuple[_Dated, ...] = (
            *self.periods,
            *self.quantities,
            *self.options,
            *self.agreements,
        )
        days = {one.starts_on for one in dated}
        days |= {one.ends_on + ONE_DAY for one in dated if one.ends_on is not None}
        for period in self.periods:
            days |= {one.valid_from_for_existing for one in period.price_lists}
        return sorted(days)

    def offered(self, day: date) -> Iterator[tuple[PricedItem, ItemPrice]]:
        """Give each item of a day's price list with what one costs; none when over."""
        period = self.period(day)
        prices = period.in_force(day) if period else None
        if period is None or prices is None:
            return
        first = prices.valid_from
        if first > period.agreed_on:
            first = prices.valid_from_for_existing
        for item in prices.items:
            yield item, self._price(item, first, day)

    def _price(self, item: PricedItem, first: date, day: date) -> ItemPrice:
        price = self._agreed(AgreementKind.UNIT_PRICE, item.key, day)
        discount = self._agreed(AgreementKind.DISCOUNT, item.key, day)
        treatment = self._agreed(AgreementKind.VAT_TREATMENT, item.key, day)
        return ItemPrice(
            key=item.key,
            unit_price=item.unit_price,
            price_from=first,
            special_price=price.unit_price if price else None,
            special_price_from=price.starts_on if price else None,
            discount_percent=discount.discount_percent if discount else None,
            discount_from=discount.starts_on if discount else None,
            vat_treatment=treatment.vat_treatment if treatment else None,
            vat_treatment_from=treatment.starts_on if treatment else None,
        )

    def _line(self, item: PricedItem, price: ItemPrice, day: date) -> Iterator[CostLine]:
        """Give the line of an item; none for an option that is not booked."""
        counts = self.options if item.is_additional_option else self.quantities
        count = _of_day([one for one in counts if one.item_key == item.key], day)
        if count is None and item.is_additional_option:
            return
        yield CostLine(
            **{one.name: getattr(price, one.name) for one in fields(price)},
            billing_mode=item.billing_mode,
            is_additional_option=item.is_additional_option,
            quantity=count.quantity if count else 1,
            quantity_from=count.starts_on if count else None,
        )

    def _agreed(self, kind: AgreementKind, key: str, day: date) -> Agreed | None:
        """Give the agreement of a kind: one about the item goes before one about the module."""
        of_kind = [one for one in self.agreements if one.kind is kind]
        of_item = [one for one in of_kind if one.item_key == key]
        of_module = [one for one in of_kind if one.item_key is None]
        return _of_day(of_item, day) or _of_day(of_module, day)


def _of_day(rows: Iterable[_Row], day: date) -> _Row | None:
    """Give the one that holds on a day; no two of one kind overlap."""
    return next(
        (
            one
            for one in rows
            if one.starts_on <= day and (one.ends_on is None or day <= one.ends_on)
        ),
        None,
    )


def first_dearer_day(before: Priced, after: Priced, today: date) -> date | None:
    """Give the first day before today on which an item costs more after a change than before."""
    for day in (one for one in sorted({*before.turns(), *after.turns()}) if one < today):
        costs = {line.key: line.quantity * line.price for line in before.lines(day)}
        for line in after.lines(day):
            if line.quantity * line.price > costs.get(line.key, Decimal()):
                return day
    return None
