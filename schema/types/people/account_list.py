"""Which accounts a list has, and in which order, as callers say it."""

import strawberry

from permissions.enums import described
from portal.rules.catalogue.terms import ModuleSubscriptionStatus
from resolvers.queries.people.account_list import AccountOrderField, order_of
from resolvers.sources import Order
from schema.access import STAFF_READERS
from schema.fields import sent

described(
    AccountOrderField,
    "What can decide the order of accounts.",
    NAME="The name of the account, from A to Z.",
    CUSTOMER_NUMBER="The customer number; accounts without one come first.",
    CREATED_AT="When the account was made, the oldest first.",
)

ACCOUNT_ORDERS = tuple(order_of(field, descending=False) for field in AccountOrderField)


@strawberry.input(description="Which accounts; all that is given must hold.")
class AccountFilter:
    """Each condition is guarded like the field it reads."""

    name: str | None = sent(
        STAFF_READERS, default=strawberry.UNSET, description="Has this text in its name."
    )
    customer_number: str | None = sent(
        STAFF_READERS,
        default=strawberry.UNSET,
        description="Has exactly this customer number; null: has none.",
    )
    is_test: bool | None = sent(
        STAFF_READERS, default=strawberry.UNSET, description="Is a test account, or is none."
    )
    status: ModuleSubscriptionStatus | None = sent(
        STAFF_READERS,
        default=strawberry.UNSET,
        description="Has a module in this status; with `module`, that module.",
    )
    module: strawberry.ID | None = sent(
        STAFF_READERS, default=strawberry.UNSET, description="Has, or had, this module."
    )


@strawberry.input(description="How a list of accounts is ordered.")
class AccountOrder:
    """A field and a direction."""

    field: AccountOrderField = sent(
        description="What decides the order; equals stand by their ids."
    )
    descending: bool = sent(description="Whether the largest comes first.", default=False)

    @property
    def order(self) -> Order:
        """The order of the rows."""
        return order_of(self.field, descending=self.descending)
