"""What the walls of the models make of each table: its policies, and who may do what with it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.database.addresses import APP, LOGIN, OWNER, STAFF
from portal.models import Base
from portal.models.key import keys_in
from portal.models.wall import (
    ACCOUNTS,
    VIEWER,
    ByAccount,
    ByPerson,
    Closed,
    Conditional,
    Inside,
    Policy,
    Rights,
    Seen,
    Shared,
    Wall,
)

_EDITING = (APP, STAFF)
"""The roles whose changes of a row count in its version."""


class Grant(NamedTuple):
    """A right of a role to one column of a table, or to the whole of it."""

    role: str
    verb: str
    table: str
    column: str | None = None


def policies(model: type[Base]) -> Iterator[Policy]:
    """Give the policies of a model's table."""
    wall = model.wall
    yield Policy("owner_rows", OWNER, using="true", check="true")
    for role, rights in wall.rights.items():
        if rights.verbs and not wall.own_policies(role):
            yield _policy(role, rights, *_rows_of(role, wall))
    yield from wall.policies


def grants(model: type[Base]) -> Iterator[Grant]:
    """Give what the serving roles may do with a model's table."""
    table = str(model.__tablename__)
    for role, rights in model.wall.rights.items():
        for verb, names in rights.verbs.items():
            if not names:
                yield Grant(role, verb, table)
            for column in sorted(_columns(model, role, verb, names)):
                yield Grant(role, verb, table, column)


def _policy(role: str, rights: Rights, using: str, check: str) -> Policy:
    name = f"{role.removeprefix('portal_')}_rows"
    if list(rights.verbs) == ["INSERT"]:
        return Policy(name, role, "INSERT", check=check)
    return Policy(name, role, using=using, check=check)


def _rows_of(role: str, wall: Wall) -> tuple[str, str]:
    """Give which rows a role sees, and which it may write."""
    if role not in (APP, LOGIN):
        return "true", "true"
    rows = rows_of_viewer(wall.seen)
    return rows, f"{rows} AND {wall.check}" if role == APP and wall.check else rows


def rows_of_viewer(seen: Seen) -> str:
    """Give the condition, in SQL, of the rows that a viewer who is not staff sees."""
    match seen:
        case Shared(once):
            return f"{once} IS NOT NULL" if once else "true"
        case ByAccount(column):
            return f"{column} = ANY ({ACCOUNTS})"
        case ByPerson(column, None):
            return f"{column} = {VIEWER}"
        case ByPerson(column, str(through)):
            return f"{column} = ANY (ARRAY{_named_by(through)} || {VIEWER})"
        case Conditional(flag, once, through):
            return f"{flag} AND {once} IS NOT NULL OR id = ANY (ARRAY{_named_by(through)})"
        case Inside(column, table, once):
            rows = f"{column} = ANY (ARRAY(SELECT id FROM {table}))"
            return f"{rows} AND {once} IS NOT NULL" if once else rows
        case Closed():
            raise TypeError("who adds to a closed table needs a policy of its own")
    raise TypeError("portal_app has no right to rows of staff")


def _named_by(column: str) -> str:
    """Give what the rows of the viewer's accounts name in a column."""
    table, _, name = column.partition(".")
    return f"(SELECT {name} FROM {table} WHERE account_id = ANY ({ACCOUNTS}))"


def _columns(model: type[Base], role: str, verb: str, names: tuple[str, ...]) -> Iterator[str]:
    """Give the columns of attributes; with those that change whenever these are changed."""
    mapper: Any = sa.inspect(model)
    written: set[str] = set()
    for name in names:
        if name not in mapper.attrs:
            raise TypeError(f"{model.__name__}.{name} stands in its wall, and is no column")
        written |= {column.name for column in mapper.attrs[name].columns}
    yield from written
    if verb == "UPDATE" and written:
        keys = keys_in(mapper.local_table)
        yield from (key for key, (source, _) in keys.items() if source in written)
        if mapper.version_id_col is not None and role in _EDITING:
            yield str(mapper.version_id_col.name)
