"""What the law gives consumers beyond the tariff, by country of the contract partner and day.

The law is for services that are rendered regularly; it is a limit to what general terms may say,
so it counts where it is better for the consumer than the tariff.
"""

from dataclasses import dataclass
from datetime import date

from portal.errors import translatable
from portal.rules.address import PartyKind
from portal.rules.calendar import FIRST_DAY
from portal.rules.terms import Term, TermUnit


@dataclass(frozen=True, slots=True)
class Law:
    """One state of a country's law; it reaches contracts concluded from a day on.

    ``longest_renewal_term`` is absent where the law knows no renewal terms: then every day after
    the initial term is an allowed last day. Whether the shorter notice period reaches the last
    day of the initial term too is ``limits_notice_to_initial_term``. A contract concluded before
    ``in_force_on`` is treated as if notice arrived on that day at the earliest.
    """

    name: str
    concluded_from: date
    in_force_on: date
    longest_initial_term: Term
    longest_renewal_term: Term | None
    longest_notice_period: Term
    limits_notice_to_initial_term: bool


def _months(count: int) -> Term:
    return Term(count, TermUnit.MONTHS)


# The newest first.
LAWS = {
    "NL": (
        # The Wet van Dam has no transitional law; courts apply it to contracts that were running
        # when it came into force.
        Law(
            name=translatable("BW 6:236 (j), 6:237 (k)"),
            concluded_from=FIRST_DAY,
            in_force_on=date(2011, 12, 1),
            longest_initial_term=_months(12),
            longest_renewal_term=None,
            longest_notice_period=_months(1),
            limits_notice_to_initial_term=False,
        ),
    ),
    "DE": (
        # Gesetz für faire Verbraucherverträge; older contracts keep the older law (EGBGB 229 § 60).
        Law(
            name=translatable("BGB 309 no. 9"),
            concluded_from=date(2022, 3, 1),
            in_force_on=date(2022, 3, 1),
            longest_initial_term=_months(24),
            longest_renewal_term=None,
            longest_notice_period=_months(1),
            limits_notice_to_initial_term=True,
        ),
        # In the same words AGBG 11 no. 12 before 2002.
        Law(
            name=translatable("BGB 309 no. 9 (until 28 February 2022)"),
            concluded_from=date(1977, 4, 1),
            in_force_on=date(1977, 4, 1),
            longest_initial_term=_months(24),
            longest_renewal_term=_months(12),
            longest_notice_period=_months(3),
            limits_notice_to_initial_term=True,
        ),
    ),
}


def law_of(kind: PartyKind, country: str, concluded_on: date) -> Law | None:
    """Law that protects a contract partner; none for a business or in any other country."""
    if kind is not PartyKind.CONSUMER:
        return None
    laws = LAWS.get(country, ())
    return next((law for law in laws if law.concluded_from <= concluded_on), None)
