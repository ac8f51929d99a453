"""Who is asking, and what that caller holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID


class Role(StrEnum):
    """What a caller is; a login session has exactly one."""

    ANONYMOUS = "ANONYMOUS"
    CUSTOMER = "CUSTOMER"
    EMPLOYEE = "EMPLOYEE"
    MANAGER = "MANAGER"
    PARTNER = "PARTNER"


STAFF = frozenset({Role.EMPLOYEE, Role.MANAGER})


class MemberRole(StrEnum):
    """What a customer is in one account."""

    OWNER = "OWNER"
    ADMIN = "ADMIN"
    BILLING = "BILLING"
    READER = "READER"


class Scope(StrEnum):
    """A right that is held in one account, or by staff in every account."""

    ACCOUNT_READ = "ACCOUNT_READ"
    CONTRACT_EDIT = "CONTRACT_EDIT"
    CUSTOMER_NUMBER = "CUSTOMER_NUMBER"
    ORDER = "ORDER"
    MEMBERS = "MEMBERS"
    FILES_READ = "FILES_READ"
    FILES_EDIT = "FILES_EDIT"
    FINANCIALS = "FINANCIALS"
    HISTORY = "HISTORY"
    INVOICING = "INVOICING"


SCOPES_OF_STAFF = frozenset({Scope.INVOICING})
"""What staff alone can hold."""


class Language(StrEnum):
    """A language that users read."""

    NL = "NL"
    EN = "EN"
    DE = "DE"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a viewer holds in one account; ``member_role`` is None for staff and apps."""

    scopes: frozenset[Scope] = frozenset()
    member_role: MemberRole | None = None


NOTHING = Grant()


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller: a person or an app, one role, and a grant for each account.

    ``id`` is the person's or the app's; None when anonymous. Staff have no ``grants``: what
    they hold in every account stands in ``everywhere``. ``token_hash`` tells the session at hand
    from the others of the same person. ``known`` keeps what follows from all this, once somebody
    has worked it out.
    """

    role: Role = Role.ANONYMOUS
    id: UUID | None = None
    name: str | None = None
    language: Language = Language.EN
    grants: Mapping[UUID, Grant] = field(default_factory=lambda: MappingProxyType({}))
    everywhere: Grant = NOTHING
    token_hash: bytes | None = field(default=None, repr=False)
    known: dict[str, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def is_staff(self) -> bool:
        """Whether every account is open to this viewer."""
        return self.role in STAFF

    @property
    def held(self) -> frozenset[Grant]:
        """What the viewer holds in its accounts: the same in most, however many these are."""
        known: frozenset[Grant] | None = self.known.get("held")
        if known is None:
            known = self.known["held"] = frozenset(self.grants.values())
        return known

    def grant_in(self, account_id: UUID) -> Grant:
        """Give what the viewer holds in one account; nothing for a foreign one."""
        return self.everywhere if self.is_staff else self.grants.get(account_id, NOTHING)


ANONYMOUS = Viewer()
