"""A contract and its inputs, as callers see them."""

from datetime import date
from typing import Annotated

import strawberry

from permissions.enums import described
from portal import models
from portal.rules.contract.duration import DurationBasis
from resolvers.queries.contract import contract as queries
from schema.access import CONTRACT_EDITORS, IBAN_EDITORS, IBAN_READERS, PARTIES, READERS
from schema.fields import column, expression, itself, of_model, own_id, sent, value
from schema.length import characters, entries, part
from schema.types.address import Address, AddressInput, ContractPartner, ContractPartnerInput
from schema.types.contract.payment_terms import ContractPaymentTerms, PaymentTermsInput
from schema.types.document_delivery import DocumentDeliveryMode
from schema.types.edit import EditInput, ReasonedEditInput
from schema.types.node import Node
from schema.types.permission import FieldPermission, viewer_can
from schema.types.refusal import Refusal
from schema.types.vat import VatTreatment

described(
    DurationBasis,
    "What the first day of a contract follows from.",
    OLDEST_MODULE="The oldest module that still runs.",
    SET="A manager set the day.",
)

_PURCHASE_ORDER_NUMBER = "Your reference for our services, printed on every document."
_REGISTRATION = (
    "The number in a register of companies or authorities: of the KvK 8 digits, of an OIN 20."
)
_ELECTRONIC_ADDRESS = (
    "The address that electronic invoices name: a scheme (ISO 6523), a colon and the number."
)
_BUYER_REFERENCE = "By what the customer sorts invoices; in Germany the Leitweg-ID."
_RECEIVES_UBL = (
    "Whether mails with documents carry the XML (UBL) too; with an address or a reference of the"
    " customer's they do so anyway."
)
_IBAN = "The bank account that refunds go to."


@strawberry.type(description="To whom documents are sent, and how.")
class DocumentDelivery:
    """A copy of ``portal.rules.contract.document_delivery.DocumentDelivery``."""

    recipients: list[str] = value(description="The e-mail addresses that documents go to.")
    mode: DocumentDeliveryMode = value(description="As an attachment, or as a download link.")


@strawberry.type(description="From which day a contract runs, and why.")
class ContractDuration:
    """A contract, seen for its duration."""

    starts_on: date | None = expression(
        READERS,
        queries.starts_on,
        stored=("Contract.startsOnOverride",),
        description="The first day; null while no module runs and no day was set.",
    )
    basis: DurationBasis | None = expression(
        READERS, queries.duration_basis, description="What the first day follows from."
    )


@of_model(models.Contract, description="What an account has agreed with the operator.")
class Contract(Node):
    """The contract page."""

    id: strawberry.ID = own_id()
    version: int | None = column(READERS, description="Counts the changes; see expectedVersion.")
    contract_partner: ContractPartner | None = column(
        READERS, description="Who made the contract. Only managers change it."
    )
    billing_address: Address | None = column(
        READERS,
        description=(
            "Printed on documents instead of the contract partner; a change affects future"
            " documents alone."
        ),
    )
    payment_terms: ContractPaymentTerms | None = itself(
        PARTIES, description="When invoices fall due. Only managers let terms deviate."
    )
    duration: ContractDuration | None = itself(
        READERS, description="From which day the contract runs."
    )
    vat_treatment: VatTreatment | None = column(READERS, description="How VAT applies.")
    vat_number: str | None = column(
        READERS, description="The VAT number in its compact form: NL004495445B01."
    )
    iban: str | None = column(IBAN_READERS, description=_IBAN)
    document_delivery: DocumentDelivery | None = column(
        PARTIES, description="To whom documents are sent, and how."
    )
    purchase_order_number: str | None = column(READERS, description=_PURCHASE_ORDER_NUMBER)
    registration_number: str | None = column(READERS, description=_REGISTRATION)
    electronic_address: str | None = column(READERS, description=_ELECTRONIC_ADDRESS)
    buyer_reference: str | None = column(READERS, description=_BUYER_REFERENCE)
    receives_ubl: bool | None = column(PARTIES, description=_RECEIVES_UBL)
    concluded_on: date | None = column(
        READERS, description="The day of the first order, which made the contract."
    )
    viewer_can: list[FieldPermission] | None = viewer_can("Contract")


@strawberry.input(description="To whom documents are sent, and how.")
class DocumentDeliveryInput:
    """The receipt of documents is sent whole."""

    recipients: list[str] = sent(
        description="E-mail addresses, 20 at most.",
        length=entries(part(models.Contract.document_delivery, "recipients")),
    )
    mode: DocumentDeliveryMode = sent(description="As an attachment, or as a download link.")


@strawberry.input(description="Fields left out stay as they are; null empties a field.")
class UpdateContractInput(EditInput):
    """What the parties may set themselves."""

    billing_address: strawberry.Maybe[AddressInput | None] = sent(
        CONTRACT_EDITORS, description="Printed instead of the contract partner; sent whole."
    )
    iban: strawberry.Maybe[str | None] = sent(IBAN_EDITORS, description=_IBAN)
    document_delivery: strawberry.Maybe[DocumentDeliveryInput | None] = sent(
        CONTRACT_EDITORS, description="To whom documents are sent, and how; sent whole."
    )
    purchase_order_number: strawberry.Maybe[str | None] = sent(
        CONTRACT_EDITORS,
        description=_PURCHASE_ORDER_NUMBER,
        length=characters(models.Contract.purchase_order_number),
    )
    registration_number: strawberry.Maybe[str | None] = sent(
        CONTRACT_EDITORS,
        description=_REGISTRATION,
        length=characters(models.Contract.registration_number),
    )
    electronic_address: strawberry.Maybe[str | None] = sent(
        CONTRACT_EDITORS,
        description=_ELECTRONIC_ADDRESS,
        length=characters(models.Contract.electronic_address),
    )
    buyer_reference: strawberry.Maybe[str | None] = sent(
        CONTRACT_EDITORS,
        description=_BUYER_REFERENCE,
        length=characters(models.Contract.buyer_reference),
    )
    receives_ubl: strawberry.Maybe[bool | None] = sent(CONTRACT_EDITORS, description=_RECEIVES_UBL)


@strawberry.input(description="A new contract partner, sent whole.")
class ChangeContractPartnerInput(ReasonedEditInput):
    """Another party in the contract."""

    contract_partner: ContractPartnerInput = sent(description="Who makes the contract.")


@strawberry.input(description="Terms that deviate from the general ones.")
class ChangePaymentTermsInput(ReasonedEditInput):
    """Terms for this contract alone."""

    deviating_payment_terms: strawberry.Maybe[PaymentTermsInput | None] = sent(
        description="The terms, sent whole; null lets the general ones apply again."
    )


@strawberry.input(description="The first day of the contract.")
class SetContractStartInput(ReasonedEditInput):
    """A set day instead of the derived one."""

    starts_on: strawberry.Maybe[date | None] = sent(
        description="The first day; null derives it from the oldest running module again."
    )


@strawberry.input(description="How VAT applies to the customer.")
class ChangeVatTreatmentInput(ReasonedEditInput):
    """A treatment, and the VAT number where it is sent."""

    vat_treatment: VatTreatment = sent(description="How VAT applies.")
    vat_number: strawberry.Maybe[str | None] = sent(
        description="A VAT number of a country of the European Union."
    )


ContractResult = Annotated[
    Contract | Refusal,
    strawberry.union("ContractResult", description="The changed contract, or why not."),
]
