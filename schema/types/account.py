"""An account, put together from what each area has of it."""

from typing import Annotated, Any

import sqlalchemy as sa
import strawberry

from portal import models
from portal.rules.catalogue.terms import ModuleSubscriptionStatus
from portal.rules.key import unique_key
from resolvers.given import id_in, pattern_to_find, text_to_find
from resolvers.listing import Condition
from resolvers.queries.people import account as queries
from resolvers.queries.people import deletion
from resolvers.queries.text import is_named
from schema.access import PARTIES, READERS
from schema.criteria import by, criteria, search
from schema.criterion import NO_ROW, criterion, exactly
from schema.fields import of_model, own_id
from schema.types.billing.account import BillingOfAccount
from schema.types.contract.account import ContractOfAccount
from schema.types.modules.account import ModulesOfAccount
from schema.types.node import Node
from schema.types.partner.account import PartnerOfAccount
from schema.types.people.account import PeopleOfAccount
from schema.types.permission import FieldPermission, viewer_can
from schema.types.refusal import Refusal


@of_model(models.Account, description="A customer's account.")
class Account(
    PartnerOfAccount, BillingOfAccount, PeopleOfAccount, ContractOfAccount, ModulesOfAccount, Node
):
    """Made free and without obligation; holds one contract once a module is ordered."""

    id: strawberry.ID = own_id()
    viewer_can: list[FieldPermission] | None = viewer_can("Account", deletion.states)


AccountResult = Annotated[
    Account | Refusal,
    strawberry.union("AccountResult", description="The changed account, or why not."),
]


def _named(given: str, _filter: Any) -> Condition:
    return Condition(is_named, values=(pattern_to_find(given),))


def _numbered(given: str | None, _filter: Any) -> Condition:
    if given is None:
        return Condition(queries.has_number)
    return Condition(queries.has_number, values=(unique_key(text_to_find(given)),))


def _in_status(given: ModuleSubscriptionStatus, filter: Any) -> Condition | None:
    return None if filter.module else Condition(queries.has_module, (given,))


def _with_module(given: str, filter: Any) -> Condition:
    id = id_in("Module", given) or NO_ROW
    return Condition(queries.has_module, (filter.status or None,), (id,))


ACCOUNTS = criteria(
    Account,
    "accounts",
    criterion(
        "name",
        str,
        "Has this text in its name.",
        _named,
        access=READERS,
        reads=("Account.name",),
    ),
    criterion(
        "customer_number",
        str,
        "Has exactly this customer number; null: has none.",
        _numbered,
        access=READERS,
        reads=("Account.customerNumber",),
        takes_null=True,
    ),
    exactly("is_test", "Is a test account, or is none."),
    criterion(
        "status",
        ModuleSubscriptionStatus,
        "Has a module in this status; with `module`, that module.",
        _in_status,
        access=READERS,
        reads=("Account.modules", "ModuleSubscription.status", "ModuleSubscription.module"),
    ),
    criterion(
        "module",
        strawberry.ID,
        "Has, or had, this module.",
        _with_module,
        access=READERS,
        reads=("Account.modules", "ModuleSubscription.module"),
    ),
    search=search(
        "Text in the name, the customer number, the contract partner or a member.",
        queries.is_found,
        access=PARTIES,
        reads=(
            "Account.name",
            "Account.customerNumber",
            "Account.contract",
            "Contract.contractPartner",
            "Account.members",
            "Member.name",
            "Member.email",
        ),
    ),
    orders=(
        by("name", "The name of the account, from A to Z.", lambda row: row.sort_name),
        by(
            "customer_number",
            "The customer number; accounts without one come first.",
            lambda row: sa.func.coalesce(row.sort_customer_number, ""),
        ),
        by("created_at", "When the account was made, the oldest first."),
    ),
)
