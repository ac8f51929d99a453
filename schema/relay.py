"""Connections, as the Relay specification describes them."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import strawberry

from permissions.fields import EVERYONE
from resolvers.loaders import CURSOR
from resolvers.page import Page
from resolvers.record import Record
from resolvers.sources import Part
from schema.fields import answered_by, value

Node = TypeVar("Node")


def _cursor(root: strawberry.Parent[Record]) -> str:
    text: str = root.values[CURSOR]
    return text


def _node(root: strawberry.Parent[Record]) -> Any:
    return root


def _edges(root: strawberry.Parent[Page]) -> Any:
    return root.records


def _page_info(root: strawberry.Parent[Page]) -> Any:
    return root


async def _total_count(root: strawberry.Parent[Page]) -> int:
    return await root.count()


def _start_cursor(root: strawberry.Parent[Page]) -> str | None:
    return _end(root.records, 0)


def _end_cursor(root: strawberry.Parent[Page]) -> str | None:
    return _end(root.records, -1)


def _end(records: Sequence[Record], index: int) -> str | None:
    return _cursor(records[index]) if records else None


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = value(
        source=Part.HAS_NEXT_PAGE, description="Whether rows follow this page."
    )
    has_previous_page: bool = value(
        source=Part.HAS_PREVIOUS_PAGE, description="Whether rows come before this page."
    )
    start_cursor: str | None = answered_by(
        EVERYONE,
        _start_cursor,
        Part.START_CURSOR,
        description="The cursor of the first row of the page.",
    )
    end_cursor: str | None = answered_by(
        EVERYONE,
        _end_cursor,
        Part.END_CURSOR,
        description="The cursor of the last row of the page.",
    )


@strawberry.type(description="A row and its place in a list.")
class Edge(Generic[Node]):
    """Relay's edge."""

    cursor: str = answered_by(
        EVERYONE,
        _cursor,
        Part.CURSOR,
        description="Where the row stands; give it as after or before.",
    )
    node: Node = answered_by(EVERYONE, _node, Part.NODE, description="The row itself.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[Node]):
    """Relay's connection, with the size of the whole list for whoever asks."""

    edges: list[Edge[Node]] = answered_by(
        EVERYONE, _edges, Part.EDGES, description="The rows of the page, in the order of the list."
    )
    page_info: PageInfo = answered_by(
        EVERYONE, _page_info, Part.PAGE_INFO, description="Where the page stands in the list."
    )
    total_count: int = answered_by(
        EVERYONE,
        _total_count,
        Part.TOTAL_COUNT,
        description="How many rows the whole list has; counted only when asked for.",
    )
