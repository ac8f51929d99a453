"""Which rows a list has and how they follow one another: what callers may ask, and its SQL."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import strawberry

from permissions.fields import EVERYONE, Access
from permissions.viewing import Viewing
from portal.errors import InvalidInput
from portal.language.naming import camel
from portal.models import Base
from portal.viewer import Viewer

# What the parameters of a statement are, by what Python calls them; a tuple holds texts.
TYPES: Mapping[type, sa.types.TypeEngine[Any]] = {
    str: sa.Text(),
    UUID: sa.Uuid(),
    int: sa.Integer(),
    bool: sa.Boolean(),
    date: sa.Date(),
    datetime: sa.DateTime(timezone=True),
    Decimal: sa.Numeric(),
    tuple: sa.ARRAY(sa.Text()),
}


@dataclass(frozen=True)
class Order:
    """How rows follow one another: columns that are never null, the row's id last.

    ``goes_by`` names the field of the row's type that they show, whose guard is their ``access``.
    """

    columns: tuple[Callable[[Any], Any], ...]
    descending: bool = False
    goes_by: str | None = None
    access: Access = EVERYONE

    def keys(self, row: Any) -> list[Any]:
        """Give the expressions that a cursor holds."""
        return [*(column(row) for column in self.columns), row.id]


BY_ID = Order(())


@dataclass(frozen=True)
class Condition:
    """What rows must meet: a function of the row, of ``constants`` and of ``values``.

    The constants decide the SQL; the values are its parameters.
    """

    where: Callable[..., sa.ColumnElement[bool]]
    constants: tuple[Hashable, ...] = ()
    values: tuple[Any, ...] = ()

    def met_by(self, row: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
        """Give the SQL with the values in it."""
        bound = (sa.literal(value, TYPES[type(value)]) for value in self.values)
        return self.where(row, viewing, *self.constants, *bound)


@dataclass(frozen=True)
class Listing:
    """Rows of a model that a caller asked for, in an order."""

    target: type[Base]
    order: Order = BY_ID
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, eq=False)
class Criterion:
    """A part of a filter: its name and type in Python, whom it is for, and what it asks of rows.

    ``reads`` names what it tells of as ``Type.field``: whoever may use it may read all of that.
    ``condition`` takes the value, which is null where ``takes_null``, and the whole filter.
    """

    name: str
    kind: Any
    access: Access
    reads: tuple[str, ...]
    description: str
    condition: Callable[[Any, Any], Condition | None]
    takes_null: bool = False


@dataclass(frozen=True, eq=False)
class Search:
    """A text that rows are searched for: whom that is for, what it ``reads``, and where."""

    access: Access
    reads: tuple[str, ...]
    description: str
    condition: Callable[[str], Condition]


@dataclass(frozen=True, eq=False)
class Criteria:
    """By what the rows of a type can be filtered, searched and ordered, in whatever list.

    ``orders`` has each order by the name that callers have for it; ``arguments`` has, by their
    names in Python, the types of what callers send.
    """

    type_name: str
    model: type[Base]
    criteria: tuple[Criterion, ...]
    search: Search | None
    orders: Mapping[str, Order]
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def order(self, name: str, *, descending: bool = False) -> Order:
        """Give one of the orders."""
        return replace(self.orders[name], descending=descending)

    def listing(
        self,
        usual: Order,
        viewer: Viewer,
        account_id: UUID | None,
        given: Mapping[str, Any],
    ) -> Listing:
        """Give the rows that arguments ask for, in an order that tells the viewer nothing new.

        A place among others tells of each row, so it takes the right to read what decides it: in
        the account of the list, else in each account of the viewer. Without that right the usual
        order is that of ids, and another one is ``Forbidden``. Guards of what was sent are asked
        already; ``InvalidInput`` for a value that nothing could be found by.
        """
        order, order_by = usual, given.get("order_by")
        if order_by:
            order = self.order(order_by.field.value, descending=order_by.descending)
        if not order.access.is_held_by(viewer, account_id):
            if order_by:
                name = f"{self.type_name}.{camel(order.goes_by)}"
                raise order.access.refusal(viewer, name, path=("orderBy",))
            order = BY_ID
        return Listing(self.model, order, tuple(self._conditions(given)))

    def _conditions(self, given: Mapping[str, Any]) -> Iterator[Condition]:
        search, filter = given.get("search"), given.get("filter")
        if self.search and search not in {strawberry.UNSET, None}:
            yield _read(("search",), self.search.condition, search)
        for criterion in self.criteria if filter else ():
            value = getattr(filter, criterion.name)
            if value is strawberry.UNSET or (value is None and not criterion.takes_null):
                continue
            path = ("filter", camel(criterion.name))
            condition = _read(path, criterion.condition, value, filter)
            if condition is not None:
                yield condition


def _read(path: tuple[str, ...], condition: Callable[..., Any], *given: Any) -> Any:
    """Make a condition of what was sent at a path, which a fault names."""
    try:
        return condition(*given)
    except InvalidInput as error:
        error.path = path
        raise
