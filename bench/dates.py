"""What one computation of dates takes: ``python -m bench.dates``; the bound is 100 microseconds."""

from collections.abc import Callable
from datetime import date
from statistics import median
from timeit import timeit

from portal.rules.address import PartyKind
from portal.rules.catalogue.consumer import law_of
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.ending import chosen_ending, earliest_ending, ending_if_missed
from portal.rules.modules.tariff_change import ChangeRequest, earliest_change

RUNS, TIMES = 5, 2_000

START = date(1970, 1, 31)
# 50 renewals have gone by: 60 months, then years.
NOTICE = date(2025, 3, 30)
TERMS = Terms(
    Term(60, TermUnit.MONTHS),
    Renewal.RENEWAL_TERM,
    Term(12, TermUnit.MONTHS),
    Term(3, TermUnit.MONTHS),
    EndingDay.END_OF_TERM,
)
BUSINESS = Agreement(START, TERMS)
CONSUMER = Agreement(START, TERMS, law_of(PartyKind.CONSUMER, "NL", START))
WISHED = date(2045, 1, 30)


def microseconds(compute: Callable[[], object]) -> float:
    """Median of a few runs, for one computation."""
    return median(timeit(compute, number=TIMES) for _ in range(RUNS)) / TIMES * 1e6


def main() -> None:
    """Print a line for each computation."""
    cases: dict[str, Callable[[], object]] = {
        "earliest last day, business": lambda: earliest_ending(BUSINESS, NOTICE),
        "earliest last day, consumer": lambda: earliest_ending(CONSUMER, NOTICE),
        "a wished last day 20 years on": lambda: chosen_ending(BUSINESS, NOTICE, WISHED),
        "the next one, if the deadline is missed": lambda: ending_if_missed(
            BUSINESS, earliest_ending(BUSINESS, NOTICE)
        ),
        "earliest change of tariff": lambda: earliest_change(ChangeRequest(BUSINESS, NOTICE)),
    }
    for name, compute in cases.items():
        print(f"{microseconds(compute):6.1f} us  {name}")  # noqa: T201  (what it is for)


if __name__ == "__main__":
    main()
