"""The viewer, as it sees itself."""

from typing import Annotated, Any

import strawberry

from permissions.fields import EVERYONE
from portal import models
from portal.viewer import Language, Role
from resolvers.context import Info
from resolvers.ordering import listing_of
from resolvers.page import window
from resolvers.queries.people.account_list import AccountOrderField, order_of
from resolvers.queries.people.session import own_sessions
from resolvers.reading import answers
from resolvers.sources import Entry
from schema.access import LOGGED_IN, PEOPLE
from schema.fields import After, Before, First, Last, answered_by, of_viewer
from schema.pages import Connection
from schema.types.account import Account
from schema.types.people.account_list import ACCOUNT_ORDERS, AccountOrder
from schema.types.people.session import Session

OWN_ACCOUNTS = Entry(
    models.Account, order_of(AccountOrderField.NAME, descending=False), ACCOUNT_ORDERS
)


async def own_accounts(
    info: Info,
    order_by: Annotated[
        AccountOrder | None,
        strawberry.argument(
            description=(
                "In which order; you have to be allowed to read that of each account. Left out: by"
                " name, or by id where you may not read the name of each."
            ),
            **EVERYONE.options(),
        ),
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Any:
    """List the accounts that the viewer may see."""
    asked = window(first, after, last, before)
    listing = listing_of(OWN_ACCOUNTS, info.context.viewer, order_by.order if order_by else None)
    return await answers.listing_page(info.raw, listing, asked)


@strawberry.type(description="Who is asking.")
class Viewer:
    """The caller."""

    role: Role = of_viewer(EVERYONE, "role", description="The role of this login.")
    name: str | None = of_viewer(EVERYONE, "name", description="The name of the person or the app.")
    language: Language = of_viewer(
        EVERYONE, "language", description="The language of messages to the caller."
    )
    accounts: Connection[Account] | None = answered_by(
        LOGGED_IN,
        own_accounts,
        OWN_ACCOUNTS,
        description=(
            "The accounts that you may see, by name; by id where you may not read the name of each."
        ),
    )
    sessions: list[Session] | None = answered_by(
        PEOPLE,
        own_sessions,
        description="Where you are logged in, the latest first; 100 at most.",
    )
