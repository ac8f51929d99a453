"""Names and addresses."""

import strawberry

from permissions.enums import described
from portal import models
from portal.rules.address import PartyKind
from schema.fields import sent, value
from schema.length import characters, part

described(
    PartyKind,
    "Whether consumer law protects a contract partner.",
    BUSINESS="A business; a sole trader is one too.",
    CONSUMER="A natural person who does not act for a business.",
)

_NAME = "The name of the person or the organisation."
_STREET = "Street and number, or a post-office box."
_COUNTRY = "The country, ISO 3166-1 alpha-2: NL."
_ATTENTION = "Whom in the organisation it is for."
_EXTRA = "A second line: building, department."


@strawberry.type(description="Where documents go.")
class Address:
    """A copy of ``portal.rules.address.Address``."""

    name: str = value(description=_NAME)
    attention: str | None = value(description=_ATTENTION)
    street: str = value(description=_STREET)
    extra: str | None = value(description=_EXTRA)
    postal_code: str = value(description="The postal code, as the country writes it.")
    city: str = value(description="The town or city.")
    country: str = value(description=_COUNTRY)


@strawberry.type(description="Who made the contract with the operator.")
class ContractPartner(Address):
    """A copy of ``portal.rules.address.ContractPartner``."""

    kind: PartyKind = value(description="Whether consumer law protects the partner.")


@strawberry.input(description="Where documents go.")
class AddressInput:
    """An address is sent whole."""

    name: str = sent(
        description=_NAME, length=characters(part(models.Contract.billing_address, "name"))
    )
    attention: str | None = sent(
        description=_ATTENTION,
        default=strawberry.UNSET,
        length=characters(part(models.Contract.billing_address, "attention")),
    )
    street: str = sent(
        description=_STREET, length=characters(part(models.Contract.billing_address, "street"))
    )
    extra: str | None = sent(
        description=_EXTRA,
        default=strawberry.UNSET,
        length=characters(part(models.Contract.billing_address, "extra")),
    )
    postal_code: str = sent(
        description="The postal code, as the country writes it.",
        length=characters(part(models.Contract.billing_address, "postal_code")),
    )
    city: str = sent(
        description="The town or city.",
        length=characters(part(models.Contract.billing_address, "city")),
    )
    country: str = sent(description=_COUNTRY)


@strawberry.input(description="Who makes the contract with the operator.")
class ContractPartnerInput(AddressInput):
    """A partner is sent whole."""

    kind: PartyKind = sent(description="Whether consumer law protects the partner.")
