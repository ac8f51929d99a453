"""The ways out of a contract: by its tariff, by law, or free of notice; the earliest one counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.rules.catalogue.terms import Term
from portal.rules.modules.allowed_day import AllowedDays
from portal.rules.modules.period import notice_deadline, notice_end
from portal.rules.modules.reason import Inputs, Rule, Step

Landing = tuple[Rule, Inputs]


@dataclass(frozen=True, slots=True)
class Route:
    """One way out: allowed days, and notice periods of which the shortest is enough.

    ``opening`` are the reasons that hold for every notice; ``landing`` is the rule that picks an
    allowed day, with its inputs. The first notice period is the tariff's, a second one that of
    the law whose name is ``law``. Without any no notice is needed. ``comparison`` sets the day of
    this way beside that of the ways before it, by the names that its rule gives the two.
    """

    days: AllowedDays
    landing: Landing
    opening: tuple[Step, ...] = ()
    notice_periods: tuple[Term, ...] = ()
    law: str = ""
    comparison: tuple[Rule, str, str] = (Rule.EARLIER_DAY, "tariff_day", "law_day")

    def good_from(self, notice_day: date) -> date:
        """First day for which notice on a day is good."""
        ends = [notice_end(notice_day, period) for period in self.notice_periods]
        return min(ends, default=notice_day)

    def first(self, notice_day: date, not_before: date) -> date | None:
        """First allowed day that notice reaches, on a day or after it."""
        return self.days.from_day(max(self.good_from(notice_day), not_before))

    def last(self, notice_day: date, not_after: date) -> date | None:
        """Last allowed day that notice reaches, on a day or before it."""
        day = self.days.to_day(not_after)
        return day if day is not None and day >= self.good_from(notice_day) else None

    def deadline(self, last_day: date) -> date | None:
        """Last day of notice that reaches a last day; none where the contract may not end then."""
        if self.days.from_day(last_day) != last_day:
            return None
        ends = [notice_deadline(last_day, period) for period in self.notice_periods]
        return max(ends, default=last_day)

    def reasons(self, notice_day: date, not_before: date) -> tuple[Step, ...]:
        """Steps that lead to the first allowed day that notice reaches."""
        good_from = self.good_from(notice_day)
        earliest = max(good_from, not_before, self.days.first)
        outcome = self.days.from_day(earliest)
        rule, inputs = self.landing
        if outcome is None:
            rule, inputs = Rule.NO_DAY_LEFT, (("until", self.days.until),)
        landing = Step(rule, outcome, (*inputs, ("not_before", earliest)))
        return (*self.opening, *self._notice_steps(notice_day, good_from), landing)

    def _notice_steps(self, notice_day: date, good_from: date) -> tuple[Step, ...]:
        if not self.notice_periods:
            return ()
        tariff_period, *legal_periods = self.notice_periods
        if tariff_period.count == 0:
            return (Step(Rule.NO_NOTICE_PERIOD, good_from),)
        if good_from == notice_end(notice_day, tariff_period):
            return (Step(Rule.NOTICE_PERIOD, good_from, (("period", tariff_period),)),)
        inputs = (("period", legal_periods[0]), ("law", self.law))
        return (Step(Rule.LEGAL_NOTICE_PERIOD, good_from, inputs),)


def first_reached(routes: Sequence[Route], notice_day: date, not_before: date) -> date | None:
    """First day, on a day or after it, that notice reaches by any route."""
    days = (route.first(notice_day, not_before) for route in routes)
    return min((day for day in days if day is not None), default=None)


def last_reached(routes: Sequence[Route], notice_day: date, not_after: date) -> date | None:
    """Last day, on a day or before it, that notice reaches by any route."""
    days = (route.last(notice_day, not_after) for route in routes)
    return max((day for day in days if day is not None), default=None)


def deadline(routes: Sequence[Route], last_day: date) -> date | None:
    """Last day of notice that is good for a last day by any route."""
    days = (route.deadline(last_day) for route in routes)
    return max((day for day in days if day is not None), default=None)


def notice_period(routes: Sequence[Route], notice_day: date, last_day: date) -> Term | None:
    """Shortest notice period by which notice on a day reaches a last day; none where free of it."""
    reaching = [route for route in routes if route.first(notice_day, last_day) == last_day]
    if any(not route.notice_periods for route in reaching):
        return None
    periods = (period for route in reaching for period in route.notice_periods)
    return min(periods, key=lambda period: notice_end(notice_day, period), default=None)


def reasons(routes: Sequence[Route], notice_day: date, wished: date | None) -> tuple[Step, ...]:
    """Steps that lead to the first day that notice reaches, from the wished day on if any.

    A route that leads nowhere is left out, unless all do.
    """
    opening = [Step(Rule.NOTICE_ARRIVES, notice_day)]
    if wished is not None:
        opening.append(Step(Rule.WISHED_DAY, wished))
    chains = [route.reasons(notice_day, wished or notice_day) for route in routes]
    steps: tuple[Step, ...] = ()
    earliest: date | None = None
    for route, chain in zip(routes, chains, strict=True):
        day = chain[-1].outcome
        if day is None:
            continue
        steps = (*steps, *chain)
        if earliest is not None:
            rule, before, here = route.comparison
            compared = ((before, earliest), (here, day))
            earliest = min(earliest, day)
            steps = (*steps, Step(rule, earliest, compared))
        earliest = earliest or day
    return (*opening, *(steps or chains[0]))
