"""Names and addresses, as documents print them."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from portal.rules.postal_code import postal_code


class PartyKind(StrEnum):
    """Whether consumer law protects a contract partner; a sole trader is BUSINESS."""

    BUSINESS = "BUSINESS"
    CONSUMER = "CONSUMER"


@dataclass(frozen=True, slots=True)
class Address:
    """Where documents go; ``country`` is ISO 3166-1 alpha-2."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    attention: str | None = None
    extra: str | None = None

    def in_form(self) -> Self:
        """Give the address with its postal code in its form, which its country decides."""
        return replace(self, postal_code=postal_code(self.postal_code, self.country))


@dataclass(frozen=True, slots=True)
class ContractPartner:
    """Who made the contract: an address, and what kind of party it is."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    kind: PartyKind
    attention: str | None = None
    extra: str | None = None

    def in_form(self) -> Self:
        """Give the address with its postal code in its form, which its country decides."""
        return replace(self, postal_code=postal_code(self.postal_code, self.country))
