"""The viewer, as it sees itself."""

import strawberry

from permissions.fields import EVERYONE
from portal.viewer import Language, Role
from resolvers.queries.people.session import own_sessions
from schema.access import LOGGED_IN, PEOPLE
from schema.connection import entry_connection
from schema.fields import answered_by, of_viewer
from schema.relay import Connection
from schema.types.account import ACCOUNTS, Account
from schema.types.people.session import Session


@strawberry.type(description="Who is asking.")
class Viewer:
    """The caller."""

    role: Role = of_viewer(EVERYONE, "role", description="The role of this login.")
    name: str | None = of_viewer(EVERYONE, "name", description="The name of the person or the app.")
    language: Language = of_viewer(
        EVERYONE, "language", description="The language of messages to the caller."
    )
    accounts: Connection[Account] | None = entry_connection(
        LOGGED_IN,
        ACCOUNTS,
        "NAME",
        description=(
            "The accounts that you may see, by name; by id where you may not read the name of each."
            " What you filter, search or order by you have to be allowed to read in each of them."
        ),
    )
    sessions: list[Session] | None = answered_by(
        PEOPLE,
        own_sessions,
        description="Where you are logged in, the latest first; 100 at most.",
    )
