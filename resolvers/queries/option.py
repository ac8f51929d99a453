"""Which days can be chosen for module subscriptions, as the mutations themselves find them."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from portal.actions.agreement import Standing
from portal.actions.option import Option, cancellation_options, tariff_change_options
from portal.actions.standing import standing, standings_of
from resolvers.context import Context

# The id of a module subscription, and how many options are wanted.
Wanted = Sequence[tuple[UUID, int]]


async def cancellations(context: Context, wanted: Wanted) -> Sequence[list[Option]]:
    """Give the last days that can be chosen today; the viewer may see each subscription."""
    return await _options(context, wanted, cancellation_options)


async def tariff_changes(context: Context, wanted: Wanted) -> Sequence[list[Option]]:
    """Give the days on which another tariff may begin; the viewer may see each subscription."""
    return await _options(context, wanted, tariff_change_options)


async def _options(
    context: Context, wanted: Wanted, options: Callable[[Standing, int], list[Option]]
) -> Sequence[list[Option]]:
    ids = list({id for id, _ in wanted})
    found: dict[Any, Standing] = {
        row.id: standing(row, context.now)
        for row in await context.read(standings_of(ids, context.now))
    }
    answers: dict[tuple[UUID, int], list[Option]] = {}
    for id, count in dict.fromkeys(wanted):
        await context.pace.turn()
        answers[id, count] = options(found[id], count) if id in found else []
    return [answers[asked] for asked in wanted]
