"""Where the value of a field comes from: what ``schema.types`` declares and both lanes read."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

import sqlalchemy as sa

from permissions.viewing import Viewing
from portal.models import Base
from resolvers.listing import BY_ID, Criteria, Listing, Order

KEY = "portal.source"
STORED_KEY = "portal.stored"
SHOWN_ONCE_KEY = "portal.shown_once"

Value = Callable[[Any, Viewing], sa.ColumnElement[Any]]


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
class InLanguage:
    """A text of the operator: a part for each field of ``Text`` in the schema."""

    value: Expression
    language: Expression
    original: Expression
    nl: Expression
    de: Expression
    en: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        """Give every part, in the order of ``portal.language.phrase.Text``."""
        return tuple(getattr(self, part.name) for part in fields(self))


@dataclass(frozen=True, eq=False)
class Relation:
    """Rows of another model: one, a plain list, or a connection with order and pages.

    ``on`` ties a target row to its parent; with ``many`` false the first in order is the answer.
    With ``criteria`` it is a page, of the rows and in the order that the caller may ask for.
    ``within`` names the parent's first and last day where the caller may name a day between them:
    ``on`` takes that day as well, as SQL that is null for today. Rows that no table holds are
    ``computed`` by a SELECT, which takes what ``on`` takes but for the row.
    """

    target: type[Base]
    on: Callable[..., sa.ColumnElement[bool]]
    order: Order = BY_ID
    many: bool = False
    within: tuple[str, str] | None = None
    criteria: Criteria | None = None
    computed: Callable[..., sa.Select[Any]] | None = None


@dataclass(frozen=True, eq=False)
class Entry:
    """Rows that a root field leads to, in pages; the row condition of the model always holds."""

    criteria: Criteria
    order: Order

    @property
    def target(self) -> type[Base]:
        """The model of the rows."""
        return self.criteria.model


@dataclass(frozen=True, eq=False)
class Listed:
    """Rows at the root that follow from its arguments: a plain list, or the first one alone.

    ``listing`` takes the viewer's language and the arguments as Python has them.
    """

    listing: Callable[..., Listing]
    many: bool = True


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
    | InLanguage
    | Relation
    | Entry
    | Listed
    | ById
    | Function
)
