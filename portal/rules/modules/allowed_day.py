"""The days on which a contract may end, before anybody asks about notice."""

from dataclasses import dataclass
from datetime import date

from portal.rules.modules.period import ONE_DAY, PeriodSeries
from portal.rules.month import last_of_month, month_index


@dataclass(frozen=True, slots=True)
class EveryDay:
    """Every day from a first to a last one."""

    first: date
    until: date

    def from_day(self, day: date) -> date | None:
        """First of the days on a day or after it."""
        return _within(max(day, self.first), self.first, self.until)

    def to_day(self, day: date) -> date | None:
        """Last of the days on a day or before it."""
        return _within(min(day, self.until), self.first, self.until)


@dataclass(frozen=True, slots=True)
class CalendarEnds:
    """Last days of calendar months, of quarters (three months) or of years (twelve)."""

    months: int
    first: date
    until: date

    def from_day(self, day: date) -> date | None:
        """First of the days on a day or after it."""
        spans = month_index(max(day, self.first)) // self.months
        return _within(self._end(spans), self.first, self.until)

    def to_day(self, day: date) -> date | None:
        """Last of the days on a day or before it."""
        spans = month_index(min(day, self.until) + ONE_DAY) // self.months
        return _within(self._end(spans - 1), self.first, self.until)

    def _end(self, spans: int) -> date:
        return last_of_month((spans + 1) * self.months - 1)


@dataclass(frozen=True, slots=True)
class PeriodEnds:
    """Days before the periods of a series: number 0 gives the end of what goes before it."""

    series: PeriodSeries
    first: date
    until: date

    def from_day(self, day: date) -> date | None:
        """First of the days on a day or after it."""
        number = self.series.number_from(max(day, self.first) + ONE_DAY)
        return _within(self._end(number), self.first, self.until)

    def to_day(self, day: date) -> date | None:
        """Last of the days on a day or before it."""
        after = self.series.number_from(min(day, self.until) + 2 * ONE_DAY)
        return _within(self._end(after - 1), self.first, self.until) if after else None

    def _end(self, number: int) -> date:
        return self.series.first_day(number) - ONE_DAY


AllowedDays = EveryDay | CalendarEnds | PeriodEnds


def _within(day: date, first: date, until: date) -> date | None:
    return day if first <= day <= until else None
