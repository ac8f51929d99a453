"""Charges: what is billed of an account's modules, each for a span of days.

A span is what one item costs alike within one billing period. Its share is its days over those of
the whole period, and nothing is rounded before its amount.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from portal.rules.calendar import FIRST_DAY, LAST_DAY
from portal.rules.catalogue.terms import (
    PAYMENTS_IN_A_YEAR,
    BillingBasis,
    BillingMode,
    Term,
    TermUnit,
    VatCategory,
)
from portal.rules.modules.cost import Priced, PricedItem, PricedPeriod
from portal.rules.modules.item_price import MONTHS_IN_A_YEAR, CostLine
from portal.rules.modules.period import ONE_DAY, Period, billing_periods
from portal.rules.month import rolled

CENT = Decimal("0.01")
_LONGEST_PERIOD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Source:
    """A module subscription, with everything that decides what it costs."""

    id: UUID
    starts_on: date
    priced: Priced


@dataclass(frozen=True, slots=True)
class Basis:
    """Under what a day is billed; a day under another one is billed anew, and never corrected."""

    tariff_id: UUID | None
    vat_category: VatCategory
    vat_treatment: StrEnum | None


@dataclass(frozen=True, slots=True)
class Charge:
    """What an item costs from day to day; a run of ``due_on``, or of a later day, bills it."""

    source_id: UUID
    item: PricedItem
    line: CostLine
    basis: Basis
    first_day: date
    last_day: date
    period_days: int
    due_on: date

    @property
    def key(self) -> tuple[UUID, str]:
        """What of one day is billed once."""
        return self.source_id, self.item.key

    @property
    def net(self) -> Decimal:
        """The amount of all its days."""
        return self._until(self.last_day)

    def amount(self, first: date, last: date) -> Decimal:
        """Give the amount of some of its days, such that those of all parts make up ``net``."""
        return self._until(last) - self._until(first - ONE_DAY)

    def _until(self, day: date) -> Decimal:
        return share_of(
            self.line.quantity * self.line.price, days(self.first_day, day), self.period_days
        )


def share_of(amount: Decimal, part: int, whole: int) -> Decimal:
    """Give the amount of some days of a period, half up to cents, rounded once."""
    return (amount * part / whole).quantize(CENT, ROUND_HALF_UP)


def days(first: date, last: date) -> int:
    """Count days; both ends belong to them."""
    return (last - first).days + 1


def charges(sources: Iterable[Source], until: date) -> list[Charge]:
    """Give all that should be billed by a day, in the order of the sources."""
    return [charge for charge in foreseen(sources, until) if charge.due_on <= until]


def foreseen(sources: Iterable[Source], until: date, since: date = FIRST_DAY) -> list[Charge]:
    """Give every charge that has begun by a day or is due by it, as far as it is known.

    Of those that are over before ``since`` some may be missing, and their days: nobody asks.
    """
    # Whole as far as any period reaches that such a day belongs to.
    last = LAST_DAY if until.year >= LAST_DAY.year else rolled(until, MONTHS_IN_A_YEAR)
    floor = max(since, FIRST_DAY + _LONGEST_PERIOD) - _LONGEST_PERIOD
    return [
        charge
        for source in sources
        for charge in sorted(
            _of(source, Period(floor, last), until), key=lambda one: (one.first_day, one.item.key)
        )
        if min(charge.first_day, charge.due_on) <= until
    ]


def _of(source: Source, known: Period, until: date) -> Iterator[Charge]:
    turns = [day for day in source.priced.turns() if day <= known.last_day]
    by_period: dict[tuple[str, BillingMode, date, int], list[Charge]] = {}
    for turn, following in pairwise([*turns, known.last_day + ONE_DAY]):
        first = max(turn, known.first_day)
        if first >= following:
            continue
        period = source.priced.period(first)
        if period is None:
            continue
        for item, line in source.priced.items(first):
            if item.billing_mode in PAYMENTS_IN_A_YEAR:
                days_of = Period(first, following - ONE_DAY)
                for charge in _periodic(source, period, (item, line), days_of, until):
                    of = (item.key, item.billing_mode, charge.due_on, charge.period_days)
                    by_period.setdefault(of, []).append(charge)
            elif item.billing_mode is BillingMode.AT_ONCE and first == _booked_on(line, period):
                yield _charge(source, period, (item, line), (first, first), (1, first))
    for found in by_period.values():
        yield from _due(_merged(found))


def _booked_on(line: CostLine, period: PricedPeriod) -> date | None:
    """Give the day on which an item is billed that is billed once."""
    return line.quantity_from if line.is_additional_option else period.starts_on


def _periodic(
    source: Source,
    period: PricedPeriod,
    priced: tuple[PricedItem, CostLine],
    known: Period,
    until: date,
) -> Iterator[Charge]:
    """Give the parts of billing periods that days belong to, due on the period's first day.

    Periods that begin after ``until`` are not looked at.
    """
    item, line = priced
    months = MONTHS_IN_A_YEAR // PAYMENTS_IN_A_YEAR[item.billing_mode]
    anchor = source.starts_on
    if line.is_additional_option and line.quantity_from is not None:
        anchor = line.quantity_from
    series = billing_periods(
        anchor,
        Term(months, TermUnit.MONTHS),
        by_calendar=item.billing_basis is BillingBasis.CALENDAR,
    )
    first = known.first_day
    while first <= known.last_day:
        whole = series.around(first)
        if whole.first_day > until:
            return
        end = min(known.last_day, whole.last_day)
        of_period = (days(whole.first_day, whole.last_day), whole.first_day)
        yield _charge(source, period, priced, (first, end), of_period)
        first = end + ONE_DAY


def _charge(
    source: Source,
    period: PricedPeriod,
    priced: tuple[PricedItem, CostLine],
    span: tuple[date, date],
    of_period: tuple[int, date],
) -> Charge:
    item, line = priced
    basis = Basis(period.tariff_id, item.vat_category, line.vat_treatment)
    return Charge(source.id, item, line, basis, *span, *of_period)


def _merged(parts: Sequence[Charge]) -> list[Charge]:
    """Put together what follows on each other and costs alike, whatever turned between."""
    merged = [parts[0]]
    for part in parts[1:]:
        before = merged[-1]
        if before.last_day + ONE_DAY == part.first_day and _cost(before) == _cost(part):
            merged[-1] = replace(before, last_day=part.last_day)
        else:
            merged.append(part)
    return merged


def _cost(charge: Charge) -> tuple[object, ...]:
    return charge.basis, charge.line.quantity, charge.line.price


def _due(parts: Sequence[Charge]) -> Iterator[Charge]:
    """Say when the parts of one period are due: with its first one, or once its last is over."""
    is_in_arrears = parts[0].item.billing_mode is BillingMode.MONTHLY
    due_on = parts[-1].last_day + ONE_DAY if is_in_arrears else parts[0].first_day
    for part in parts:
        yield replace(part, due_on=due_on)
