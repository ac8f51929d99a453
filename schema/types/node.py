"""What every row with a global id is."""

import strawberry

from permissions.fields import EVERYONE
from schema.fields import value


@strawberry.interface(description="A row with a global id, which `node` finds again.")
class Node:
    """Relay's node."""

    id: strawberry.ID = value(EVERYONE, description="The global id.")
