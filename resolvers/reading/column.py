"""Columns of a row and how their values are printed as JSON."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLOutputType,
    get_named_type,
)
from sqlalchemy.dialects import postgresql

from portal.models import Base
from resolvers.reading.fallback import NotCompiled
from resolvers.reading.fragment import ROW

_dialect: Any = postgresql.dialect
_quote = _dialect().identifier_preparer.quote

_INSTANT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
# Two decimals at least, and no idle zeros beyond them.
_DECIMAL = "(trim_scale({}) + 0.00)::text"
# The scalars that PostgreSQL prints as we do, by what Python calls their values.
_PLAIN: dict[str, tuple[type, ...]] = {
    "Boolean": (bool,),
    "Date": (date,),
    "ID": (str,),
    "Int": (int,),
    "JSON": (dict, list),
    "String": (str,),
}
_READ: dict[type, Callable[[str], Any]] = {
    bool: lambda text: text == "true",
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    Decimal: Decimal,
    int: int,
    str: str,
    UUID: UUID,
}


def column_of(model: type[Base], attribute: str) -> sa.Column[Any]:
    """Give the column of an attribute; NotCompiled where it has none of its own."""
    mapper = sa.inspect(model)
    if attribute in mapper.synonyms:
        attribute = mapper.synonyms[attribute].name
    if attribute not in mapper.columns:
        raise NotCompiled(f"{model.__name__}.{attribute}")
    found: sa.Column[Any] = mapper.columns[attribute]
    return found


def parts_of(model: type[Base], attribute: str) -> dict[str, sa.Column[Any]]:
    """Give the columns of a composite by the names of its dataclass."""
    composite: Any = sa.inspect(model).composites[attribute]
    names = composite.composite_class.__dataclass_fields__
    return dict(zip(names, (part.columns[0] for part in composite.props), strict=True))


def sql_of(column: sa.Column[Any]) -> str:
    """Give the column of the row at hand."""
    return f"{ROW}.{_quote(column.name)}"


def printed(sql: str, stored: sa.types.TypeEngine[Any], kind: GraphQLOutputType) -> str:
    """Give the SQL of a value as a field prints it; NotCompiled where only Python can."""
    named = get_named_type(kind)
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(inner, GraphQLList):
        if not isinstance(stored, sa.ARRAY) or named.name in {"DateTime", "Decimal"}:
            raise NotCompiled(f"a list of {named.name}")
        _check(stored.item_type, named)
        return sql
    if named.name == "DateTime":
        return _INSTANT.format(sql)
    if named.name == "Decimal":
        return _DECIMAL.format(sql)
    _check(stored, named)
    return sql


def is_json(column: sa.Column[Any]) -> bool:
    """Say whether a column holds JSON."""
    return isinstance(column.type, (postgresql.JSONB, sa.JSON))


def read(column: sa.Column[Any], cell: Any) -> Any:
    """Give the Python value of a column from its text, or from its JSON."""
    if cell is None or is_json(column):
        return cell
    kind = column.type.python_type
    if issubclass(kind, Enum):
        return kind[cell]
    return _READ[kind](cell)


def _check(stored: sa.types.TypeEngine[Any], named: GraphQLNamedType) -> None:
    """Refuse what PostgreSQL would print otherwise than the schema does."""
    if isinstance(stored, (postgresql.JSONB, sa.JSON)):
        fits = named.name == "JSON"
    elif isinstance(named, GraphQLEnumType):
        fits = isinstance(stored, sa.String) and _is_named_as_stored(named)
    elif isinstance(stored, sa.types.NullType):
        fits = named.name in _PLAIN
    else:
        fits = issubclass(stored.python_type, _PLAIN.get(named.name, ()))
    if not fits:
        raise NotCompiled(f"{stored!r} as {named.name}")


def _is_named_as_stored(kind: GraphQLEnumType) -> bool:
    """Say whether the column, which holds Python's names, holds the schema's too."""
    return all(
        (isinstance(value.value, Enum) and name == value.value.name == value.value.value)
        or name == value.value
        for name, value in kind.values.items()
    )
