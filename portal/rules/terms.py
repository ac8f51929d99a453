"""The words in which a tariff states its terms, and its prices."""

from enum import StrEnum


class TermUnit(StrEnum):
    """What a term or a notice period counts."""

    DAYS = "DAYS"
    WEEKS = "WEEKS"
    MONTHS = "MONTHS"


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


class BillingMode(StrEnum):
    """When an item is billed."""

    AT_ONCE = "AT_ONCE"
    MONTHLY = "MONTHLY"
    MONTHLY_IN_ADVANCE = "MONTHLY_IN_ADVANCE"
    QUARTERLY_IN_ADVANCE = "QUARTERLY_IN_ADVANCE"
    YEARLY_IN_ADVANCE = "YEARLY_IN_ADVANCE"
    PER_USE = "PER_USE"


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
