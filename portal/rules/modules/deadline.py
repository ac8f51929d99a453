"""The days by which notice has to arrive, as a calendar shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from portal.rules.modules.agreement import Agreement
from portal.rules.modules.ending import deadline_of, possible_endings
from portal.rules.modules.period import ONE_DAY
from portal.rules.modules.reason import Rule


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of notice for a last day, before prices rise or as was agreed."""

    day: date
    last_day: date
    is_before_rise: bool = False


def deadlines(agreement: Agreement, today: date, count: int) -> Iterator[Deadline]:
    """Next deadlines, so many at most, up to where a contract may end on any day.

    From there on each day is the deadline for another one, and there is none to write down.
    """
    for ending in islice(possible_endings(agreement, today), count):
        day, last_day = ending.deadline, ending.last_day
        if day is None or last_day is None or is_rolling(agreement, last_day):
            return
        is_before_rise = any(step.rule is Rule.PRICE_RISE for step in ending.reasons)
        yield Deadline(day, last_day, is_before_rise)


def is_rolling(agreement: Agreement, last_day: date) -> bool:
    """Whether the contract may end on the day before too, so that no deadline is one of its own."""
    return deadline_of(agreement, last_day - ONE_DAY) is not None
