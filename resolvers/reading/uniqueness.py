"""What a condition says of a row for certain: the columns that it equates with something else."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators, visitors

from portal.models import Account


def meets_one(condition: sa.ColumnElement[bool], row: Any) -> bool:
    """Say whether at most one row of an aliased model meets a condition, by its unique keys."""
    given = _equated(condition, row)
    table: Any = sa.inspect(row).mapper.local_table
    keys = (sa.PrimaryKeyConstraint, sa.UniqueConstraint)
    return any(
        isinstance(key, keys) and given.issuperset(key.columns.keys()) for key in table.constraints
    )


def keeps_account(condition: sa.ColumnElement[bool], row: Any, parent: Any) -> bool:
    """Say whether a row meets a condition only in the account of its parent, or that is that."""
    key = "id" if sa.inspect(parent).mapper.class_ is Account else "account_id"
    ends = [
        sa.inspect(one).selectable.c.get(name) for one, name in ((row, "account_id"), (parent, key))
    ]
    if any(end is None for end in ends):
        return False
    for clause in _conjuncts(condition):
        match clause:
            case sa.BinaryExpression(left=left, right=right, operator=operators.eq):
                if {left, right} == set(ends):
                    return True
    return False


def _equated(condition: sa.ColumnElement[bool], row: Any) -> set[str | None]:
    """Name the columns of a row that a condition equates with something outside of it."""
    own = set(sa.inspect(row).selectable.c)
    names: set[str | None] = set()
    for clause in _conjuncts(condition):
        match clause:
            case sa.BinaryExpression(left=left, right=right, operator=operators.eq):
                for side, other in ((left, right), (right, left)):
                    within = [part for part in visitors.iterate(other) if part in own]
                    if side in own and not within:
                        names.add(side.key)
    return names


def _conjuncts(condition: sa.ColumnElement[bool]) -> Any:
    is_and = getattr(condition, "operator", None) is operators.and_
    return condition.get_children() if is_and else [condition]
