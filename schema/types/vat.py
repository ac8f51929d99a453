"""How VAT applies."""

from permissions.enums import described
from portal.rules.contract.vat import VatTreatment

__all__ = ["VatTreatment"]

described(
    VatTreatment,
    "How value added tax applies to a customer.",
    STANDARD="The operator charges VAT.",
    REVERSE_CHARGE="The customer accounts for the VAT.",
    NOT_TAXABLE="The services are outside the scope of VAT.",
)
