"""Everything that can be asked: what leads anywhere, and the fields of all areas."""

from typing import Annotated, Any

import strawberry

from permissions.fields import EVERYONE
from portal.errors import InvalidInput
from resolvers.context import Info
from resolvers.page import LARGEST_SIZE
from resolvers.reading import answers
from resolvers.reading.merged import Merged
from resolvers.sources import ById
from schema.access import LOGGED_IN, STAFF_READERS
from schema.connection import entry_connection
from schema.fields import Id, answered_by, argument, of_viewer
from schema.queries.billing import BillingQueries
from schema.queries.catalogue import CatalogueQueries
from schema.queries.contract import ContractQueries
from schema.queries.partner import PartnerQueries
from schema.queries.people import PeopleQueries
from schema.relay import Connection
from schema.types.account import ACCOUNTS, Account
from schema.types.node import Node
from schema.types.viewer import Viewer


async def account(info: Info, id: Id) -> Any:
    """Find an account the viewer may see."""
    return await answers.by_id(info.raw, "Account", id)


async def node(info: Info, id: Id) -> Any:
    """Find a row of any type that the viewer may see."""
    return await answers.node(info.raw, id)


async def nodes(
    info: Info,
    ids: Annotated[list[strawberry.ID], argument("The global ids, 100 at most.")],
) -> Any:
    """Find rows of any type that the viewer may see, each in its id's place."""
    if len(ids) > LARGEST_SIZE:
        raise InvalidInput("May have at most {most} entries.", path=["ids"], most=LARGEST_SIZE)
    merged = Merged.of(ids)
    merged[:] = [answers.node(info.raw, id) for id in merged]
    return merged


@strawberry.type(description="Everything that can be asked.")
class Query(PartnerQueries, BillingQueries, PeopleQueries, ContractQueries, CatalogueQueries):
    """The fields that a query starts from."""

    viewer: Viewer = of_viewer(EVERYONE, None, description="Who is asking.")
    node: Node | None = answered_by(
        EVERYONE, node, ById(), description="The row with this id; null when you see none."
    )
    nodes: list[Node | None] = answered_by(
        EVERYONE,
        nodes,
        ById(several=True),
        description="The rows with these ids, null where you see none.",
    )
    account: Account | None = answered_by(
        LOGGED_IN,
        account,
        ById("Account"),
        description="An account; null when you see none.",
    )
    accounts: Connection[Account] | None = entry_connection(
        STAFF_READERS,
        ACCOUNTS,
        "NAME",
        description="All accounts, for staff.",
    )
