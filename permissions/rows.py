"""Which rows a viewer may see: the first wall, made from what each model declares.

A condition stands wherever a statement enters the rows of accounts: at a root, at ``node``, and on
a relation from a shared row. Inside an account relations follow keys that cannot leave it.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing, viewing_of
from portal.models import Account, Base, OfAccount
from portal.models import wall as walls
from portal.models.base import models
from portal.viewer import Role, Viewer


def visible(row: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Say whether a viewer may see a row; ``row`` is a model or an alias of one."""
    model: type[Base] = sa.inspect(row).mapper.class_
    match model.wall.seen:
        case walls.ByAccount(column):
            return viewing.owns(getattr(row, column))
        case walls.ByPerson(column, known_through):
            return _person(row, column, known_through, viewing)
        case walls.Conditional(flag, once, used_by):
            return _conditional(row, flag, once, used_by, viewing)
        case walls.Inside(column, table, once):
            return _inside(row, column, table, once, viewing)
        case walls.Shared(str(once)) if not viewing.is_staff:
            return _has(row, once)
        case walls.StaffOnly(roles):
            is_open = viewing.role in roles
        case seen:
            is_open = isinstance(seen, walls.Shared)
    return sa.true() if is_open else sa.false()


def entered(model: type[Base], viewing: Viewing) -> Any:
    """Give an alias of a model, for a statement that enters its rows.

    ``portal_app`` may not even name a table that is for staff alone: it reads no rows instead.
    """
    if is_closed(model, viewing):
        return aliased(model, no_rows(model).subquery(), adapt_on_names=True)
    return aliased(model)


def is_closed(model: type[Base], viewing: Viewing) -> bool:
    """Say whether the viewer's database role has no right to read the table of a model."""
    return not viewing.is_staff and isinstance(model.wall.seen, walls.StaffOnly | walls.Closed)


def no_rows(model: type[Base]) -> sa.Select[Any]:
    """Select the columns of a model from nothing."""
    columns = model.__table__.columns
    return sa.select(
        *(sa.cast(sa.null(), column.type).label(column.name) for column in columns)
    ).where(sa.false())


def _person(
    row: Any, column: str, known_through: str | None, viewing: Viewing
) -> sa.ColumnElement[bool]:
    oneself = viewing.is_oneself(getattr(row, column))
    if known_through is None or viewing.is_staff:
        return oneself
    return sa.or_(oneself, _named_by(known_through, row, viewing))


def _conditional(
    row: Any, flag: str, once: str, used_by: str, viewing: Viewing
) -> sa.ColumnElement[bool]:
    if viewing.is_staff:
        return sa.true()
    is_open = sa.and_(getattr(row, flag), _has(row, once))
    return sa.or_(is_open, _named_by(used_by, row, viewing))


def _named_by(place: str, row: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Say whether a row is named in a column of a row of the viewer's accounts."""
    table, _, column = place.partition(".")
    naming: Any = aliased(_model(table))
    return (
        sa.exists()
        .where(getattr(naming, column) == row.id, viewing.owns(naming.account_id))
        .correlate_except(naming)
    )


def _inside(
    row: Any, column: str, table: str, once: str | None, viewing: Viewing
) -> sa.ColumnElement[bool]:
    whole: Any = aliased(_model(table))
    with_whole = (
        sa.exists()
        .where(whole.id == getattr(row, column), visible(whole, viewing))
        .correlate_except(whole)
    )
    if once is None or viewing.is_staff:
        return with_whole
    return sa.and_(with_whole, _has(row, once))


def _has(row: Any, once: str) -> sa.ColumnElement[bool]:
    is_set: sa.ColumnElement[bool] = getattr(row, once).is_not(None)
    return is_set


def _model(table: str) -> type[Base]:
    (found,) = (model for model in models() if model.__tablename__ == table)
    return found


def is_ever_visible(model: type[Base], role: Role) -> bool:
    """Say whether a viewer of a role could see any row of a model."""
    if isinstance(model.wall.seen, walls.ByAccount | walls.ByPerson):
        return role is not Role.ANONYMOUS
    condition = visible(model, viewing_of(Viewer(role)))
    return not isinstance(condition, sa.False_)


def needs_condition(parent: type[Base], target: type[Base]) -> bool:
    """Say whether a relation leaves the account it starts in, or enters one from outside.

    A part follows its whole, and a person whoever names it: those are asked nothing again.
    """
    seen = target.wall.seen
    if isinstance(seen, walls.ByAccount):
        return not (issubclass(parent, (Account, OfAccount)) and issubclass(target, OfAccount))
    return not isinstance(seen, walls.Inside | walls.ByPerson)
