"""Target minus billed: what is still to be billed, and what was billed too much.

A tariff change, a notice, a withdrawal, an agreement and a price of days that are over are all this
one subtraction.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from portal.rules.billing.charge import Basis, Charge
from portal.rules.modules.period import ONE_DAY

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Billed:
    """Days that a line of a document carries; ``left`` is its amount less what was credited.

    What of that was ``waived``, credited by hand, is not billed again: it counts as billed. A
    correction is a line more about days that another line carries.
    """

    document_id: UUID
    position: int
    source_id: UUID
    item_key: str
    first_day: date
    last_day: date
    period_days: int
    quantity: int
    unit_price: Decimal
    basis: Basis
    left: Decimal
    is_correction: bool = False
    waived: Decimal = NOTHING

    @property
    def key(self) -> tuple[UUID, str]:
        """What of one day is billed once."""
        return self.source_id, self.item_key


_Row = TypeVar("_Row", Charge, Billed)


@dataclass(frozen=True, slots=True)
class Addition:
    """An amount to be billed for some days of a charge."""

    charge: Charge
    first_day: date
    last_day: date
    net: Decimal
    is_correction: bool = False


@dataclass(frozen=True, slots=True)
class Reduction:
    """An amount to be credited of a line, about some days that it carries no longer, if any."""

    billed: Billed
    net: Decimal
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Kept:
    """What a line carries from now on; no day at all where ``last_day`` is None."""

    billed: Billed
    last_day: date | None
    left: Decimal
    waived: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Settlement:
    """What makes what is billed what should be."""

    additions: tuple[Addition, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    kept: tuple[Kept, ...] = ()


def settle(
    target: Iterable[Charge], billed: Iterable[Billed], since: date, until: date
) -> Settlement:
    """Subtract; ``target`` is all that is foreseen up to ``until`` and the last billed day.

    What is new is billed if it was due from ``since`` to ``until``. What is billed stays as far as
    it is foreseen, due or not.
    """
    targets = _by_key(target)
    rows = _by_key(billed)
    additions: list[Addition] = []
    reductions: list[Reduction] = []
    kept: list[Kept] = []
    for key in [*targets, *(key for key in rows if key not in targets)]:
        of_key = targets.get(key, [])
        carried: list[tuple[date, date]] = []
        for group in _groups(rows.get(key, [])):
            change = _Change(group, of_key)
            additions += change.additions()
            reductions += change.reductions()
            kept += change.kept()
            if change.last_day is not None:
                carried.append((group[0].first_day, change.last_day))
        due = [one for one in of_key if since <= one.due_on <= until]
        additions += [new for charge in due for new in _new(charge, carried)]
    return Settlement(tuple(additions), tuple(reductions), tuple(kept))


class _Change:
    """What becomes of a line, with the corrections of its days.

    One that was waived whole stays as it is: its days cost nothing, whatever they should cost.
    """

    def __init__(self, group: Sequence[Billed], targets: Sequence[Charge]) -> None:
        self._group = group
        main = group[0]
        self._parts = list(_still_so(main, targets))
        self.last_day = self._parts[-1][2] if self._parts else None
        target = sum((charge.amount(*span) for charge, *span in self._parts), NOTHING)
        left, waived = (
            sum((getattr(row, name) for row in group), NOTHING) for name in ("left", "waived")
        )
        self._difference = target - left - waived
        if waived and not left:
            self.last_day, self._difference = main.last_day, NOTHING
        self._credited = self._taken("left", -self._difference)
        # What was waived is given up last: there is less to be waived.
        open_ = -self._difference - sum(self._credited.values(), NOTHING)
        self._unwaived = self._taken("waived", open_)

    def additions(self) -> Iterator[Addition]:
        """Give the correction, where days that stay cost more than was billed."""
        if self._difference > 0 and self._parts:
            (charge, first, _), (*_, last) = self._parts[0], self._parts[-1]
            yield Addition(charge, first, last, self._difference, is_correction=True)

    def reductions(self) -> Iterator[Reduction]:
        """Give what is credited of each line, the last correction first."""
        for row, net in self._credited.items():
            first = row.first_day if self.last_day is None else self.last_day + ONE_DAY
            if first > row.last_day:
                first = row.first_day
            yield Reduction(row, net, first, row.last_day)

    def kept(self) -> Iterator[Kept]:
        """Give the lines that carry other days, or another amount, from now on."""
        for row in self._group:
            left = row.left - self._credited.get(row, NOTHING)
            waived = row.waived - self._unwaived.get(row, NOTHING)
            if (left, waived, self.last_day) != (row.left, row.waived, row.last_day):
                yield Kept(row, self.last_day, left, waived)

    def _taken(self, name: str, amount: Decimal) -> dict[Billed, Decimal]:
        """Give what is too much of each line: of the corrections first, the last one of them."""
        main, *corrections = self._group
        taken = {}
        for row in (*reversed(corrections), main):
            part = min(amount, getattr(row, name))
            if part > 0:
                taken[row] = part
                amount -= part
        return taken


def _still_so(main: Billed, targets: Sequence[Charge]) -> Iterator[tuple[Charge, date, date]]:
    """Give the days of a line, from its first one on, that are still billed under its basis."""
    first = main.first_day
    while first <= main.last_day:
        charge = next((one for one in targets if one.first_day <= first <= one.last_day), None)
        if charge is None or charge.basis != main.basis:
            return
        last = min(charge.last_day, main.last_day)
        yield charge, first, last
        first = last + ONE_DAY


def _new(charge: Charge, carried: Sequence[tuple[date, date]]) -> Iterator[Addition]:
    """Give the days of a charge that no line carries, but for those that cost nothing."""
    first = charge.first_day
    for start, end in [*sorted(carried), (charge.last_day + ONE_DAY, charge.last_day)]:
        last = min(start - ONE_DAY, charge.last_day)
        if first <= last and (net := charge.amount(first, last)):
            yield Addition(charge, first, last, net)
        first = max(first, end + ONE_DAY)


def _groups(rows: Iterable[Billed]) -> Iterator[list[Billed]]:
    """Give each line with the corrections of its days, in the order in which they were made."""
    ordered = sorted(rows, key=lambda row: (row.first_day, row.is_correction))
    group: list[Billed] = []
    for row in ordered:
        if group and not row.is_correction:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _by_key(rows: Iterable[_Row]) -> dict[tuple[UUID, str], list[_Row]]:
    found: dict[tuple[UUID, str], list[_Row]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return found
