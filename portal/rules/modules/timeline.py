"""The time line of a module: its terms, today, what is pending, and by when it can end when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice

from portal.rules.catalogue.terms import Renewal, Term
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.course import Course
from portal.rules.modules.deadline import is_rolling
from portal.rules.modules.ending import notice_period_of, possible_endings, running_term
from portal.rules.modules.period import ONE_DAY, Period

_FEW = 3


class SpanKind(StrEnum):
    """What a span of days is."""

    EARLIER = "EARLIER"
    INITIAL_TERM = "INITIAL_TERM"
    RENEWAL_TERM = "RENEWAL_TERM"
    OPEN_ENDED = "OPEN_ENDED"
    NEXT_TARIFF = "NEXT_TARIFF"


class MarkKind(StrEnum):
    """What a day is."""

    FIRST_DAY = "FIRST_DAY"
    TODAY = "TODAY"
    DEADLINE = "DEADLINE"
    POSSIBLE_LAST_DAY = "POSSIBLE_LAST_DAY"
    PRICE_RISE = "PRICE_RISE"
    TARIFF_CHANGE = "TARIFF_CHANGE"
    LAST_DAY = "LAST_DAY"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one to another; both belong to it, without a last one it is open."""

    kind: SpanKind
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A day; a possible last day has its deadline, a deadline the last day that it is good for."""

    kind: MarkKind
    day: date
    deadline: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Spans without gap, marks in the order of their days, and how the customer may cancel.

    With ``is_rolling`` each day is the deadline for another last day. ``notice_period`` counts for
    the next last day; it is absent where none is needed, or none can be given.
    """

    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]
    is_rolling: bool
    notice_period: Term | None


@dataclass(frozen=True, slots=True)
class _Ending:
    last_day: date
    deadline: date


def timeline(course: Course, agreement: Agreement) -> Timeline:
    """Time line of a module that runs under an agreement; the days to come are the customer's."""
    endings = [*_endings(course, agreement)] if course.is_open else []
    first = endings[0].last_day if endings else None
    rolling = first is not None and is_rolling(agreement, first)
    return Timeline(
        tuple(_spans(course, agreement, endings)),
        tuple(sorted(_marks(course, agreement, endings, rolling=rolling), key=_place)),
        rolling,
        None if first is None else notice_period_of(agreement, course.today, first),
    )


def _endings(course: Course, agreement: Agreement) -> Iterator[_Ending]:
    """Give the next endings that can be asked for today, before the module ends by itself.

    Where each day would be one, none after the first.
    """
    for number, ending in enumerate(islice(possible_endings(agreement, course.today), _FEW)):
        day, deadline = ending.last_day, ending.deadline
        if day is None or deadline is None or not _is_before(day, course.ends_on):
            return
        if number and is_rolling(agreement, day):
            return
        yield _Ending(day, deadline)


def _spans(course: Course, agreement: Agreement, endings: list[_Ending]) -> Iterator[Span]:
    changes_on = _change(course)
    until = changes_on - ONE_DAY if changes_on else course.ends_on
    shown = [_clipped(one, until) for one in _terms(course, agreement, endings, until)]
    if not shown or course.starts_on < shown[0].starts_on:
        earlier_until = shown[0].starts_on - ONE_DAY if shown else until
        yield Span(SpanKind.EARLIER, course.starts_on, earlier_until)
    yield from shown
    if changes_on:
        yield Span(SpanKind.NEXT_TARIFF, changes_on, course.ends_on)


def _terms(
    course: Course, agreement: Agreement, endings: list[_Ending], until: date | None
) -> Iterator[Span]:
    """Give the term of today, and those after it up to the last day that is shown."""
    here = max(course.today, agreement.starts_on)
    if until is not None:
        here = min(here, until)
    shown_until = until or max([here, *(one.last_day for one in endings)])
    term = running_term(agreement, here)
    while term is not None and term.first_day <= shown_until:
        yield _span(agreement, term)
        term = running_term(agreement, term.last_day + ONE_DAY)
    if agreement.terms.renewal is Renewal.OPEN_ENDED:
        first = max(agreement.initial_term_end + ONE_DAY, agreement.starts_on)
        if until is None or first <= until:
            yield Span(SpanKind.OPEN_ENDED, first, None)


def _span(agreement: Agreement, term: Period) -> Span:
    is_initial = term.first_day == agreement.first_term_day and agreement.terms.initial_term.count
    kind = SpanKind.INITIAL_TERM if is_initial else SpanKind.RENEWAL_TERM
    return Span(kind, term.first_day, term.last_day)


def _clipped(span: Span, until: date | None) -> Span:
    if until is None or (span.ends_on is not None and span.ends_on <= until):
        return span
    return Span(span.kind, span.starts_on, until)


def _marks(
    course: Course, agreement: Agreement, endings: list[_Ending], *, rolling: bool
) -> Iterator[Mark]:
    yield Mark(MarkKind.FIRST_DAY, course.starts_on)
    yield Mark(MarkKind.TODAY, course.today)
    for one in endings:
        yield Mark(MarkKind.POSSIBLE_LAST_DAY, one.last_day, deadline=one.deadline)
    for one in endings[:1]:
        if not rolling:
            yield Mark(MarkKind.DEADLINE, one.deadline, last_day=one.last_day)
    for day in agreement.rises_on:
        yield Mark(MarkKind.PRICE_RISE, day)
    if changes_on := _change(course):
        yield Mark(MarkKind.TARIFF_CHANGE, changes_on)
    if course.ends_on:
        yield Mark(MarkKind.LAST_DAY, course.ends_on)


def _change(course: Course) -> date | None:
    """Give the first day of the tariff that is to follow."""
    pending = course.pending
    return pending.day if pending is not None and not pending.is_notice else None


def _is_before(day: date, end: date | None) -> bool:
    return end is None or day < end


def _place(mark: Mark) -> tuple[date, int]:
    return mark.day, [*MarkKind].index(mark.kind)
