"""Conditions on text."""

from typing import Any

import sqlalchemy as sa

from permissions.viewing import Viewing


def contains(key: Any, pattern: Any) -> sa.ColumnElement[bool]:
    """Keep keys that have a pattern in them, whose signs mean themselves; see ``given``."""
    found: sa.ColumnElement[bool] = key.like(pattern, escape="/")
    return found


def is_named(row: Any, _viewing: Viewing, wanted: Any) -> sa.ColumnElement[bool]:
    """Keep rows with a pattern in their name."""
    return contains(row.sort_name, wanted)
