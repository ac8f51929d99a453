"""The portal's clock, moved in development."""

import strawberry

from resolvers.mutations import clock
from schema.access import MANAGERS
from schema.types.clock import PortalTimeResult
from schema.verb import mutation


@strawberry.type
class ClockMutations:
    """The mutations of this area, which the root inherits."""

    set_clock: PortalTimeResult = mutation(
        clock.set_clock,
        MANAGERS,
        description=(
            "Move the portal's clock to a day, in development alone; it holds from the next"
            " request on, for everybody."
        ),
    )
