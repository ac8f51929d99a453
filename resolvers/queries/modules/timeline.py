"""The time lines of modules."""

from collections.abc import Sequence
from typing import Any

from portal.actions.modules.standing import standing, standings_of, without_terms
from portal.errors import PortalError
from portal.rules.modules.notice import Party
from portal.rules.modules.timeline import Timeline, timeline
from resolvers.context import Context


async def timelines(
    context: Context, rows: Sequence[tuple[Any, ...]]
) -> Sequence[Timeline | PortalError]:
    """Give the time line of each module subscription, all of which the viewer may see."""
    found = {
        row.id: standing(row, context.now)
        for row in await context.read(standings_of([id for (id,) in rows], context.now))
    }
    answers: list[Timeline | PortalError] = []
    for (id,) in rows:
        await context.pace.turn()
        try:
            here = found.get(id)
            answers.append(
                without_terms() if here is None else timeline(here, here.agreement(Party.CUSTOMER))
            )
        except PortalError as refused:
            answers.append(refused)
    return answers
