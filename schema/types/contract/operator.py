"""Who the operator is, and how invoices are paid where nothing else is agreed."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from permissions.fields import EVERYONE
from portal import models
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from resolvers.queries.contract.operator import has_begun, logo_url
from schema.access import LOGGED_IN, MANAGERS, PEOPLE
from schema.criteria import by, criteria
from schema.fields import column, expression, of_model, own_id, sent
from schema.length import characters
from schema.types.address import Address, AddressInput
from schema.types.contract.payment_terms import PaymentTerms, PaymentTermsInput
from schema.types.edit import KEY
from schema.types.node import Node
from schema.types.refusal import Refusal

_ADDRESS = "Its address; the name in it is its legal name."
_REGISTRATION = "The number in the trade register; in the Netherlands, that of the KvK."
_VAT_NUMBER = "The VAT number in its compact form, country code first."
_CREDITOR_ID = "By what a bank knows who collects by direct debit (SEPA creditor identifier)."
_ENDPOINT = "Its address in the Peppol network: a scheme, a colon and a number."
_CONTACT = "Whom to ask."
_TELEPHONE = "The telephone number, with its country."
_COLOUR = "The colour of its pages and mails, in six hexadecimal digits: #1a5fb4."
_HAS_BEGUN = "Whether its day has come: from then on it cannot be withdrawn."
_FROM = "From which day on: today, or later; it takes the place of what was said for that day."
_REASON = "Why; managers read it in the history of the operator."


@of_model(models.OperatorProfile, description="Who the operator is, from a day on.")
class OperatorProfile(Node):
    """What documents, mails and an imprint say."""

    id: strawberry.ID = own_id()
    valid_from: date | None = column(MANAGERS, description="From which day on it holds.")
    withdrawn_at: datetime | None = column(
        MANAGERS, description="When it was withdrawn, before that day; null where it stands."
    )
    has_begun: bool | None = expression(MANAGERS, has_begun, description=_HAS_BEGUN)
    name: str = column(EVERYONE, "address_name", description="The legal name.")
    address: Address = column(EVERYONE, description=_ADDRESS)
    registration_number: str | None = column(EVERYONE, description=_REGISTRATION)
    vat_number: str | None = column(EVERYONE, description=_VAT_NUMBER)
    telephone: str | None = column(EVERYONE, description=_TELEPHONE)
    email: str | None = column(EVERYONE, description="The e-mail address.")
    logo_url: str | None = expression(
        EVERYONE, logo_url, description="Where the logo is, after the portal's own address."
    )
    colour: str | None = column(EVERYONE, description=_COLOUR)
    contact_name: str | None = column(LOGGED_IN, description=_CONTACT)
    iban: str | None = column(LOGGED_IN, description="The bank account that invoices are paid to.")
    bic: str | None = column(LOGGED_IN, description="The bank of that account.")
    creditor_id: str | None = column(LOGGED_IN, description=_CREDITOR_ID)
    peppol_endpoint: str | None = column(LOGGED_IN, description=_ENDPOINT)


OPERATOR_PROFILES = criteria(
    OperatorProfile,
    "profiles",
    orders=(by("valid_from", "From which day on it holds, the earliest first."),),
)


@of_model(
    models.GeneralPaymentTerms,
    description="The payment terms of contracts that are made from a day on.",
)
class GeneralPaymentTerms(Node):
    """A contract copies those of its day; later ones never reach it."""

    id: strawberry.ID = own_id()
    valid_from: date | None = column(PEOPLE, description="From which day on contracts get them.")
    withdrawn_at: datetime | None = column(
        PEOPLE, description="When they were withdrawn, before that day; null where they stand."
    )
    has_begun: bool | None = expression(PEOPLE, has_begun, description=_HAS_BEGUN)
    terms: PaymentTerms | None = column(PEOPLE, description="How and until when new contracts pay.")


GENERAL_PAYMENT_TERMS = criteria(
    GeneralPaymentTerms,
    "payment terms",
    orders=(by("valid_from", "From which day on they hold, the earliest first."),),
)


@strawberry.input(description="Who the operator is from a day on.")
class AddOperatorProfileInput:
    """A profile is sent whole: what is left out is not known."""

    valid_from: date = sent(description=_FROM)
    address: AddressInput = sent(description=_ADDRESS)
    registration_number: str | None = sent(
        description=_REGISTRATION,
        default=strawberry.UNSET,
        length=characters(models.OperatorProfile.registration_number),
    )
    vat_number: str | None = sent(description=_VAT_NUMBER, default=strawberry.UNSET)
    iban: str | None = sent(
        description="The bank account that invoices are paid to.", default=strawberry.UNSET
    )
    bic: str | None = sent(description="The bank of that account.", default=strawberry.UNSET)
    creditor_id: str | None = sent(description=_CREDITOR_ID, default=strawberry.UNSET)
    peppol_endpoint: str | None = sent(
        description=_ENDPOINT,
        default=strawberry.UNSET,
        length=characters(models.OperatorProfile.peppol_endpoint),
    )
    contact_name: str | None = sent(
        description=_CONTACT,
        default=strawberry.UNSET,
        length=characters(models.OperatorProfile.contact_name),
    )
    telephone: str | None = sent(description=_TELEPHONE, default=strawberry.UNSET)
    email: str | None = sent(description="The e-mail address.", default=strawberry.UNSET)
    logo_upload_id: strawberry.ID | None = sent(
        description="A logo, PNG or JPEG, as POST /uploads answered it.", default=strawberry.UNSET
    )
    colour: str | None = sent(
        description=_COLOUR,
        default=strawberry.UNSET,
        length=characters(models.OperatorProfile.colour),
    )
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="With which payment terms contracts are made from a day on.")
class AddGeneralPaymentTermsInput:
    """Terms are sent whole; contracts that were made keep theirs."""

    valid_from: date = sent(description=_FROM)
    terms: PaymentTermsInput = sent(description="How and until when new contracts pay.")
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="Which profile is withdrawn, before its day.")
class WithdrawOperatorProfileInput:
    """A profile that does not hold yet."""

    id: strawberry.ID = sent(description="The row that is withdrawn.")
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="Which payment terms are withdrawn, before their day.")
class WithdrawGeneralPaymentTermsInput:
    """Payment terms that no contract has."""

    id: strawberry.ID = sent(description="The row that is withdrawn.")
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


OperatorProfileResult = Annotated[
    OperatorProfile | Refusal,
    strawberry.union("OperatorProfileResult", description="The profile, or why not."),
]
GeneralPaymentTermsResult = Annotated[
    GeneralPaymentTerms | Refusal,
    strawberry.union("GeneralPaymentTermsResult", description="The terms, or why not."),
]
