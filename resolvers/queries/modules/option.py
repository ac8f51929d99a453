"""Which days can be chosen for module subscriptions, as the mutations themselves find them."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from portal.actions.modules.agreement import Standing
from portal.actions.modules.option import Option, cancellation_options, tariff_change_options
from portal.actions.modules.standing import standing, standings_of, without_terms
from portal.errors import PortalError
from portal.rules.modules.notice import Party
from resolvers.context import Context

# The id of a module subscription, how many options are wanted, and for which side.
Wanted = Sequence[tuple[UUID, int, Party]]


async def cancellations(context: Context, wanted: Wanted) -> Sequence[list[Option] | PortalError]:
    """Give the last days that can be chosen today; the viewer may see each subscription."""
    return await _options(context, wanted, cancellation_options)


async def tariff_changes(context: Context, wanted: Wanted) -> Sequence[list[Option] | PortalError]:
    """Give the days on which another tariff may begin; the viewer may see each subscription."""
    return await _options(context, wanted, tariff_change_options)


async def _options(
    context: Context, wanted: Wanted, options: Callable[[Standing, int, Party], list[Option]]
) -> Sequence[list[Option] | PortalError]:
    ids = list({id for id, _, _ in wanted})
    found: dict[Any, Standing] = {
        row.id: standing(row, context.now)
        for row in await context.read(standings_of(ids, context.now))
    }

    def answer(id: UUID, count: int, by: Party) -> list[Option] | PortalError:
        try:
            return options(found[id], count, by) if id in found else without_terms()
        except PortalError as refused:
            return refused

    answers = {}
    for asked in dict.fromkeys(wanted):
        await context.pace.turn()
        answers[asked] = answer(*asked)
    return [answers[asked] for asked in wanted]
