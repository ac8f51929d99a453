"""How items are billed and taxed."""

from permissions.enums import described
from portal.rules.catalogue.terms import BillingBasis, BillingMode, VatCategory

__all__ = ["BillingBasis", "BillingMode", "VatCategory"]

described(
    VatCategory,
    "The rate at which an item is taxed.",
    STANDARD="The standard rate.",
    REDUCED="The reduced rate.",
    ZERO="The rate of zero.",
    EXEMPT="Exempt: no tax is charged.",
)
described(
    BillingMode,
    "When an item is billed.",
    AT_ONCE="Once, when it is ordered.",
    MONTHLY="Every month, in arrears.",
    MONTHLY_IN_ADVANCE="Every month, in advance.",
    QUARTERLY_IN_ADVANCE="Every quarter, in advance.",
    YEARLY_IN_ADVANCE="Every year, in advance.",
    PER_USE="By what was used.",
)
described(
    BillingBasis,
    "Where the billing periods of an item begin.",
    CONTRACT="On the first day of the module.",
    CALENDAR="On the first day of the month, quarter or year.",
)
