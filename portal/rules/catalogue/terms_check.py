"""Which terms are refused when a tariff is saved, and when somebody asks for days under them."""

from functools import cache

from portal.errors import InvalidInput, PortalError, RuleBroken, Several, translatable
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.month import first_of_month

# A hundred years: beyond it lies a slip of the pen, and arithmetic that leaves the calendar.
MOST = {TermUnit.DAYS: 36_500, TermUnit.WEEKS: 5_200, TermUnit.MONTHS: 1_200}

# The Gregorian calendar repeats itself after 400 years.
_CYCLE = range(2000 * 12, 2400 * 12)


def check_terms(terms: Terms) -> None:
    """Refuse terms under which no date could be computed, each fault with its path."""
    wrong_lengths = _length_faults(terms)
    faults = [*wrong_lengths, *_renewal_faults(terms)]
    if (
        not wrong_lengths
        and terms.renewal_term is not None
        and can_be_longer(terms.notice_period, terms.renewal_term)
    ):
        faults.append(
            InvalidInput("Must not be longer than the renewal term.", path=["noticePeriod"])
        )
    if faults:
        raise Several(faults)


def check_computable(terms: Terms) -> None:
    """Refuse to compute days under terms that somebody has saved past the check."""
    try:
        check_terms(terms)
    except PortalError as unsound:
        raise RuleBroken(
            "Under the terms of this tariff no day can be computed; the operator has to correct"
            " them first."
        ) from unsound


def can_be_longer(term: Term, other: Term) -> bool:
    """Tell whether one term lasts longer than another, seen from any day on.

    Equal units are compared as numbers. Else the longest days that the one can span are compared
    with the shortest that the other can: 30 days can be longer than a month (of 28 days), four
    weeks cannot; a year can be longer than 365 days, and 365 days never longer than a year.
    """
    if term.in_months == other.in_months:
        return term.units > other.units
    _, longest = _days_spanned(term)
    shortest, _ = _days_spanned(other)
    return longest > shortest


def _days_spanned(term: Term) -> tuple[int, int]:
    return _days_of_months(term.units) if term.in_months else (term.units, term.units)


@cache
def _days_of_months(months: int) -> tuple[int, int]:
    """Fewest and most days of some months; where a short month moves an end, it is between."""
    spans = {(first_of_month(month + months) - first_of_month(month)).days for month in _CYCLE}
    return min(spans), max(spans)


def _length_faults(terms: Terms) -> list[PortalError]:
    lengths = {
        "initialTerm": (terms.initial_term, 0),
        "renewalTerm": (terms.renewal_term, 1),
        "noticePeriod": (terms.notice_period, 0),
    }
    return [
        InvalidInput(
            "Must be from {least} to {most}.", path=[name], least=least, most=MOST[term.unit]
        )
        for name, (term, least) in lengths.items()
        if term is not None and not least <= term.count <= MOST[term.unit]
    ]


def _renewal_faults(terms: Terms) -> list[PortalError]:
    faults = []
    is_renewed = terms.renewal is Renewal.RENEWAL_TERM
    if is_renewed and terms.renewal_term is None:
        faults.append(
            ("renewalTerm", translatable("A contract that is renewed needs a renewal term."))
        )
    if not is_renewed and terms.renewal_term is not None:
        faults.append(
            ("renewalTerm", translatable("Only a contract that is renewed has a renewal term."))
        )
    if is_renewed and terms.ending_day is not EndingDay.END_OF_TERM:
        faults.append(
            ("endingDay", translatable("A contract that is renewed ends with a term alone."))
        )
    if terms.renewal is Renewal.OPEN_ENDED and terms.ending_day is EndingDay.END_OF_TERM:
        faults.append(
            ("endingDay", translatable("A contract that goes on open-ended ends with no term."))
        )
    if terms.renewal is Renewal.NONE and terms.initial_term.count == 0:
        faults.append(
            ("initialTerm", translatable("A contract that ends by itself needs an initial term."))
        )
    return [InvalidInput(message, path=[name]) for name, message in faults]
