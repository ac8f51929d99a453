"""Publish enums with descriptions; and those of whoever is asking."""

from enum import Enum
from typing import Any

import strawberry

from portal.viewer import Language, MemberRole, Role, Scope


def described(enum: type[Enum], description: str, *, name: str | None = None, **values: str) -> Any:
    """Publish an enum; every value needs its sentence."""
    missing = set(enum.__members__) ^ set(values)
    if missing:
        raise TypeError(f"{enum.__name__}: describe {', '.join(sorted(missing))}.")
    published: Any = strawberry.enum(enum, name=name, description=description)
    for value in published.__strawberry_definition__.values:
        value.description = values[value.name]
    return published


described(
    Role,
    "What a caller is; a login session has one role.",
    ANONYMOUS="Nobody yet: sees what is public.",
    CUSTOMER="A person who is a member of accounts, and sees those alone.",
    EMPLOYEE="Staff of the operator, with the scopes of a permission profile.",
    MANAGER="Staff with every scope, and with what only managers may do.",
    PARTNER="A program of a third party, with what accounts authorised.",
)
described(
    MemberRole,
    "What a customer is in one account.",
    OWNER="The one person who may also delete the account, hand it over and authorise apps.",
    ADMIN="Holds every scope.",
    BILLING="Looks after the contract and the payments.",
    READER="Reads the account and its files.",
)
described(
    Scope,
    "A right that is held in one account, or by staff in every account.",
    ACCOUNT_READ="Read the account and its contract.",
    CONTRACT_EDIT="Change what the parties may change in a contract.",
    CUSTOMER_NUMBER="Give the account a customer number.",
    ORDER="Order, change and cancel modules.",
    MEMBERS="Invite and remove members.",
    FILES_READ="Read the files of the account.",
    FILES_EDIT="Add files to the account, and change them.",
    FINANCIALS="See documents, payments and the bank account.",
    HISTORY="Read who changed what.",
    INVOICING="For staff: bill accounts, and credit and reissue documents.",
)
described(
    Language,
    "A language that users read.",
    NL="Dutch (nl).",
    EN="English (en).",
    DE="German (de).",
)
