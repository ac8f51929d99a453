"""The row of no account that a mutation is about: found, and locked."""

from typing import Any

import sqlalchemy as sa

from portal.errors import NotFound
from resolvers.changing.conflict import compare_versions
from resolvers.changing.run import Change
from resolvers.given import id_in, sent_or_none


async def row_of(change: Change, model: Any, given: Any) -> Any:
    """Find and lock the row that an input is about, in the version that its sender read."""
    row = await found(change, model, given.id)
    if row is None:
        raise NotFound("There is no such row, or you may not see it.", path=["input", "id"])
    expected = sent_or_none(given.expected_version)
    await compare_versions(change.transaction, change.context.viewer, row, expected)
    return row


async def found(change: Change, model: Any, id: str) -> Any:
    """Find and lock a row of a model by its global id; None where there is none."""
    known = id_in(model.__name__, id)
    if known is None:
        return None
    return await change.session.scalar(sa.select(model).where(model.id == known).with_for_update())
