"""Where the value of a field comes from: what ``schema.types`` declares and both lanes read."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from permissions.viewing import Viewing
from portal.models import Base

KEY = "portal.source"
STORED_KEY = "portal.stored"

Value = Callable[[Any, Viewing], sa.ColumnElement[Any]]


@dataclass(frozen=True, eq=False)
class Order:
    """How rows follow one another: columns that are never null, the row's id last."""

    columns: tuple[Callable[[Any], Any], ...]
    descending: bool = False

    def keys(self, row: Any) -> list[Any]:
        """Give the expressions that a cursor holds."""
        return [*(column(row) for column in self.columns), row.id]


BY_ID = Order(())


@dataclass(frozen=True, eq=False)
class Column:
    """A column, or a composite of columns, of the row; of the first one that is not null."""

    attributes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Itself:
    """The same row, seen as another type."""


@dataclass(frozen=True, eq=False)
class Expression:
    """A scalar SQL expression over the row."""

    value: Value


@dataclass(frozen=True, eq=False)
class Relation:
    """Rows of another model: one, a plain list, or a connection with order and pages.

    ``on`` ties a target row to its parent; with ``many`` false the first in order is the answer.
    ``within`` names the parent's first and last day where the caller may name a day between them:
    ``on`` takes that day as well, as SQL that is null for today.
    """

    target: type[Base]
    on: Callable[..., sa.ColumnElement[bool]]
    order: Order = BY_ID
    many: bool = False
    within: tuple[str, str] | None = None


@dataclass(frozen=True, eq=False)
class Entry:
    """Rows that a root field leads to; the row condition of the model always holds."""

    target: type[Base]
    order: Order = BY_ID
    where: Callable[[Any, Viewing], sa.ColumnElement[bool]] = field(
        default=lambda _row, _viewing: sa.true()
    )


@dataclass(frozen=True, eq=False)
class Function:
    """Python, batched: gets the named columns of each row, gives a value for each.

    With ``most`` the value is a list, of which the caller may ask so many at most; how many it asks
    for comes after the columns.
    """

    answer: Callable[[Any, Sequence[tuple[Any, ...]]], Awaitable[Sequence[Any]]]
    columns: tuple[str, ...]
    most: int | None = None


Source = Column | Itself | Expression | Relation | Entry | Function
