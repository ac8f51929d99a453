"""SQLAlchemy expressions as text, compiled once: what statements are put together from.

A fragment speaks of ``row__`` and ``parent__``, which a statement replaces by its own aliases, and
of parameters between NULs, which it numbers. Everything else that an expression binds is constant
and stands in the text.
"""

import re
from collections.abc import Callable, Hashable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.orm import aliased
from typing_extensions import override

from permissions import rows
from permissions.viewing import Viewing
from portal.models import Account, Base
from resolvers.listing import TYPES, Condition, Order
from resolvers.loaders import computed, tie
from resolvers.page import cursor
from resolvers.reading.uniqueness import keeps_account, meets_one
from resolvers.sources import Expression, Relation

ROW = "row__"
PARENT = "parent__"
# Before the name of a row: the parameter that stands for the day in its account.
TODAY = "today_of_"

_dialect: Any = asyncpg.dialect
_DIALECT = _dialect(paramstyle="pyformat")
_BOUND = re.compile(r"%\((\w+)\)s|%%")
# The value of a parameter: SQLAlchemy wants one for each, beside lists that it writes out.
_OPEN = object()
# Of what has a day that may be named: none is.
_TODAY_MEANT: Any = sa.null()
_END = " AS value__ \nFROM "


class _Open(Viewing):
    """Leaves open where the day of a row comes from: its account may be at hand in a statement."""

    @override
    def today_of(self, row: Any) -> sa.ColumnElement[date]:
        """Give a parameter, in whose place the day is put."""
        seen = sa.inspect(row)
        if getattr(seen, "name", None) not in {ROW, PARENT} or seen.mapper.class_ is Account:
            return super().today_of(row)
        return sa.bindparam(f"{TODAY}{seen.name}", type_=sa.Date())


