"""What deleting an account would do, as the deletion itself finds it."""

from collections.abc import Sequence
from typing import Any

from portal.actions.people.deletion import modules_of, previews
from portal.rules.people.deletion import DeletionPreview
from resolvers.context import Context


async def preview(context: Context, rows: Sequence[tuple[Any, ...]]) -> Sequence[DeletionPreview]:
    """Answer for accounts, each of which the viewer may see."""
    ids = [id for (id,) in rows]
    return previews(ids, await context.read(modules_of(ids)), context.now)
