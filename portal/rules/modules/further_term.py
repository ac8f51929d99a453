"""Deadlines whose missing binds for a further term, and when a reminder of one is due."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules.catalogue.terms import EndingDay, Term, Terms, TermUnit
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.ending import earliest_ending, ending_if_missed
from portal.rules.modules.period import notice_end

REMINDED_BEFORE = timedelta(days=30)
_MONTH = Term(1, TermUnit.MONTHS)
# Where the calendar takes the place of renewal terms; a month more is no term.
_SPANS = {EndingDay.END_OF_QUARTER: 3, EndingDay.END_OF_YEAR: 12}


@dataclass(frozen=True, slots=True)
class BindingDeadline:
    """The last day of notice for a last day, and the next last day once it is missed."""

    deadline: date
    last_day: date
    next_last_day: date


def binding_deadline(agreement: Agreement, today: date) -> BindingDeadline | None:
    """Next deadline whose missing binds for a further term; none where missing it costs less.

    A consumer whom the law lets go at any time after the initial term is bound by none.
    """
    term = _further_term(agreement.terms)
    if term is None:
        return None
    ending = earliest_ending(agreement, today)
    missed = ending_if_missed(agreement, ending)
    if ending.last_day is None or ending.deadline is None or missed is None:
        return None
    following = missed.last_day
    # By law a term may be shorter than the tariff's, and the way out at any time costs a day.
    least = min(notice_end(ending.last_day, length) for length in (term, _MONTH))
    if following is None or following < least:
        return None
    return BindingDeadline(ending.deadline, ending.last_day, following)


def reminder_is_due(deadline: date, today: date) -> bool:
    """Whether a deadline is near enough to be reminded of, and not over."""
    return deadline - REMINDED_BEFORE <= today <= deadline


def _further_term(terms: Terms) -> Term | None:
    if terms.renewal_term is not None:
        return terms.renewal_term
    months = _SPANS.get(terms.ending_day)
    return Term(months, TermUnit.MONTHS) if months else None
