"""The programs of partners."""

import strawberry

from schema.access import LOGGED_IN
from schema.connection import entry_connection
from schema.relay import Connection
from schema.types.partner.app import APPS, App


@strawberry.type
class PartnerQueries:
    """The fields of this area, which the root inherits."""

    apps: Connection[App] | None = entry_connection(
        LOGGED_IN,
        APPS,
        "NAME",
        description="The apps that an account can authorise, by name.",
    )
