"""Batched reads, derived from what ``schema.types`` declares: one loader for each relation.

A batch is one statement, whatever the number of rows: the parents' ids go in as an array, and
each parent's rows come from a lateral sub-select.
"""

from collections import defaultdict
from collections.abc import Callable, Coroutine, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from aiodataloader import DataLoader
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from permissions import rows
from permissions.viewing import Viewing
from portal.models import Base, Computed
from resolvers.listing import Listing
from resolvers.page import Window, beyond, cursor, sorting
from resolvers.record import Record, told_by
from resolvers.sources import Expression, Function, Relation

CURSOR = "cursor"
_PARENT = "parent"
_KEYS = "keys"
_DAY = "day"


class Reader(Protocol):
    """Runs a statement for the viewer of a request."""

    viewing: Viewing

    async def read(self, statement: sa.Select[Any], **parameters: Any) -> Sequence[sa.Row[Any]]:
        """Give the rows of one statement."""


@dataclass(frozen=True, slots=True)
class Projection:
    """What a field asks of a relation: which rows, which part, and which expressions with it."""

    expressions: tuple[Expression, ...] = ()
    window: Window | None = None
    day: date | None = None
    listing: Listing | None = None


class Loaders:
    """The loaders of one request, made when they are first asked for."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    def related(self, parent: type[Base], relation: Relation, asked: Projection) -> Any:
        """Give the loader of a relation: what tells a parent apart to the list of its records."""
        names = told_by(parent)

        async def load(keys: list[tuple[Any, ...]]) -> list[list[Record]]:
            statement = related_rows(parent, relation, asked, self._reader.viewing)
            found: defaultdict[tuple[Any, ...], list[Record]] = defaultdict(list)
            given = {
                f"{_KEYS}_{name}": [*of]
                for name, of in zip(names, zip(*keys, strict=True), strict=True)
            }
            day = {_DAY: asked.day} if relation.within else {}
            for row in await self._reader.read(statement, **given, **day):
                key, cells = tuple(row[: len(names)]), row[len(names) :]
                found[key].append(record_of(relation.target, cells, asked))
            return [found[key] for key in keys]

        return self._loader((relation, parent, asked), load)

    def counted(self, parent: type[Base], relation: Relation, listing: Listing) -> Any:
        """Give the loader of how many rows were asked for: parent's id to their number."""

        async def load(keys: list[UUID]) -> list[int]:
            statement = related_count(parent, relation, listing, self._reader.viewing)
            found = dict(map(tuple, await self._reader.read(statement, keys=keys)))
            return [found.get(key, 0) for key in keys]

        return self._loader((relation, parent, listing.conditions), load)

    def by_id(self, model: type[Base], asked: Projection) -> Any:
        """Give the loader of rows the viewer may see: id to a record, or None."""

        async def load(keys: list[UUID]) -> list[Record | None]:
            row: Any = rows.entered(model, self._reader.viewing)
            statement = sa.select(*columns(row, asked, self._reader.viewing)).where(
                row.id == sa.any_(_keys()), rows.visible(row, self._reader.viewing)
            )
            read = await self._reader.read(statement, keys=keys)
            found = {record.id: record for record in (record_of(model, r, asked) for r in read)}
            return [found.get(key) for key in keys]

        return self._loader((model, asked), load)

    def function(self, function: Function, context: Any) -> Any:
        """Give the loader of a function in Python: a row's columns to the value."""

        async def load(keys: list[tuple[Any, ...]]) -> list[Any]:
            return list(await function.answer(context, keys))

        return self._loader(function, load)

    def _loader(
        self, key: Hashable, load: Callable[[list[Any]], Coroutine[Any, Any, list[Any]]]
    ) -> DataLoader[Any, Any]:
        if key not in self._loaders:
            # What a function takes need not be hashable, and nobody asks for it twice.
            self._loaders[key] = DataLoader(load, cache=not isinstance(key, Function))
        return self._loaders[key]


def columns(
    row: Any, asked: Projection, viewing: Viewing, *more: sa.ColumnElement[Any]
) -> list[sa.ColumnElement[Any]]:
    """Give what is selected of a row: its columns, then the expressions asked for."""
    table = sa.inspect(row).mapper.columns
    return [
        *(getattr(row, key).label(key) for key in table.keys()),  # noqa: SIM118  (a collection)
        *(
            expression.value(row, viewing).label(f"expression_{index}")
            for index, expression in enumerate(asked.expressions)
        ),
        *more,
    ]


def record_of(model: type[Base], row: Sequence[Any], asked: Projection) -> Record:
    """Make the record of a row that was selected with ``columns``."""
    keys = [*sa.inspect(model).columns.keys(), *asked.expressions, CURSOR]
    return Record(model, dict(zip(keys, row, strict=False)))


