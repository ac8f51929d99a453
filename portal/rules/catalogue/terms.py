"""The words in which a tariff states its terms, and its prices."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class TermUnit(StrEnum):
    """What a term or a notice period counts."""

    DAYS = "DAYS"
    WEEKS = "WEEKS"
    MONTHS = "MONTHS"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time, zero or more; a week is seven days, a month never a number of days."""

    count: int
    unit: TermUnit

    @property
    def in_months(self) -> bool:
        """Whether months are counted; else days are."""
        return self.unit is TermUnit.MONTHS

    @property
    def units(self) -> int:
        """Length in months, or else in days."""
        return self.count * 7 if self.unit is TermUnit.WEEKS else self.count


class Renewal(StrEnum):
    """What follows the initial term."""

    RENEWAL_TERM = "RENEWAL_TERM"
    OPEN_ENDED = "OPEN_ENDED"
    NONE = "NONE"


class EndingDay(StrEnum):
    """The days on which a contract may end."""

    ANY_DAY = "ANY_DAY"
    END_OF_MONTH = "END_OF_MONTH"
    END_OF_QUARTER = "END_OF_QUARTER"
    END_OF_YEAR = "END_OF_YEAR"
    END_OF_TERM = "END_OF_TERM"


@dataclass(frozen=True, slots=True)
class Terms:
    """For how long a tariff binds, and when it may end; ``check_terms`` says which are sound.

    A contract of renewal ``NONE`` ends by itself with its initial term, without notice and
    whatever ``ending_day`` says.
    """

    initial_term: Term
    renewal: Renewal
    renewal_term: Term | None
    notice_period: Term
    ending_day: EndingDay

    @classmethod
    def of_option(cls, notice_period: Term, ending_day: EndingDay) -> Self:
        """Give the terms of an option with its own: no initial term, and open-ended."""
        none = Term(0, notice_period.unit)
        return cls(none, Renewal.OPEN_ENDED, None, notice_period, ending_day)


class BillingMode(StrEnum):
    """When an item is billed."""

    AT_ONCE = "AT_ONCE"
    MONTHLY = "MONTHLY"
    MONTHLY_IN_ADVANCE = "MONTHLY_IN_ADVANCE"
    QUARTERLY_IN_ADVANCE = "QUARTERLY_IN_ADVANCE"
    YEARLY_IN_ADVANCE = "YEARLY_IN_ADVANCE"
    PER_USE = "PER_USE"


# How often what comes back is billed; the other modes bill what happens.
PAYMENTS_IN_A_YEAR = {
    BillingMode.MONTHLY: 12,
    BillingMode.MONTHLY_IN_ADVANCE: 12,
    BillingMode.QUARTERLY_IN_ADVANCE: 4,
    BillingMode.YEARLY_IN_ADVANCE: 1,
}


class BillingBasis(StrEnum):
    """Where the billing periods of an item begin: on the module's first day, or by calendar."""

    CONTRACT = "CONTRACT"
    CALENDAR = "CALENDAR"


class VatCategory(StrEnum):
    """The rate at which an item is taxed."""

    STANDARD = "STANDARD"
    REDUCED = "REDUCED"
    ZERO = "ZERO"
    EXEMPT = "EXEMPT"


class ModuleSubscriptionStatus(StrEnum):
    """What the days of a module subscription say about today."""

    ORDERED = "ORDERED"
    ACTIVE = "ACTIVE"
    CANCELLED = "CANCELLED"
    ENDED = "ENDED"
