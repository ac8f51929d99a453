"""What the law gives consumers beyond the tariff, by country of the contract partner and day.

The day is the one on which the present tariff period was agreed: who orders again, or changes the
tariff, makes an agreement under the law of that day.

The law is for services that are rendered regularly; it is a limit to what general terms may say,
so it counts where it is better for the consumer than the tariff.
"""

from dataclasses import dataclass
from datetime import date

from portal.errors import translatable
from portal.rules.address import PartyKind
from portal.rules.calendar import FIRST_DAY
from portal.rules.catalogue.terms import Term, TermUnit


@dataclass(frozen=True, slots=True)
class Law:
    """One state of a country's law; it reaches what was agreed from a day on.

    ``longest_initial_term`` is absent where the law limits none. ``longest_renewal_term`` is
    absent where the law knows no renewal terms: then every day after the initial term is an
    allowed last day. Whether the shorter notice period reaches the last day of the initial term
    too is ``limits_notice_to_initial_term``. With ``after_renewal_alone`` it is for contracts with
    renewal terms, no others. Of what was agreed before ``in_force_on``, notice is treated as if it
    arrived on that day at the earliest.
    """

    name: str
    agreed_from: date
    in_force_on: date
    longest_initial_term: Term | None
    longest_renewal_term: Term | None
    longest_notice_period: Term
    limits_notice_to_initial_term: bool
    after_renewal_alone: bool = False


def _months(count: int) -> Term:
    return Term(count, TermUnit.MONTHS)


# The newest first.
LAWS = {
    "NL": (
        # The Wet van Dam has no transitional law; courts apply it to contracts that were running
        # when it came into force.
        Law(
            name=translatable("BW 6:236 (j), 6:237 (k)"),
            agreed_from=FIRST_DAY,
            in_force_on=date(2011, 12, 1),
            longest_initial_term=_months(12),
            longest_renewal_term=None,
            longest_notice_period=_months(1),
            limits_notice_to_initial_term=False,
        ),
    ),
    "DE": (
        # Gesetz für faire Verbraucherverträge; older agreements keep the older law
        # (EGBGB 229 § 60).
        Law(
            name=translatable("BGB 309 no. 9"),
            agreed_from=date(2022, 3, 1),
            in_force_on=date(2022, 3, 1),
            longest_initial_term=_months(24),
            longest_renewal_term=None,
            longest_notice_period=_months(1),
            limits_notice_to_initial_term=True,
        ),
        # In the same words AGBG 11 no. 12 before 2002.
        Law(
            name=translatable("BGB 309 no. 9 (until 28 February 2022)"),
            agreed_from=date(1977, 4, 1),
            in_force_on=date(1977, 4, 1),
            longest_initial_term=_months(24),
            longest_renewal_term=_months(12),
            longest_notice_period=_months(3),
            limits_notice_to_initial_term=True,
        ),
    ),
    "BE": (
        # Wetboek van economisch recht, book VI; it has no transitional law for running contracts.
        Law(
            name=translatable("WER VI.91"),
            agreed_from=FIRST_DAY,
            in_force_on=date(2014, 5, 31),
            longest_initial_term=None,
            longest_renewal_term=None,
            longest_notice_period=_months(2),
            limits_notice_to_initial_term=False,
            after_renewal_alone=True,
        ),
    ),
}


# How laws were called in reasons that were kept before.
_FORMER_NAMES = {"BGB 309 no. 9 (until 2022-02-28)": "BGB 309 no. 9 (until 28 February 2022)"}


def present_name(name: str) -> str:
    """Name by which a law is known now, of one that was kept long ago."""
    return _FORMER_NAMES.get(name, name)


def law_of(kind: PartyKind, country: str, agreed_on: date) -> Law | None:
    """Law that protects a contract partner; none for a business or in any other country."""
    if kind is not PartyKind.CONSUMER:
        return None
    laws = LAWS.get(country, ())
    return next((law for law in laws if law.agreed_from <= agreed_on), None)
