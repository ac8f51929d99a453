"""Where the value of a field comes from: what ``schema.types`` declares and both lanes read."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy as sa

from permissions.viewing import Viewing
from portal.models import Base

KEY = "portal.source"
STORED_KEY = "portal.stored"

Value = Callable[[Any, Viewing], sa.ColumnElement[Any]]


@dataclass(frozen=True)
class Order:
    """How rows follow one another: columns that are never null, the row's id last.

    ``goes_by`` names the field of the row's type that they show, whose guard is theirs too.
    """

    columns: tuple[Callable[[Any], Any], ...]
    descending: bool = False
    goes_by: str | None = None

    def keys(self, row: Any) -> list[Any]:
        """Give the expressions that a cursor holds."""
        return [*(column(row) for column in self.columns), row.id]


BY_ID = Order(())


@dataclass(frozen=True, eq=False)
class Column:
    """A column, or a composite of columns, of the row; of the first one that is not null."""

    attributes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class OwnId:
    """The global id of the row."""


@dataclass(frozen=True, eq=False)
class OfViewer:
    """An attribute of the viewer; without a name, the viewer itself."""

    attribute: str | None


class Part(Enum):
    """What a page of rows consists of."""

    EDGES = "edges"
    PAGE_INFO = "pageInfo"
    TOTAL_COUNT = "totalCount"
    CURSOR = "cursor"
    NODE = "node"
    START_CURSOR = "startCursor"
    END_CURSOR = "endCursor"
    HAS_NEXT_PAGE = "hasNextPage"
    HAS_PREVIOUS_PAGE = "hasPreviousPage"


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

    ``on`` ties a target row to its parent; with ``many`` false the first in order is the answer,
    with ``paged`` a page.
    ``within`` names the parent's first and last day where the caller may name a day between them:
    ``on`` takes that day as well, as SQL that is null for today.
    """

    target: type[Base]
    on: Callable[..., sa.ColumnElement[bool]]
    order: Order = BY_ID
    many: bool = False
    paged: bool = False
    within: tuple[str, str] | None = None


@dataclass(frozen=True, eq=False)
class Entry:
    """Rows that a root field leads to, in pages; the row condition of the model always holds.

    ``orders`` are those that the caller may ask for instead.
    """

    target: type[Base]
    order: Order = BY_ID
    orders: tuple[Order, ...] = ()


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
        return self.where(row, viewing, *self.constants, *self.values)


@dataclass(frozen=True)
class Listing:
    """Rows of a model that a caller asked for, in an order."""

    target: type[Base]
    order: Order = BY_ID
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, eq=False)
class Asked:
    """A root list whose rows and order follow from its arguments.

    ``listing`` takes the viewer's language and the arguments as Python has them, but for those of a
    page; ``orders`` are all those that it may give.
    """

    listing: Callable[..., Listing]
    paged: bool = True
    orders: tuple[Order, ...] = ()


@dataclass(frozen=True, eq=False)
class ById:
    """The row behind a global id: of one type, or of any; ``several`` takes a list of ids."""

    type_name: str | None = None
    several: bool = False


@dataclass(frozen=True, eq=False)
class Function:
    """Python, batched: gets the named columns of each row, gives a value for each.

    Its ``weight`` is what it costs, in points; of a list, each of its items, of which there are as
    many as is ``usual``. With ``most`` the caller may say how many it asks for, so many at most;
    that, and for which side, come after the columns.
    """

    answer: Callable[[Any, Sequence[tuple[Any, ...]]], Awaitable[Sequence[Any]]]
    columns: tuple[str, ...]
    weight: int
    usual: int = 1
    most: int | None = None


Source = (
    Column
    | Itself
    | OwnId
    | OfViewer
    | Part
    | Expression
    | Relation
    | Entry
    | Asked
    | ById
    | Function
)
