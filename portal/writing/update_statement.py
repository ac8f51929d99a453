"""UPDATE statements: what has become of a row, and what the history tells of that."""

from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa

from portal.database.statement import Statement
from portal.models.base import Versioned

_MOST = 500

compiled = cache(Statement)
"""Statements that are there once in the life of a process."""


@lru_cache(_MOST)
def update_of(model: Any, names: tuple[str, ...], told: sa.TextClause | None = None) -> Statement:
    """Make the UPDATE of some attributes of a row, as it was read, and of its history.

    Its id comes back; null or nothing where there was no such row any more. The parameters are
    ``read_id``, ``read_version``, ``new_`` before the name of an attribute, and those of ``told``.
    """
    table = model.__table__
    conditions = [table.c.id == sa.bindparam("read_id")]
    if issubclass(model, Versioned):
        conditions.append(table.c.version == sa.bindparam("read_version"))
        names = (*names, "version")
    columns = sa.inspect(model).columns
    changing = Statement(
        sa.update(table)
        .where(*conditions)
        .values({columns[name]: sa.bindparam(f"new_{name}") for name in names})
        .returning(table.c.id)
    )
    return changing if told is None else compiled(told).behind(changing)
