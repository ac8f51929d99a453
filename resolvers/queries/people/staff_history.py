"""The history of staff: kept in our names, shown in those of the schema; a profile by its name."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.models import PermissionProfile, StaffHistoryEntry
from resolvers.context import Context

_PROFILE = "Staff.permissionProfileId"
_SHOWN = "Staff.permissionProfile"
_SIDES = ("before", "after")


async def changes(
    context: Context, wanted: Sequence[tuple[UUID]]
) -> Sequence[list[dict[str, Any]]]:
    """Give the changes that entries tell of; the viewer may see each entry."""
    entry, profile = StaffHistoryEntry, PermissionProfile
    ids = [id for (id,) in wanted]
    found = await context.read(sa.select(entry.id, entry.changes).where(entry.id.in_(ids)))
    told = {row.id: row.changes for row in found}
    profiles = {
        UUID(change[side])
        for row in found
        for change in row.changes
        if change["field"] == _PROFILE
        for side in _SIDES
        if change[side] is not None
    }
    names: dict[str | None, str] = {}
    if profiles:
        called = sa.select(profile).where(profile.id.in_(profiles))
        names = {str(row.id): row.name for row in await context.read(called)}
    return [[_shown(change, names) for change in told.get(id, ())] for id in ids]


def _shown(change: dict[str, Any], names: dict[str | None, str]) -> dict[str, Any]:
    if change["field"] != _PROFILE:
        return change
    return {"field": _SHOWN} | {side: names.get(change[side]) for side in _SIDES}
