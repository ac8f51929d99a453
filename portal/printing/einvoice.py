"""Electronic invoices: in which form whoever receives one wants it, and what is missing for it."""

import re
from enum import StrEnum

from portal.errors import translatable
from portal.printing.says import Says, categories_of, is_credit_note, is_debited
from portal.rules.billing.vat import TaxCategory

_LEITWEG = re.compile(r"[0-9]{2,12}(-[A-Z0-9]{1,30})?-[0-9]{2}")


class Profile(StrEnum):
    """Whose rules an invoice in UBL keeps, beside those of EN 16931."""

    PEPPOL = "PEPPOL"
    XRECHNUNG = "XRECHNUNG"


class EInvoiceProblem(StrEnum):
    """What nobody has said, so that a document is no electronic invoice."""

    SELLER_VAT_NUMBER = "SELLER_VAT_NUMBER"
    SELLER_REGISTRATION_NUMBER = "SELLER_REGISTRATION_NUMBER"
    SELLER_IBAN = "SELLER_IBAN"
    SELLER_CONTACT = "SELLER_CONTACT"
    SELLER_ELECTRONIC_ADDRESS = "SELLER_ELECTRONIC_ADDRESS"
    BUYER_NUMBER = "BUYER_NUMBER"
    BUYER_ELECTRONIC_ADDRESS = "BUYER_ELECTRONIC_ADDRESS"
    BUYER_REFERENCE = "BUYER_REFERENCE"


SENTENCES = {
    EInvoiceProblem.SELLER_VAT_NUMBER: translatable("The operator's VAT number is not known."),
    EInvoiceProblem.SELLER_REGISTRATION_NUMBER: translatable(
        "The operator's registration number is not known."
    ),
    EInvoiceProblem.SELLER_IBAN: translatable("The operator's IBAN is not known."),
    EInvoiceProblem.SELLER_CONTACT: translatable(
        "The operator names nobody with a telephone number and an e-mail address."
    ),
    EInvoiceProblem.SELLER_ELECTRONIC_ADDRESS: translatable(
        "The operator's address in the Peppol network is not known."
    ),
    EInvoiceProblem.BUYER_NUMBER: translatable(
        "Neither the VAT number of the customer is known nor the registration number."
    ),
    EInvoiceProblem.BUYER_ELECTRONIC_ADDRESS: translatable(
        "The customer's address for electronic invoices is not known."
    ),
    EInvoiceProblem.BUYER_REFERENCE: translatable(
        "The customer has neither a reference nor a purchase order number."
    ),
}


def profile_of(says: Says) -> Profile:
    """Give the profile: that of German authorities where the buyer has an address among them.

    They cannot state that something is not subject to VAT (BR-DE-14).
    """
    reference = says["buyer"]["reference"]
    is_of_authority = (
        says["buyer"]["country"] == "DE"
        and reference is not None
        and _LEITWEG.fullmatch(reference)
        and TaxCategory.O not in categories_of(says)
    )
    return Profile.XRECHNUNG if is_of_authority else Profile.PEPPOL


def problems_of_cii(says: Says) -> list[EInvoiceProblem]:
    """Give what is missing for the XML inside the PDF, which keeps to EN 16931 alone."""
    seller, buyer, categories = says["seller"], says["buyer"], categories_of(says)
    lacks_number = TaxCategory.AE in categories and not (
        buyer["vatNumber"] or buyer["registrationNumber"]
    )
    found = {
        EInvoiceProblem.SELLER_VAT_NUMBER: categories != {TaxCategory.O}
        and not seller["vatNumber"],
        EInvoiceProblem.SELLER_REGISTRATION_NUMBER: not (
            seller["vatNumber"] or seller["registrationNumber"]
        ),
        EInvoiceProblem.SELLER_IBAN: not (
            seller["iban"] or is_credit_note(says) or is_debited(says)
        ),
        EInvoiceProblem.BUYER_NUMBER: lacks_number,
    }
    return [problem for problem, is_there in found.items() if is_there]


def problems_of_ubl(says: Says) -> list[EInvoiceProblem]:
    """Give what is missing for an invoice that goes over the network."""
    seller, buyer = says["seller"], says["buyer"]
    is_dutch = seller["country"] == "NL"
    is_xrechnung = profile_of(says) is Profile.XRECHNUNG
    contact = seller["contactName"], seller["telephone"], seller["email"]
    found = {
        EInvoiceProblem.SELLER_REGISTRATION_NUMBER: is_dutch and not seller["registrationScheme"],
        EInvoiceProblem.SELLER_CONTACT: is_xrechnung and not all(contact),
        EInvoiceProblem.SELLER_ELECTRONIC_ADDRESS: not seller["electronicAddress"],
        EInvoiceProblem.BUYER_ELECTRONIC_ADDRESS: not buyer["electronicAddress"],
        EInvoiceProblem.BUYER_REFERENCE: not (buyer["reference"] or says["purchaseOrderNumber"]),
    }
    core = problems_of_cii(says)
    return core + [one for one, is_there in found.items() if is_there and one not in core]
