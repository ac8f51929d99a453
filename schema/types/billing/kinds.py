"""What documents are, and how their lines are taxed."""

from permissions.enums import described
from portal.rules.billing.number import DocumentKind
from portal.rules.billing.vat import TaxCategory

__all__ = ["DocumentKind", "TaxCategory"]

described(
    DocumentKind,
    "Whether a document asks for money or gives it back.",
    INVOICE="What is to be paid.",
    CREDIT_NOTE="What is taken back of an invoice.",
)
described(
    TaxCategory,
    "How something is taxed, by its code in EN 16931.",
    S="VAT is charged at a rate.",
    Z="At the rate of zero.",
    E="Exempt from VAT.",
    AE="The customer accounts for the VAT.",
    O="Not subject to VAT.",
)
