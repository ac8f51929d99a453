"""The rules of dates once more, as plainly as they can be said: a walk over days and months.

Nothing of the engine is used here, except the words in which terms are stated.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit

DAY = timedelta(days=1)
YEAR = Term(12, TermUnit.MONTHS)
TWO_YEARS = Term(24, TermUnit.MONTHS)

# The days on which a month begins, to the end of Python's calendar.
FIRSTS = [date(year, month, 1) for year in range(1800, 10_000) for month in range(1, 13)]

# From which day on a law counts; notice that arrived before counts as if it arrived then.
IN_FORCE = {
    "NL": date(2011, 12, 1),
    "BE": date(2014, 5, 31),
    "DE": date(2022, 3, 1),
    "old DE": date(1977, 4, 1),
}
# How many months of notice a consumer may be asked for.
MOST_NOTICE = {"NL": 1, "BE": 2, "DE": 1, "old DE": 3}


def law_by(country: str, agreed_on: date) -> str | None:
    """Name the law that a consumer has who agreed on a day."""
    if country == "DE" and agreed_on < IN_FORCE["DE"]:
        return "old DE" if agreed_on >= IN_FORCE["old DE"] else None
    return country if country in IN_FORCE else None


def first_day_after(first: date, term: Term) -> date:
    """Walk over a term whose first day counts."""
    if term.unit is not TermUnit.MONTHS:
        return walk(first, term)
    day = first_of_month_after(first, term.count)
    while day.day != first.day:
        day += DAY
        if day.day == 1:
            break
    return day


def day_good_from(notice: date, period: Term) -> date:
    """Walk over a notice period, of which the day of arrival does not count."""
    if period.unit is not TermUnit.MONTHS:
        return walk(notice, period)
    day = first_of_month_after(notice, period.count)
    while day.day != notice.day and (day + DAY).day != 1:
        day += DAY
    return day


def walk(day: date, term: Term) -> date:
    return day + term.count * (DAY if term.unit is TermUnit.DAYS else 7 * DAY)


def first_of_month_after(day: date, months: int) -> date:
    """Walk until a month has begun as many times; for none, stay."""
    return FIRSTS[bisect_right(FIRSTS, day) + months - 1] if months else day


def term_ends(first: date, initial: Term, renewal: Term, horizon: date) -> set[date]:
    """Last days of the initial and of each renewal term, each one walked to from the start."""
    ends, count, end = set(), 0, date.min
    while end <= horizon:
        if initial.unit is renewal.unit:
            total = Term(initial.count + count * renewal.count, initial.unit)
            end = first_day_after(first, total) - DAY
        else:
            total = Term(count * renewal.count, renewal.unit)
            end = first_day_after(first_day_after(first, initial), total) - DAY
        ends.add(end)
        count += 1
    return ends


def ends_a(ending: EndingDay, day: date) -> bool:
    tomorrow = day + DAY
    return {
        EndingDay.ANY_DAY: True,
        EndingDay.END_OF_MONTH: tomorrow.day == 1,
        EndingDay.END_OF_QUARTER: tomorrow.day == 1 and tomorrow.month in {1, 4, 7, 10},
        EndingDay.END_OF_YEAR: tomorrow.day == 1 and tomorrow.month == 1,
    }[ending]


def billing_days(first: date, length: Term, horizon: date) -> set[date]:
    """First days of billing periods, each one walked to from the first of all."""
    days, count = set(), 0
    while not days or max(days) <= horizon:
        days.add(first_day_after(first, Term(count * length.count, length.unit)))
        count += 1
    return days


class Oracle:
    """Says of each day up to a horizon whether a contract may end on it for a day of notice."""

    def __init__(
        self, start: date, terms: Terms, horizon: date, counted_from: date | None = None
    ) -> None:
        self.start, self.terms, self.horizon = start, terms, horizon
        self.first = counted_from or start
        self.initial_end = first_day_after(self.first, terms.initial_term) - DAY
        self.ends = (
            term_ends(self.first, terms.initial_term, terms.renewal_term, horizon)
            if terms.renewal_term
            else set()
        )

    def possible(self, notice: date, law: str | None = None) -> Iterator[date]:
        """Walk over the days on which the contract may end, under the tariff or a law."""
        may_end = self.may_end(notice, law)
        day = max(self.start, notice)
        while day <= self.horizon and not self.is_over(day):
            if may_end(day):
                yield day
            day += DAY

    def changes(
        self, notice: date, law: str | None, billed_from: date, billed_by: Term
    ) -> Iterator[date]:
        """Walk over the days on which another tariff may begin that is free of notice."""
        may_end = self.may_end(notice, law)
        due = billing_days(billed_from, billed_by, self.horizon + DAY)
        day = max(self.start, notice)
        while day <= self.horizon and not self.is_over(day):
            if day + DAY in due or may_end(day):
                yield day + DAY
            day += DAY

    def may_end(self, notice: date, law: str | None) -> Callable[[date], bool]:
        """Give whether the contract may end on a day for notice that arrives on another."""
        good = day_good_from(notice, self.terms.notice_period)
        if law is None:
            return lambda day: self.is_allowed(day, good)
        arrived = max(notice, IN_FORCE[law])
        by_law = min(
            day_good_from(arrived, self.terms.notice_period),
            day_good_from(arrived, Term(MOST_NOTICE[law], TermUnit.MONTHS)),
        )
        lawful = self.lawful_days(law)
        return lambda day: self.is_allowed(day, good) or (day >= by_law and lawful(day))

    def is_over(self, day: date) -> bool:
        return self.terms.renewal is Renewal.NONE and day > self.initial_end

    def is_allowed(self, day: date, good: date) -> bool:
        match self.terms.renewal:
            case Renewal.NONE:
                return day == self.initial_end
            case Renewal.RENEWAL_TERM:
                return day >= good and day in self.ends
            case Renewal.OPEN_ENDED:
                last = day >= good and day >= self.initial_end
                return last and ends_a(self.terms.ending_day, day)

    def lawful_days(self, law: str) -> Callable[[date], bool]:
        """Give the days on which a law lets a consumer go, whatever the tariff says."""
        one = min(self.initial_end, first_day_after(self.first, YEAR) - DAY)
        two = min(self.initial_end, first_day_after(self.first, TWO_YEARS) - DAY)
        match law:
            case "NL":
                return lambda day: day > one
            case "BE":
                return lambda day: self.terms.renewal_term is not None and day > self.initial_end
            case "DE":
                return lambda day: day >= two
        if self.terms.renewal is Renewal.OPEN_ENDED:
            return lambda day: day >= two and ends_a(self.terms.ending_day, day)
        renewal = self.terms.renewal_term or YEAR
        month_days = {TermUnit.DAYS: 1, TermUnit.WEEKS: 7, TermUnit.MONTHS: 30.4}
        # Terms between 365 days and a year of months are kept out of what is drawn.
        if renewal.count * month_days[renewal.unit] > 365:
            renewal = YEAR
        initial = self.terms.initial_term if two == self.initial_end else TWO_YEARS
        ends = term_ends(self.first, initial, renewal, self.horizon)
        return lambda day: day in ends
