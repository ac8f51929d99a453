"""Say of a field that it is a list in pages, by which callers may filter, search and order."""

from collections.abc import Iterator
from inspect import Parameter, Signature
from typing import Annotated, Any

import strawberry

from permissions.fields import Access
from resolvers.context import Info
from resolvers.listing import Criteria
from resolvers.page import window
from resolvers.reading import answers
from resolvers.sources import Entry, Relation
from schema.fields import On, answered_by, argument

_PARENT: Any = strawberry.Parent[Any]  # type: ignore[misc]  # generic when it runs
_PAGE = {
    "first": Annotated[
        int | None, argument("How many rows from the start, 0 to 100; 20 by default.")
    ],
    "after": Annotated[str | None, argument("Only rows after the one with this cursor.")],
    "last": Annotated[int | None, argument("How many rows from the end, 0 to 100.")],
    "before": Annotated[str | None, argument("Only rows before the one with this cursor.")],
}


def connection(
    access: Access, criteria: Criteria, on: On, by: str, *, descending: bool = False, **options: Any
) -> Any:
    """Declare related rows in pages; ``by`` is the order that they usually have."""
    order = criteria.order(by, descending=descending)
    source = Relation(criteria.model, on, order, many=True, criteria=criteria)

    async def resolve(root: Any, info: Info, **given: Any) -> Any:
        asked = window(*(given.pop(name, None) for name in _PAGE))
        viewer = info.context.viewer
        listing = criteria.listing(order, viewer, getattr(root, "account_id", None), given)
        return await answers.page(root, info.raw, source, listing, asked)

    root = Parameter("root", Parameter.KEYWORD_ONLY, annotation=_PARENT)
    _take(resolve, root, *_parameters(criteria))
    return answered_by(access, resolve, source, **options)


def entry_connection(
    access: Access, criteria: Criteria, by: str, *, descending: bool = False, **options: Any
) -> Any:
    """Declare all the rows that the viewer may see, in pages."""
    source = Entry(criteria, criteria.order(by, descending=descending))

    async def resolve(info: Info, **given: Any) -> Any:
        asked = window(*(given.pop(name, None) for name in _PAGE))
        listing = criteria.listing(source.order, info.context.viewer, None, given)
        return await answers.listing_page(info.raw, listing, asked)

    _take(resolve, *_parameters(criteria))
    return answered_by(access, resolve, source, **options)


def _parameters(criteria: Criteria) -> Iterator[Parameter]:
    for name, annotation in {**criteria.arguments, **_PAGE}.items():
        yield Parameter(
            name, Parameter.KEYWORD_ONLY, default=strawberry.UNSET, annotation=annotation
        )


def _take(resolve: Any, *parameters: Parameter) -> None:
    """Let a resolver have parameters, which Strawberry makes arguments of."""
    info = Parameter("info", Parameter.KEYWORD_ONLY, annotation=Info)
    resolve.__signature__ = Signature([info, *parameters])