class Fragments:
    """What one kind of viewer's statements are made of, each compiled when first asked for."""

    def __init__(self, viewing: Viewing) -> None:
        self._viewing = _Open(viewing.role, viewing.is_staff)
        self._texts: dict[Hashable, str] = {}
        self._types: dict[Hashable, sa.types.TypeEngine[Any]] = {}
        self._known: dict[Hashable, bool] = {}

    def expression(
        self, model: type[Base], source: Expression
    ) -> tuple[str, sa.types.TypeEngine[Any]]:
        """Give the value of an expression over a row, and its type."""
        text = self._text((model, source), lambda row: source.value(row, self._viewing), model)
        return text, self._types[model, source]

    def tie(self, parent_model: type[Base], relation: Relation) -> str:
        """Give what ties the rows of a relation to their parent."""
        return self._text(
            (parent_model, relation, "tie"),
            lambda row, parent: tie(relation, parent, row, self._viewing),
            relation.target,
            parent_model,
        )

    def is_one(self, parent_model: type[Base], relation: Relation) -> bool:
        """Whether a parent has one row at most by what ties it: a unique key of columns."""
        return self._fact(parent_model, relation, "one", lambda tied, row, _: meets_one(tied, row))

    def keeps_account(self, parent_model: type[Base], relation: Relation) -> bool:
        """Whether the rows of a relation are in the account of their parent."""
        return self._fact(parent_model, relation, "account", keeps_account)

    def visible(self, model: type[Base]) -> str:
        """Give the row condition of a model."""
        return self._text((model, "visible"), lambda row: rows.visible(row, self._viewing), model)

    def source(self, model: type[Base]) -> str:
        """Give what the rows of a model are read from."""
        if rows.is_closed(model, self._viewing):
            return f"({rows.no_rows(model).compile(dialect=_DIALECT)})"
        table: Any = model.__table__
        if isinstance(table, sa.Subquery):
            return f"({table.element.compile(dialect=_DIALECT)})"
        name: str = _DIALECT.identifier_preparer.quote(table.name)
        return name

    def computed(self, parent_model: type[Base], relation: Relation) -> str | None:
        """Give what works out the rows of a relation that no table holds; None for those of one."""
        if relation.computed is None:
            return None

        def worked_out(_row: Any, parent: Any) -> sa.ColumnElement[Any]:
            selected: Any = computed(relation, parent, self._viewing, _TODAY_MEANT)
            found: sa.ScalarSelect[Any] = selected.scalar_subquery()
            return found

        return self._text(
            (parent_model, relation, "computed"), worked_out, relation.target, parent_model
        )

    def condition(self, model: type[Base], condition: Condition) -> str:
        """Give a condition of a list; in place of its values stand their Python types."""
        bound = [
            sa.bindparam(f"value_{index}", _OPEN, TYPES[kind])
            for index, kind in enumerate(condition.values)
        ]
        return self._text(
            (model, condition),
            lambda row: condition.where(row, self._viewing, *condition.constants, *bound),
            model,
        )

    def sorting(self, model: type[Base], order: Order, *, forward: bool) -> str:
        """Give the ORDER BY of a list, or of its reverse."""
        direction = "ASC" if forward is not order.descending else "DESC"
        keys = range(len(order.columns) + 1)
        return ", ".join(f"{self.key(model, order, index)} {direction}" for index in keys)

    def key(self, model: type[Base], order: Order, index: int) -> str:
        """Give one of the expressions that rows are ordered by."""
        return self._text((model, order, index), lambda row: order.keys(row)[index], model)

    def cursor(self, model: type[Base], order: Order) -> str:
        """Give the cursor of a row."""
        return self._text((model, order, "cursor"), lambda row: cursor(order.keys(row)), model)

    def beyond(self, model: type[Base], order: Order, name: str, *, forward: bool) -> str:
        """Keep the rows on one side of a cursor, whose parts are parameters called after it."""

        def compared(row: Any) -> sa.ColumnElement[bool]:
            keys = order.keys(row)
            bound = [sa.bindparam(f"{name}_{i}", type_=key.type) for i, key in enumerate(keys)]
            left, right = sa.tuple_(*keys), sa.tuple_(*bound)
            return left > right if forward is not order.descending else left < right

        return self._text((model, order, name), compared, model)

    def _fact(
        self,
        parent_model: type[Base],
        relation: Relation,
        name: str,
        find: Callable[[sa.ColumnElement[bool], Any, Any], bool],
    ) -> bool:
        key = (parent_model, relation, name)
        found = self._known.get(key)
        if found is None:
            row, parent = aliased(relation.target), aliased(parent_model)
            tied = tie(relation, parent, row, self._viewing)
            found = self._known[key] = find(tied, row, parent)
        return found

    def _text(
        self,
        key: Hashable,
        make: Callable[..., sa.ColumnElement[Any]],
        model: type[Base],
        parent: type[Base] | None = None,
    ) -> str:
        text = self._texts.get(key)
        if text is None:
            aliases = [aliased(model, name=ROW)]
            if parent is not None:
                aliases.append(aliased(parent, name=PARENT))
            made = make(*aliases)
            text = self._texts[key] = _compiled(made, aliases)
            self._types[key] = made.type
        return text


def parameter(name: str) -> str:
    """Give the place of a parameter in a text."""
    return f"\0{name}\0"


def literal(value: Any) -> str:
    """Give a constant as SQL."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "true" if value else "false"
        case Enum():
            return literal(value.name)
        case int() | Decimal():
            return str(value)
        case str():
            return "'" + value.replace("'", "''") + "'"
        case date() | datetime() | UUID():
            return f"'{value}'"
    raise TypeError(f"{value!r} has no place in a statement.")


def _compiled(expression: sa.ColumnElement[Any], aliases: list[Any]) -> str:
    statement = sa.select(expression.label("value__")).select_from(*aliases)
    compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    constants = compiled.params

    def placed(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "%"
        bound = compiled.binds.get(name)
        if bound is not None and (bound.required or bound.value is _OPEN):
            return parameter(name)
        return literal(constants[name])

    text, end, _ = str(compiled).removeprefix("SELECT ").rpartition(_END)
    if not end:
        raise ValueError(str(compiled))
    return _BOUND.sub(placed, text)
