"""Whether a condition can be met by one row at most: it gives every column of a unique key."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators, visitors


def meets_one(condition: sa.ColumnElement[bool], row: Any) -> bool:
    """Say whether at most one row of an aliased model meets a condition, by its unique keys."""
    given = _equated(condition, row)
    table: Any = sa.inspect(row).mapper.local_table
    keys = (sa.PrimaryKeyConstraint, sa.UniqueConstraint)
    return any(
        isinstance(key, keys) and given.issuperset(key.columns.keys()) for key in table.constraints
    )


def _equated(condition: sa.ColumnElement[bool], row: Any) -> set[str | None]:
    """Name the columns of a row that a condition equates with something outside of it."""
    own = set(sa.inspect(row).selectable.c)
    names: set[str | None] = set()
    is_and = getattr(condition, "operator", None) is operators.and_
    clauses: Any = condition.get_children() if is_and else [condition]
    for clause in clauses:
        match clause:
            case sa.BinaryExpression(left=left, right=right, operator=operators.eq):
                for side, other in ((left, right), (right, left)):
                    within = [part for part in visitors.iterate(other) if part in own]
                    if side in own and not within:
                        names.add(side.key)
    return names
