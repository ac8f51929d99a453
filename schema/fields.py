"""Say, in one line, where the value of a field comes from and who may use it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Annotated, Any, cast

import strawberry
from graphql import GraphQLField

from permissions.definition import definition_of
from permissions.fields import EVERYONE, Access
from permissions.viewing import Viewing
from portal.actions.modules.asking import own_side
from portal.actions.requestable import Requestable
from portal.errors import InvalidInput, PortalError
from portal.models import Base, Computed
from portal.rules.modules.notice import Party
from portal.viewer import Viewer
from resolvers.context import Context, Info
from resolvers.given import sent_or_none
from resolvers.listing import BY_ID, Criteria, Order
from resolvers.page import DEFAULT_SIZE
from resolvers.queries.text import TEXT_PARTS, TextPart
from resolvers.reading import answers
from resolvers.record import Record
from resolvers.sources import (
    KEY,
    SHOWN_ONCE_KEY,
    STORED_KEY,
    Column,
    Entry,
    Expression,
    Function,
    InLanguage,
    Itself,
    OfViewer,
    OwnId,
    Part,
    Relation,
    Source,
    Value,
)
from schema.length import Limit

# How many options are shown where nobody says.
_FEW = 3

REQUESTABLE_KEY = "portal.requestable"
WEIGHT_KEY = "portal.weight"

# Leads from a row to another one, and gives an expression over that.
Through = Callable[[Any, Callable[[Any], Any]], Any]
# What ties a row of another model to its parent.
On = Callable[..., Any]


def of_model(model: type[Base | Computed], **options: Any) -> Callable[[type], type]:
    """Declare an output type whose values are rows of a model."""

    def decorate(cls: type) -> type:
        cls.__portal_model__ = model  # type: ignore[attr-defined]
        if "is_type_of" not in vars(cls):
            cls.is_type_of = classmethod(  # type: ignore[attr-defined]
                lambda _cls, value, _info: isinstance(value, Record) and value.model is model
            )
        return strawberry.type(cls, **options)

    return decorate


def column(access: Access, *attributes: str, **options: Any) -> Any:
    """Declare a column of the row, or a composite of columns; by default of the same name.

    With several attributes, the first that is not null.
    """
    if not attributes:
        return _field(access, Column(()), **options)
    source = Column(attributes)

    def resolve(root: strawberry.Parent[Any]) -> Any:
        return answers.column(root, source)

    return _field(access, source, resolve, **options)


def itself(access: Access, **options: Any) -> Any:
    """Declare an object that shows the same row as another type."""

    def resolve(root: strawberry.Parent[Any]) -> Any:
        return root

    return _field(access, Itself(), resolve, **options)


def own_id(**options: Any) -> Any:
    """Declare the global id of the row."""

    def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        return answers.own_id(root, info.raw)

    return _field(EVERYONE, OwnId(), resolve, description="The global id.", **options)


def expression(access: Access, value: Value, **options: Any) -> Any:
    """Declare a scalar SQL expression over the row."""
    source = Expression(value)

    def resolve(root: strawberry.Parent[Any]) -> Any:
        return answers.expression(root, source)

    return _field(access, source, resolve, **options)


def text(access: Access, attribute: str, through: Through | None = None, **options: Any) -> Any:
    """Declare a text that the operator wrote, in the reader's language or else in its own.

    It is an attribute of the row, or of the row that one leads ``through``.
    """

    def expression(part: TextPart) -> Expression:
        def over(row: Any, viewing: Viewing) -> Any:
            if through is None:
                return part(row, attribute, viewing)
            return through(row, lambda other: part(other, attribute, viewing))

        return Expression(over)

    source = InLanguage(*map(expression, TEXT_PARTS))

    def resolve(root: strawberry.Parent[Any]) -> Any:
        return answers.text(root, source)

    return _field(access, source, resolve, **options)


def one(access: Access, target: type[Base], on: On, order: Order = BY_ID, **options: Any) -> Any:
    """Declare the first related row; null when there is none."""
    source = Relation(target, on, order)

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        return await answers.one(root, info.raw, source)

    return _field(access, source, resolve, **options)


def many(access: Access, target: type[Base], on: On, order: Order, **options: Any) -> Any:
    """Declare a plain list of related rows, for lists that are short by nature."""
    source = Relation(target, on, order, many=True)

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        return await answers.many(root, info.raw, source)

    return _field(access, source, resolve, **options)


def computed(
    access: Access,
    target: type[Computed],
    rows: Callable[..., Any],
    order: Order,
    within: tuple[str, str] | None = None,
    **options: Any,
) -> Any:
    """Declare a list that SQL works out of the row; ``rows`` gives the SELECT.

    With ``within``, the attributes that hold the row's first and last day, it is worked out for a
    day, which the caller may name.
    """
    source = _worked_out(target, rows, order, within, many=True)
    if within is None:

        async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
            return await answers.many(root, info.raw, source)

        return _field(access, source, resolve, **options)

    async def resolve_of_day(
        root: strawberry.Parent[Any], info: Info, on: Day = strawberry.UNSET
    ) -> Any:
        return await answers.all_of_day(root, info.raw, source, sent_or_none(on))

    return _field(access, source, resolve_of_day, **options)


def one_computed(
    access: Access,
    target: type[Computed],
    rows: Callable[..., Any],
    order: Order,
    within: tuple[str, str],
    **options: Any,
) -> Any:
    """Declare the first row that SQL works out for a day, as ``computed`` does; null for none."""
    source = _worked_out(target, rows, order, within, many=False)

    async def resolve(root: strawberry.Parent[Any], info: Info, on: Day = strawberry.UNSET) -> Any:
        return await answers.of_day(root, info.raw, source, sent_or_none(on))

    return _field(access, source, resolve, **options)


def _worked_out(
    target: type[Computed],
    rows: Callable[..., Any],
    order: Order,
    within: tuple[str, str] | None,
    *,
    many: bool,
) -> Relation:
    # In a statement it is as good as a table.
    model = cast("type[Base]", target)
    return Relation(model, rows, order, many=many, within=within, computed=rows)


def argument(description: str, access: Access = EVERYONE) -> Any:
    """Declare an argument: what it says, and who may send it."""
    return strawberry.argument(description=description, **access.options())


Id = Annotated[strawberry.ID, argument("The global id.")]
Day = Annotated[
    date | None, argument("On which day, from the first to the last one; today when left out.")
]
Side = Annotated[
    Party | None,
    argument(
        "For which side; your own when left out. The law for consumers gives days to the customer"
        " alone."
    ),
]


def function(
    access: Access,
    answer: Callable[[Context, Sequence[tuple[Any, ...]]], Awaitable[Sequence[Any]]],
    columns: tuple[str, ...],
    *,
    weight: int,
    usual: int = 1,
    **options: Any,
) -> Any:
    """Declare a value that Python gives for the named columns of each row, batched.

    It costs ``weight`` points; a list, as often as it ``usual``ly has items.
    """
    source = Function(answer, columns, weight, usual)

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        return await answers.function(root, info.raw, source)

    return _field(access, source, resolve, **options)


def options(
    access: Access,
    answer: Callable[
        [Context, Sequence[tuple[Any, ...]]], Awaitable[Sequence[list[Any] | PortalError]]
    ],
    columns: tuple[str, ...],
    most: int,
    *,
    weight: int,
    **options: Any,
) -> Any:
    """Declare a list of which Python gives the first few for the named columns of each row.

    Each costs ``weight`` points. ``answer`` gets after the columns how many are asked for, 1 to
    ``most``, a few by default; and for which side. A row of which it knows none is answered by the
    reason, an error.
    """
    source = Function(answer, columns, weight, _FEW, most)
    few = Annotated[int | None, argument(f"How many, 1 to {most}; {_FEW} by default.")]

    async def resolve(
        root: strawberry.Parent[Any],
        info: Info,
        first: Any = strawberry.UNSET,
        by: Side = strawberry.UNSET,
    ) -> Any:
        asked = sent_or_none(first)
        count = _FEW if asked is None else asked
        if not 1 <= count <= most:
            raise InvalidInput("Must be from 1 to {most}.", path=["first"], most=most)
        side = sent_or_none(by) or own_side(info.context.viewer.role)
        return await answers.function(root, info.raw, source, count, side)

    resolve.__annotations__["first"] = few
    return _field(access, source, resolve, **options)


def ahead(
    access: Access,
    answer: Callable[[Context, Sequence[tuple[Any, ...]]], Awaitable[Sequence[list[Any]]]],
    columns: tuple[str, ...],
    most: int,
    *,
    weight: int,
    **options: Any,
) -> Any:
    """Declare a list that Python gives for the named columns of each row, and months ahead.

    Each month costs ``weight`` points, 1 to ``most`` of them; a few by default.
    """
    source = Function(answer, columns, weight, _FEW, most)

    async def resolve(
        root: strawberry.Parent[Any], info: Info, months: Any = strawberry.UNSET
    ) -> Any:
        asked = sent_or_none(months)
        count = _FEW if asked is None else asked
        if not 1 <= count <= most:
            raise InvalidInput("Must be from 1 to {most}.", path=["months"], most=most)
        return await answers.function(root, info.raw, source, count)

    resolve.__annotations__["months"] = Annotated[
        int | None, argument(f"How many months ahead, 1 to {most}; {_FEW} by default.")
    ]
    return _field(access, source, resolve, **options)


def of_viewer(access: Access, attribute: str | None, **options: Any) -> Any:
    """Declare an attribute of the viewer, or the viewer itself."""

    def resolve(info: Info) -> Any:
        viewer: Viewer = info.context.viewer
        return getattr(viewer, attribute) if attribute else viewer

    return _field(access, OfViewer(attribute), resolve, **options)


def answered_by(
    access: Access, resolver: Callable[..., Any], source: Source | None = None, **options: Any
) -> Any:
    """Declare a field that a resolver of its own answers.

    With a source too, the compiled lane reads what the resolver would answer.
    """
    return _field(access, source, resolver, **options)


def value(access: Access = EVERYONE, source: Part | None = None, **options: Any) -> Any:
    """Declare an attribute of a value: of a composite, a page or an error."""
    return _field(access, source, **options)


def shown_once(access: Access = EVERYONE, **options: Any) -> Any:
    """Declare a secret in what a mutation answers: a repeat of the request is told none."""
    declared = access.options()
    declared["metadata"] = {**declared["metadata"], KEY: None, SHOWN_ONCE_KEY: True}
    return strawberry.field(**declared, **options)


def sent(
    access: Access = EVERYONE,
    *,
    requestable: Requestable | None = None,
    length: Limit | None = None,
    description: str,
    **options: Any,
) -> Any:
    """Declare a field of an input; who may not send it can ask by a request of a kind.

    ``length`` is what its text or its list may have at most.
    """
    declared = access.options()
    if length is not None:
        declared["directives"] = [*declared.get("directives", ()), length.length]
        description = f"{description} {length.sentence}"
    declared["metadata"] = {
        **declared["metadata"],
        REQUESTABLE_KEY: requestable and requestable.kind,
    }
    return strawberry.field(**declared, description=description, **options)


def _field(
    access: Access,
    source: Source | None,
    resolver: Callable[..., Any] | None = None,
    *,
    stored: tuple[str, ...] = (),
    **options: Any,
) -> Any:
    """Declare a field; ``stored`` names what it shows of the history's ``Model.attribute``."""
    declared = access.options()
    declared["metadata"] = {**declared["metadata"], KEY: source, STORED_KEY: stored}
    answer: Any = resolver
    return strawberry.field(resolver=answer, **declared, **options)


def weight_of(field: GraphQLField) -> int:
    """Give the points that a field costs beside one for itself; of a list, each of its items."""
    source = _declared(field, KEY)
    return source.weight if isinstance(source, Function) else _declared(field, WEIGHT_KEY) or 0


def usual_length(field: GraphQLField) -> int | None:
    """Give how much a field answers where nobody says how much; None where nothing is declared."""
    match _declared(field, KEY):
        case Function(usual=usual):
            return usual
        case Relation(criteria=Criteria()) | Entry():
            return DEFAULT_SIZE
        case Part():
            # Its page is counted by the connection.
            return 1
    return None


def _declared(field: GraphQLField, key: str) -> Any:
    definition = definition_of(field)
    return None if definition is None else definition.metadata.get(key)
