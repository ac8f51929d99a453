"""What deleting an account would do, as the deletion itself finds it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from portal.actions.people.deletion import modules_of, previews
from portal.rules.people.deletion import DeletionPreview
from resolvers.context import Context


async def preview(context: Context, rows: Sequence[tuple[Any, ...]]) -> Sequence[DeletionPreview]:
    """Answer for accounts, each of which the viewer may see."""
    states_of = await states(context, [id for (id,) in rows])
    return [states_of[id] for (id,) in rows]


async def states(context: Context, ids: Sequence[UUID]) -> Mapping[UUID, DeletionPreview]:
    """Give what deleting accounts would do, by their ids."""
    found = previews(ids, await context.read(modules_of(ids)), context.now)
    return dict(zip(ids, found, strict=True))
