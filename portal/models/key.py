"""Columns that follow from another one: what a name is ordered by, and told apart by.

Whatever sets the name of a row sets its keys, with a session and without one.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import mapped_column

from portal.rules.key import sort_key, unique_key

_KEY = "key of"
_BY_BYTES = sa.Text(collation="C")
Key = Callable[[Any], Any]


def sort_key_of(source: str, *, nullable: bool = False) -> Any:
    """Declare the column by which rows are ordered, and found, for another column."""
    return key_of(source, sort_key, nullable=nullable)


def unique_key_of(source: str, key: Key = unique_key, *, nullable: bool = False) -> Any:
    """Declare the column by which another one is unique; its constraint is declared beside it."""
    return key_of(source, key, nullable=nullable)


def key_of(
    source: str, key: Key, kind: Any = _BY_BYTES, *, nullable: bool = False, **options: Any
) -> Any:
    """Declare a column that follows from another one; text, compared alike in every database."""
    return mapped_column(kind, nullable=nullable, info={_KEY: (source, key)}, **options)


def is_key(column: sa.ColumnElement[Any]) -> bool:
    """Say whether a column follows from another one, and tells nothing of its own."""
    return _KEY in column.info


def keys_in(table: sa.FromClause) -> dict[str, tuple[str, Key]]:
    """Give the columns of a table that follow from others, each with the other and how."""
    return {column.name: column.info[_KEY] for column in table.columns if is_key(column)}


def keep_keys(model: Any) -> None:
    """Let whatever sets a column of a model set the columns that follow from it."""
    for name, (source, key) in keys_in(model.__table__).items():
        event.listen(getattr(model, source), "set", partial(_set, name, key), propagate=True)


def _set(name: str, key: Key, row: Any, value: Any, *_: Any) -> None:
    setattr(row, name, None if value is None else key(value))