def related_rows(
    parent_model: type[Base], relation: Relation, asked: Projection, viewing: Viewing
) -> sa.Select[Any]:
    """Give the statement of a relation for many parents."""
    parent, is_asked_for = _parents(parent_model)
    target: Any = _target(relation, parent, viewing)
    forward = asked.window is None or asked.window.first is not None
    order = asked.listing.order if asked.listing else relation.order
    keys = order.keys(target)
    paged = [cursor(keys).label(CURSOR)] if asked.window else []
    inner = (
        sa.select(
            *columns(target, asked, viewing, *paged),
            sa.func.row_number()
            .over(order_by=sorting(order, target, forward=forward))
            .label("place"),
        )
        .where(
            tie(relation, parent, target, viewing, day=_day()),
            *_met(asked.listing, target, viewing),
        )
        .order_by(*sorting(order, target, forward=forward))
    )
    if asked.window:
        inner = windowed(inner, order, target, asked.window)
    elif not relation.many:
        inner = inner.limit(1)
    found = inner.lateral()
    shown = [column for column in found.c if column.key != "place"]
    told = [getattr(parent, name).label(f"{_PARENT}_{name}") for name in told_by(parent_model)]
    return (
        sa.select(*told, *shown)
        .join_from(parent, found, sa.true())
        .where(is_asked_for)
        .order_by(*told, found.c.place)
    )


def _parents(model: type[Base]) -> tuple[Any, sa.ColumnElement[bool]]:
    """Give the parents that are asked for, and which they are.

    Those that no table holds are put together again of what tells them apart.
    """
    columns = [sa.inspect(model).columns[name] for name in told_by(model)]
    keys = [sa.bindparam(f"{_KEYS}_{one.name}", type_=ARRAY(one.type)) for one in columns]
    if not issubclass(model, Computed):
        parent: Any = aliased(model)
        return parent, parent.id == sa.any_(keys[0])
    given = sa.func.unnest(*keys).table_valued(*(sa.column(one.name, one.type) for one in columns))
    return aliased(model, given.render_derived(), adapt_on_names=True), sa.true()


def related_count(
    parent_model: type[Base], relation: Relation, listing: Listing, viewing: Viewing
) -> sa.Select[Any]:
    """Give the statement that counts the rows that were asked for, for many parents."""
    parent: Any = aliased(parent_model)
    target: Any = rows.entered(relation.target, viewing)
    count = (
        sa.select(sa.func.count())
        .select_from(target)
        .where(tie(relation, parent, target, viewing), *_met(listing, target, viewing))
        .scalar_subquery()
    )
    return sa.select(parent.id, count).where(parent.id == sa.any_(_keys()))


def computed(
    relation: Relation, parent: Any, viewing: Viewing, day: sa.ColumnElement[date | None]
) -> sa.Select[Any] | None:
    """Give what works out the rows of a relation that no table holds; None for those of one."""
    if relation.computed is None:
        return None
    of_day = [day] if relation.within else []
    return relation.computed(parent, viewing, *of_day)


def _target(relation: Relation, parent: Any, viewing: Viewing) -> Any:
    rows_computed = computed(relation, parent, viewing, _day())
    if rows_computed is None:
        return rows.entered(relation.target, viewing)
    return aliased(relation.target, rows_computed.subquery(), adapt_on_names=True)


def windowed(statement: sa.Select[Any], order: Any, row: Any, asked: Window) -> sa.Select[Any]:
    """Cut a list to a window, and one row more."""
    if asked.after is not None:
        statement = statement.where(beyond(order, row, asked.after, "after", forward=True))
    if asked.before is not None:
        statement = statement.where(beyond(order, row, asked.before, "before", forward=False))
    return statement.limit(asked.size + 1)


def tie(
    relation: Relation,
    parent: Any,
    target: Any,
    viewing: Viewing,
    *,
    day: sa.ColumnElement[date | None] | None = None,
) -> sa.ColumnElement[bool]:
    """Tie the rows of a relation to their parent; with the row condition where one is needed.

    ``day`` is for a relation of a day; it is today where there is none.
    """
    if relation.computed is not None:
        return sa.true()
    of_day = [sa.null() if day is None else day] if relation.within else []
    on = relation.on(parent, target, viewing, *of_day)
    if rows.needs_condition(sa.inspect(parent).mapper.class_, relation.target):
        return sa.and_(on, rows.visible(target, viewing))
    return on


def _met(listing: Listing | None, row: Any, viewing: Viewing) -> Iterator[sa.ColumnElement[bool]]:
    for condition in listing.conditions if listing else ():
        yield condition.met_by(row, viewing)


def _day() -> sa.BindParameter[date | None]:
    return sa.bindparam(_DAY, type_=sa.Date())


def _keys() -> sa.BindParameter[Any]:
    return sa.bindparam(_KEYS, type_=ARRAY(sa.Uuid()))
