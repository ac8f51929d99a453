"""How many of an item a subscription has, and from when on there may be more or fewer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.errors import InvalidInput, RuleBroken
from portal.rules.calendar import check_within
from portal.rules.catalogue.terms import PAYMENTS_IN_A_YEAR, BillingMode
from portal.rules.modules.cost import Count
from portal.rules.modules.notice import Wish
from portal.rules.modules.period import ONE_DAY
from portal.rules.modules.reason import Rule, Step
from portal.rules.modules.tariff_change import (
    FEWER_REFUSED,
    ChangeRequest,
    chosen_change,
    earliest_change,
)

MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class QuantityChange:
    """From when on there are so many, the last day to ask for it, and the reasons.

    Without a deadline there are more, or a manager set the day.
    """

    starts_on: date
    deadline: date | None
    reasons: tuple[Step, ...]


def check_quantity(quantity: int, path: tuple[str, ...]) -> None:
    """Refuse a number of items that nobody can have."""
    if not 1 <= quantity <= MOST:
        raise InvalidInput("Must be from 1 to {most}.", path=path, most=MOST)


def check_countable(mode: BillingMode, path: tuple[str, ...], *, is_order: bool) -> None:
    """Refuse to count what is billed by use; what is billed once can be counted at the order."""
    if mode is BillingMode.PER_USE:
        raise RuleBroken("This item is billed by use: it has no quantity.", path=path)
    if mode not in PAYMENTS_IN_A_YEAR and not is_order:
        raise RuleBroken("This item is billed once: its quantity cannot change.", path=path)


def more_from(day: date) -> QuantityChange:
    """Let there be more from a day on."""
    return QuantityChange(day, None, (Step(Rule.MORE, day),))


def deviating_from(day: date, first: date, last: date | None) -> QuantityChange:
    """Let there be more or fewer from a day on that a manager sets, while the module runs."""
    check_within(day, first, last)
    return QuantityChange(day, None, (Step(Rule.DEVIATING_DAY, day),))


def fewer_from(request: ChangeRequest, wish: Wish) -> QuantityChange:
    """Let there be fewer from the first day on which a change of tariff could take effect.

    A later one may be wished where that is such a day too.
    """
    if wish.allowed is None:
        found = earliest_change(request)
    else:
        found = chosen_change(request, wish.allowed, FEWER_REFUSED)
    if found.starts_on is None:
        raise RuleBroken("No day is left from which there could be fewer.")
    return QuantityChange(found.starts_on, found.deadline, found.reasons)


def quantities_from(counts: Iterable[Count], day: date) -> list[int]:
    """Give each quantity that there is on a day or later; there is one where none is counted.

    The counts are of one item, the earliest first.
    """
    found, reached = [], day
    for count in counts:
        if count.ends_on is not None and count.ends_on < max(reached, count.starts_on):
            continue
        if count.starts_on > reached:
            found.append(1)
        found.append(count.quantity)
        if count.ends_on is None:
            return found
        reached = count.ends_on + ONE_DAY
    return [*found, 1]
