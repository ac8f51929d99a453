"""The rules of dates once more, as slowly and plainly as they can be said: a walk day by day.

Nothing of the engine is used here, except the words in which terms are stated.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from portal.rules.terms import EndingDay, Renewal, Term, Terms, TermUnit

DAY = timedelta(days=1)
MONTH = Term(1, TermUnit.MONTHS)
YEAR = Term(12, TermUnit.MONTHS)


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
    for _ in range(term.count):
        day += DAY if term.unit is TermUnit.DAYS else 7 * DAY
    return day


def first_of_month_after(day: date, months: int) -> date:
    """Walk until a month has begun as many times; for none, stay."""
    while months:
        day += DAY
        months -= day.day == 1
    return day


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


class Oracle:
    """Says of each day up to a horizon whether a contract may end on it for a day of notice."""

    def __init__(self, start: date, terms: Terms, horizon: date) -> None:
        self.start, self.terms, self.horizon = start, terms, horizon
        self.initial_end = first_day_after(start, terms.initial_term) - DAY
        self.ends = (
            term_ends(start, terms.initial_term, terms.renewal_term, horizon)
            if terms.renewal_term
            else set()
        )

    def possible(self, notice: date, law: str | None = None) -> Iterator[date]:
        """Walk over the days on which the contract may end, under the tariff or a law."""
        good = day_good_from(notice, self.terms.notice_period)
        good_by_law = min(good, day_good_from(notice, MONTH))
        good_by_old_law = min(good, day_good_from(notice, Term(3, TermUnit.MONTHS)))
        lawful = self.lawful_days(law)
        day = max(self.start, notice)
        while day <= self.horizon:
            if self.is_over(day):
                return
            if (
                self.is_allowed(day, good)
                or (law in {"NL", "DE"} and day >= good_by_law and lawful(day))
                or (law == "old DE" and day >= good_by_old_law and lawful(day))
            ):
                yield day
            day += DAY

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

    def lawful_days(self, law: str | None):
        """Give the days on which a law lets a consumer go, whatever the tariff says."""
        one = min(self.initial_end, first_day_after(self.start, YEAR) - DAY)
        two = min(self.initial_end, first_day_after(self.start, Term(24, TermUnit.MONTHS)) - DAY)
        if law != "old DE":
            return lambda day: day > one if law == "NL" else day >= two
        if self.terms.renewal is Renewal.OPEN_ENDED:
            return lambda day: day >= two and ends_a(self.terms.ending_day, day)
        renewal = self.terms.renewal_term or YEAR
        month_days = {TermUnit.DAYS: 1, TermUnit.WEEKS: 7, TermUnit.MONTHS: 30.4}
        # Terms between 365 days and a year of months are kept out of what is drawn.
        if renewal.count * month_days[renewal.unit] > 365:
            renewal = YEAR
        initial = self.terms.initial_term if two == self.initial_end else Term(24, TermUnit.MONTHS)
        ends = term_ends(self.start, initial, renewal, self.horizon)
        return lambda day: day in ends
