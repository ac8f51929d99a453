"""Arithmetic of days: notice periods, and terms or billing periods one after another.

The two count months differently. A notice period keeps the day number and falls back to the last
day of a shorter month (BGB 187 (1), 188 (2) (3)). Of a term the first day counts (BGB 187 (2)), so
one that would begin on a day which a month lacks begins on the 1st of the month after.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules.calendar import FIRST_DAY
from portal.rules.catalogue.terms import Term
from portal.rules.month import clamped, last_of_month, month_index, rolled

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days; both ends belong to it."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class PeriodSeries:
    """Periods of one length without gap; number 0 begins ``offset`` units after ``anchor``.

    The unit is a month where ``in_months`` says so, else a day. Every first day is counted from
    the anchor itself, so that no day that a short month moved carries on.
    """

    anchor: date
    in_months: bool
    offset: int
    length: int

    def first_day(self, number: int) -> date:
        """First day of a period; number 1 comes right after number 0."""
        return self._counted(self.offset + number * self.length)

    def number_from(self, day: date) -> int:
        """Number of the first period, 0 or later, that begins on a day or after it."""
        if self.in_months:
            units = month_index(day) - month_index(self.anchor)
            # A day that a short month moved stands in the month after the one it was counted to.
            if self._counted(units - 1) >= day:
                units -= 1
            elif self._counted(units) < day:
                units += 1
        else:
            units = (day - self.anchor).days
        return max(0, -((self.offset - units) // self.length))

    def around(self, day: date) -> Period:
        """Period that a day belongs to; the day is not before the first day of number 0."""
        following = self.number_from(day + ONE_DAY)
        return Period(self.first_day(following - 1), self.first_day(following) - ONE_DAY)

    def _counted(self, units: int) -> date:
        if self.in_months:
            return rolled(self.anchor, units)
        return self.anchor + timedelta(days=units)


def periods(first_day: date, length: Term) -> PeriodSeries:
    """Periods that follow one another from a day on."""
    return PeriodSeries(first_day, length.in_months, 0, length.units)


def billing_periods(starts_on: date, length: Term, *, by_calendar: bool = False) -> PeriodSeries:
    """Billing periods from a contract's first day, or calendar months, quarters or years."""
    return periods(FIRST_DAY if by_calendar else starts_on, length)


def renewals(first_day: date, initial_term: Term, renewal_term: Term) -> PeriodSeries:
    """Renewal terms that follow an initial term; number 0 is the first of them.

    Months are counted in one go from the contract's first day.
    """
    if initial_term.in_months and renewal_term.in_months:
        return PeriodSeries(first_day, True, initial_term.units, renewal_term.units)
    return periods(day_after(first_day, initial_term), renewal_term)


def day_after(first_day: date, term: Term) -> date:
    """First day after a term that begins on a day; that day itself where the term is zero."""
    if term.in_months:
        return rolled(first_day, term.units)
    return first_day + timedelta(days=term.units)


def notice_end(notice_day: date, period: Term) -> date:
    """First day for which notice is good that arrives on a day; that day is not counted."""
    if period.in_months:
        return clamped(notice_day, period.units)
    return notice_day + timedelta(days=period.units)


def notice_deadline(last_day: date, period: Term) -> date:
    """Last day on which notice may arrive to be good for a last day."""
    if not period.in_months:
        return last_day - timedelta(days=period.units)
    index = month_index(last_day)
    if last_day == last_of_month(index):
        # Every later day number of a longer month falls back to this one.
        return last_of_month(index - period.units)
    return clamped(last_day, -period.units)
