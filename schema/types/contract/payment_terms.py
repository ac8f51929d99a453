"""Payment terms."""

from decimal import Decimal

import strawberry

from permissions.enums import described
from portal import models
from portal.rules.contract.payment_terms import PaymentMethod
from schema.access import PARTIES
from schema.fields import column, sent, value
from schema.length import characters, part

described(
    PaymentMethod,
    "How an invoice is paid.",
    TRANSFER="The customer transfers the amount.",
    DIRECT_DEBIT="The operator collects the amount (SEPA direct debit).",
)

_DUE_DAYS = "Days until an invoice falls due, 0 to 120."
_PERCENT = "The discount for paying early, in per cent."
_DISCOUNT_DAYS = "Until how many days after the invoice the discount holds."


@strawberry.type(description="When an invoice falls due, and how it is paid.")
class PaymentTerms:
    """A copy of ``portal.rules.contract.payment_terms.PaymentTerms``."""

    name: str = value(description="What the terms are called on documents.")
    due_days: int = value(description=_DUE_DAYS)
    method: PaymentMethod = value(description="How an invoice is paid.")
    discount_percent: Decimal | None = value(description=_PERCENT)
    discount_days: int | None = value(description=_DISCOUNT_DAYS)


@strawberry.type(description="The general terms, what deviates from them, and what applies.")
class ContractPaymentTerms:
    """A contract, seen for its payment terms."""

    general: PaymentTerms | None = column(
        PARTIES,
        "general_payment_terms",
        description="The operator's terms on the day of the contract; later ones never apply.",
    )
    deviating: PaymentTerms | None = column(
        PARTIES,
        "deviating_payment_terms",
        description="What a manager agreed instead; null when nothing deviates.",
    )
    effective: PaymentTerms | None = column(
        PARTIES,
        "deviating_payment_terms",
        "general_payment_terms",
        description="What applies: the deviating terms, else the general ones.",
    )


@strawberry.input(description="When an invoice falls due, and how it is paid.")
class PaymentTermsInput:
    """Terms are sent whole."""

    name: str = sent(
        description="What the terms are called on documents.",
        length=characters(part(models.Contract.deviating_payment_terms, "name")),
    )
    due_days: int = sent(description=_DUE_DAYS)
    method: PaymentMethod = sent(description="How an invoice is paid.")
    discount_percent: Decimal | None = sent(description=_PERCENT, default=strawberry.UNSET)
    discount_days: int | None = sent(description=_DISCOUNT_DAYS, default=strawberry.UNSET)
