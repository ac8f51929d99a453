"""Which rows a viewer may see: the first wall. The only place that decides it.

A condition stands wherever a statement enters the rows of accounts: at a root, at ``node``, and on
a relation from a shared row. Inside an account relations follow keys that cannot leave it.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing, viewing_of
from portal.models import (
    Account,
    App,
    Base,
    ConsentDocument,
    Module,
    OfAccount,
    PermissionProfile,
    Staff,
    StaffHistoryEntry,
    Tariff,
    TariffPeriod,
)
from portal.viewer import Role, Viewer


def visible(row: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Say whether a viewer may see a row; ``row`` is a model or an alias of one."""
    model: type[Base] = sa.inspect(row).mapper.class_
    if issubclass(model, OfAccount):
        return viewing.owns(row.account_id)
    return _CONDITIONS[model](row, viewing)


def _tariff(row: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    if viewing.is_staff:
        return sa.true()
    period = aliased(TariffPeriod)
    booked = (
        sa.exists()
        .where(period.tariff_id == row.id, viewing.owns(period.account_id))
        .correlate_except(period)
    )
    return sa.or_(row.is_public, booked)


def _everybody(_row: Any, _viewing: Viewing) -> sa.ColumnElement[bool]:
    return sa.true()


def _managers(_row: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    return sa.true() if viewing.role is Role.MANAGER else sa.false()


_CONDITIONS: dict[type[Base], Callable[[Any, Viewing], sa.ColumnElement[bool]]] = {
    Account: lambda row, viewing: viewing.owns(row.id),
    App: _everybody,
    ConsentDocument: _everybody,
    Module: _everybody,
    PermissionProfile: _managers,
    Staff: _managers,
    StaffHistoryEntry: _managers,
    Tariff: _tariff,
}


def is_ever_visible(model: type[Base], role: Role) -> bool:
    """Say whether a viewer of a role could see any row of a model."""
    if issubclass(model, (Account, OfAccount)):
        return role is not Role.ANONYMOUS
    condition = visible(model, viewing_of(Viewer(role)))
    return not isinstance(condition, sa.False_)


def needs_condition(parent: type[Base], target: type[Base]) -> bool:
    """Say whether a relation leaves the account it starts in, or enters one from outside."""
    inside = issubclass(parent, (Account, OfAccount)) and issubclass(target, OfAccount)
    return not inside and (issubclass(target, OfAccount) or target in _CONDITIONS)
