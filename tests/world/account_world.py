"""What is known of a world's account: its rows, their ids, and the tokens of its viewers."""

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from portal import models
from portal.language.global_id import encode
from portal.models import Base
from portal.viewer import MemberRole, Role
from tests import factories


class Kind(StrEnum):
    """The kinds of viewers that the access rule tells apart."""

    ANONYMOUS = "ANONYMOUS"
    OWNER = "OWNER"
    ADMIN = "ADMIN"
    BILLING = "BILLING"
    READER = "READER"
    EMPLOYEE = "EMPLOYEE"
    EMPLOYEE_WITHOUT = "EMPLOYEE-"
    MANAGER = "MANAGER"
    PARTNER = "PARTNER"
    PARTNER_READING = "PARTNER-"


MEMBERS = MappingProxyType(
    {
        Kind.OWNER: MemberRole.OWNER,
        Kind.ADMIN: MemberRole.ADMIN,
        Kind.BILLING: MemberRole.BILLING,
        Kind.READER: MemberRole.READER,
    }
)


@dataclass
class AccountWorld:
    """An account in which no field and no list is empty, and the tokens of its own viewers."""

    account: models.Account
    owner: models.Person
    contract: models.Contract
    offered: models.Tariff
    rows: list[Base] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)
    tokens: dict[Kind, str | None] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The account's global id."""
        return encode("Account", self.account.id)

    @property
    def contract_id(self) -> str:
        """The contract's global id."""
        return encode("Contract", self.contract.id)

    @property
    def account_id(self) -> UUID:
        """The account's own id."""
        return self.account.id

    def add(self, *rows: Base) -> None:
        """Take rows in; those of types with global ids can be asked for."""
        self.rows += rows
        for row in rows:
            id = getattr(row, "id", None)
            if id is not None:
                name = type(row).__name__
                self.ids.setdefault(name, []).append(encode(name, id))

    def admit(self, kind: Kind, role: Role, holder: models.Person | models.App) -> None:
        """Give a holder a token."""
        token, row = factories.credential(role, holder)
        self.rows.append(row)
        self.tokens[kind] = token
