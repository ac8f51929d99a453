"""What was agreed about the end of a contract, and the ways out that follow from it."""

from dataclasses import dataclass
from datetime import date

from portal.rules.calendar import LAST_DAY
from portal.rules.catalogue.consumer import Law
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms
from portal.rules.catalogue.terms_check import can_be_longer
from portal.rules.modules.allowed_day import AllowedDays, CalendarEnds, EveryDay, PeriodEnds
from portal.rules.modules.period import ONE_DAY, day_after, notice_end, renewals
from portal.rules.modules.reason import Inputs, Rule, Step
from portal.rules.modules.route import Landing, Route

_MONTHS = {EndingDay.END_OF_MONTH: 1, EndingDay.END_OF_QUARTER: 3, EndingDay.END_OF_YEAR: 12}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Sound terms (``check_terms``) under which a module runs from a day on.

    ``law`` protects whoever gives notice; it is absent for a business and where the operator
    gives notice. The initial term is counted from ``counted_from`` where a change of tariff let
    an older term continue, else from ``starts_on``. ``rises_on`` are the days on which prices rise
    and give whoever gives notice a special right to cancel.
    """

    starts_on: date
    terms: Terms
    law: Law | None = None
    counted_from: date | None = None
    rises_on: tuple[date, ...] = ()

    @property
    def first_term_day(self) -> date:
        """First day of the initial term."""
        return self.counted_from or self.starts_on

    @property
    def initial_term_end(self) -> date:
        """Last day of the initial term; the day before its first where it has no length."""
        return day_after(self.first_term_day, self.terms.initial_term) - ONE_DAY

    @property
    def until(self) -> date:
        """Last day on which the contract can run: its own end, or the calendar's."""
        if self.terms.renewal is Renewal.NONE:
            return min(self.initial_term_end, LAST_DAY)
        return LAST_DAY


def routes_of(agreement: Agreement) -> tuple[Route, ...]:
    """Ways out of a contract: by its tariff, by law, then by the special right to cancel."""
    special = tuple(_before_rise(agreement, day) for day in agreement.rises_on)
    law, renewal = agreement.law, agreement.terms.renewal
    if law is None or (law.after_renewal_alone and renewal is not Renewal.RENEWAL_TERM):
        return (_by_tariff(agreement), *special)
    return (_by_tariff(agreement), _by_law(agreement, law), *special)


def _by_tariff(agreement: Agreement) -> Route:
    terms, ends_on = agreement.terms, agreement.initial_term_end
    first = max(agreement.starts_on, ends_on)
    opening = Step(Rule.NO_INITIAL_TERM, first)
    if terms.initial_term.count:
        opening = Step(Rule.INITIAL_TERM, ends_on, _initial(agreement, terms.initial_term))
    if terms.renewal is Renewal.NONE:
        only_day = EveryDay(first, agreement.until)
        return Route(only_day, (Rule.END_OF_INITIAL_TERM, ()), (opening,))
    days, landing = _calendar_days(terms.ending_day, first)
    if terms.renewal_term is not None:
        series = renewals(agreement.first_term_day, terms.initial_term, terms.renewal_term)
        days = PeriodEnds(series, first, agreement.until)
        landing = (Rule.END_OF_TERM, (("period", terms.renewal_term),))
    return Route(days, landing, (opening,), (terms.notice_period,))


def _by_law(agreement: Agreement, law: Law) -> Route:
    """Give the way out that general terms may not close to a consumer."""
    terms, ends_on = agreement.terms, agreement.initial_term_end
    initial_term, opening, longest = terms.initial_term, [], law.longest_initial_term
    legal_end = day_after(agreement.first_term_day, longest) - ONE_DAY if longest else ends_on
    if longest and legal_end < ends_on:
        initial_term, ends_on = longest, legal_end
        inputs = (*_initial(agreement, initial_term), ("law", law.name))
        opening.append(Step(Rule.LEGAL_INITIAL_TERM, ends_on, inputs))
    if not law.limits_notice_to_initial_term:
        ends_on += ONE_DAY
    notice_periods = (terms.notice_period, law.longest_notice_period)
    reach = min(notice_end(law.in_force_on, period) for period in notice_periods)
    first = max(agreement.starts_on, ends_on, reach)
    if first > max(agreement.starts_on, ends_on):
        since = (("since", law.in_force_on), ("law", law.name))
        opening.append(Step(Rule.LAW_IN_FORCE, first, since))
    days, (rule, inputs) = _legal_days(agreement, law, initial_term, first)
    landing = (rule, (*inputs, ("law", law.name)))
    return Route(days, landing, tuple(opening), notice_periods, law.name)


def _before_rise(agreement: Agreement, rises_on: date) -> Route:
    """Give the way out that a rise of prices opens: its day before, without a notice period."""
    day = rises_on - ONE_DAY
    only_day = EveryDay(max(day, agreement.starts_on), min(day, agreement.until))
    comparison = (Rule.EARLIER_BY_PRICE_RISE, "other_day", "special_day")
    return Route(only_day, (Rule.PRICE_RISE, (("rises_on", rises_on),)), comparison=comparison)


def _legal_days(
    agreement: Agreement, law: Law, initial_term: Term, first: date
) -> tuple[AllowedDays, Landing]:
    terms = agreement.terms
    if law.longest_renewal_term is None:
        return EveryDay(first, agreement.until), (Rule.LEGAL_ANY_DAY, ())
    if terms.renewal is Renewal.OPEN_ENDED:
        return _calendar_days(terms.ending_day, first)
    renewal_term = terms.renewal_term or law.longest_renewal_term
    if can_be_longer(renewal_term, law.longest_renewal_term):
        renewal_term = law.longest_renewal_term
    series = renewals(agreement.first_term_day, initial_term, renewal_term)
    landing = (Rule.LEGAL_END_OF_TERM, (("period", renewal_term),))
    return PeriodEnds(series, first, agreement.until), landing


def _calendar_days(ending_day: EndingDay, first: date) -> tuple[AllowedDays, Landing]:
    landing = (Rule.ENDING_DAY, (("ending_day", ending_day),))
    if ending_day not in _MONTHS:
        return EveryDay(first, LAST_DAY), landing
    return CalendarEnds(_MONTHS[ending_day], first, LAST_DAY), landing


def _initial(agreement: Agreement, term: Term) -> Inputs:
    return (("period", term), ("first_day", agreement.first_term_day))
