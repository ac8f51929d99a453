"""Expressions over requests: their status follows from their dates, names from who may see them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import Person, Request
from portal.rules.people.request import RequestStatus as Status
from portal.rules.people.request import status_at
from resolvers.context import Context


def status(request: Any, viewing: Viewing) -> sa.ColumnElement[str]:
    """Give the status of a request; see ``portal.rules.people.request.status_at``."""
    return sa.case(
        (has_status(request, viewing, Status.EXPIRED), Status.EXPIRED.value),
        else_=sa.cast(request.state, sa.Text()),
    )


def has_status(request: Any, viewing: Viewing, wanted: Status) -> sa.ColumnElement[bool]:
    """Keep requests that are in a status now."""
    if wanted is Status.OPEN:
        return sa.and_(request.state == Status.OPEN, request.expires_at > viewing.now)
    if wanted is Status.EXPIRED:
        return sa.and_(request.state == Status.OPEN, request.expires_at <= viewing.now)
    is_in: sa.ColumnElement[bool] = request.state == wanted
    return is_in


async def states(context: Context, ids: Sequence[UUID]) -> Mapping[UUID, Status]:
    """Give how far requests have come."""
    columns: list[Any] = [Request.id, Request.state, Request.expires_at]
    rows = await context.read(sa.select(*columns).where(Request.id.in_(ids)))
    return {row.id: status_at(context.now, row.state, row.expires_at) for row in rows}


def requested_by(request: Any, _viewing: Viewing) -> sa.ScalarSelect[str]:
    """Give the name of the member who made a request."""
    return _name_of(request.requested_by)


def decided_by(request: Any, viewing: Viewing) -> sa.ColumnElement[str | None]:
    """Give the name of who ended a request; the names of staff are for staff."""
    name = _name_of(request.decided_by)
    if viewing.is_staff:
        return name
    return sa.case((request.state == Status.WITHDRAWN, name), else_=sa.null())


def _name_of(person_id: Any) -> sa.ScalarSelect[Any]:
    person = aliased(Person)
    return (
        sa.select(person.name)
        .where(person.id == person_id)
        .correlate_except(person)
        .scalar_subquery()
    )
