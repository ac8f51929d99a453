"""Expressions over the history of an account."""

from typing import Any

import sqlalchemy as sa

from permissions.viewing import Viewing
from portal.viewer import STAFF


def actor_name(entry: Any, viewing: Viewing) -> sa.ColumnElement[str | None]:
    """Give who made a change; the names of staff are for staff."""
    if viewing.is_staff:
        name: sa.ColumnElement[str | None] = entry.actor_name
        return name
    return sa.case((entry.actor_role.in_(sorted(STAFF)), sa.null()), else_=entry.actor_name)


def before(value: Any, viewing: Viewing) -> sa.ColumnElement[Any]:
    """Give a value before its change, where the viewer may read the field."""
    return _shown(value, value.before, viewing)


def after(value: Any, viewing: Viewing) -> sa.ColumnElement[Any]:
    """Give a value after its change, where the viewer may read the field."""
    return _shown(value, value.after, viewing)


def _shown(value: Any, content: Any, viewing: Viewing) -> sa.ColumnElement[Any]:
    return sa.case((viewing.shows(value.account_id, value.field), content), else_=sa.null())
