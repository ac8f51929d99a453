"""Conditions on what the operator says of itself."""

from typing import Any

import sqlalchemy as sa

from permissions.viewing import Viewing


def has_begun(row: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Keep what holds from a day that has come."""
    begun: sa.ColumnElement[bool] = row.valid_from <= viewing.today
    return begun
