"""The standard lane's answer to each kind of source."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLResolveInfo

from permissions import rows
from portal.language import global_id
from portal.language.phrase import Text
from portal.rules.calendar import check_within
from portal.viewer import Language
from resolvers.context import Context
from resolvers.listing import Listing
from resolvers.loaders import CURSOR, Projection, columns, record_of, windowed
from resolvers.page import Page, Window, cursor, page_of, sorting
from resolvers.reading.selection import expressions
from resolvers.record import Record
from resolvers.sources import Column, Expression, Function, InLanguage, Relation


def column(source: Any, field: Column) -> Any:
    """Give the first attribute that is not null."""
    for name in field.attributes:
        value = getattr(source, name)
        if value is not None:
            return value
    return None


def expression(source: Record, field: Expression) -> Any:
    """Give the value that was read together with the row."""
    return source.values[field]


def text(source: Record, field: InLanguage) -> Text | None:
    """Give a text that was read together with the row."""
    value, language, *written = (source.values[part] for part in field.parts)
    return None if value is None else Text(value, Language(language), *written)


def own_id(source: Record, info: GraphQLResolveInfo[Any]) -> str:
    """Give the global id of a row."""
    return global_id.encode(info.parent_type.name, source.id)


async def one(source: Record, info: GraphQLResolveInfo[Any], field: Relation) -> Record | None:
    """Give the one related row, or None."""
    found = await many(source, info, field)
    return found[0] if found else None


async def of_day(
    source: Record, info: GraphQLResolveInfo[Any], field: Relation, day: date | None
) -> Record | None:
    """Give the one row related on a day, or None; as ``all_of_day`` finds it."""
    found = await all_of_day(source, info, field, day)
    return found[0] if found else None


async def all_of_day(
    source: Record, info: GraphQLResolveInfo[Any], field: Relation, day: date | None
) -> list[Record]:
    """Give the rows related on a day, in their order; today where none is named.

    A named day has to be one between the first and the last day of the row.
    """
    if day is not None:
        first, last = (getattr(source, name) for name in field.within or ())
        check_within(day, first, last, path=("on",))
    return await many(source, info, field, day)


async def many(
    source: Record, info: GraphQLResolveInfo[Any], field: Relation, day: date | None = None
) -> list[Record]:
    """Give all related rows in their order."""
    context: Context = info.context
    asked = Projection(expressions(info, field.target.__name__), day=day)
    loader = context.loaders.related(source.model, field, asked)
    found: list[Record] = await loader.load(source.told_by)
    return found


async def page(
    source: Record,
    info: GraphQLResolveInfo[Any],
    field: Relation,
    listing: Listing,
    asked_for: Window,
) -> Page:
    """Give a page of the related rows that were asked for."""
    context: Context = info.context
    asked = Projection(expressions(info, field.target.__name__), asked_for, listing=listing)
    loaders = context.loaders
    records = await loaders.related(source.model, field, asked).load(source.told_by)

    async def count() -> int:
        counted: int = await loaders.counted(source.model, field, listing).load(source.id)
        return counted

    return page_of(records, asked_for, count)


async def listing_page(info: GraphQLResolveInfo[Any], listing: Listing, asked_for: Window) -> Page:
    """Give a page of the rows that were asked for and that the viewer may see."""
    context: Context = info.context
    asked = Projection(expressions(info, listing.target.__name__), asked_for)
    order, row = listing.order, rows.entered(listing.target, context.viewing)
    met = _met(listing, row, context)
    forward = asked_for.first is not None
    marked = cursor(order.keys(row)).label(CURSOR)
    statement = windowed(
        sa.select(*columns(row, asked, context.viewing, marked))
        .where(*met)
        .order_by(*sorting(order, row, forward=forward)),
        order,
        row,
        asked_for,
    )
    records = [record_of(listing.target, r, asked) for r in await context.read(statement)]

    async def count() -> int:
        counted = sa.select(sa.func.count()).select_from(row).where(*met)
        return int((await context.read(counted))[0][0])

    return page_of(records, asked_for, count)


async def first(info: GraphQLResolveInfo[Any], listing: Listing) -> Record | None:
    """Give the first row that was asked for and that the viewer may see."""
    found = await listed(info, listing, most=1)
    return found[0] if found else None


async def listed(
    info: GraphQLResolveInfo[Any], listing: Listing, most: int | None = None
) -> list[Record]:
    """Give all the rows that were asked for and that the viewer may see, or ``most`` of them."""
    context: Context = info.context
    asked = Projection(expressions(info, listing.target.__name__))
    row = rows.entered(listing.target, context.viewing)
    statement = (
        sa.select(*columns(row, asked, context.viewing))
        .where(*_met(listing, row, context))
        .order_by(*sorting(listing.order, row, forward=True))
        .limit(most)
    )
    return [record_of(listing.target, r, asked) for r in await context.read(statement)]


async def by_id(info: GraphQLResolveInfo[Any], type_name: str, id: str) -> Record | None:
    """Give the row of a type behind a global id; None for any other id."""
    decoded = global_id.decode(id)
    if decoded is None or decoded[0] != type_name:
        return None
    context: Context = info.context
    return await context.find(id, Projection(expressions(info, type_name)))


async def node(info: GraphQLResolveInfo[Any], id: str) -> Record | None:
    """Give the row behind a global id of any type; None when the viewer may not see one."""
    decoded = global_id.decode(id)
    return await by_id(info, decoded[0], id) if decoded else None


async def function(source: Any, info: GraphQLResolveInfo[Any], field: Function, *given: Any) -> Any:
    """Give what Python answers for the columns that the function names, and what was given."""
    context: Context = info.context
    key = (*(getattr(source, name) for name in field.columns), *given)
    answer = await context.loaders.function(field, context).load(key)
    context.meter.work += field.weight * (len(answer) if isinstance(answer, list) else 1)
    return answer


def _met(listing: Listing, row: Any, context: Context) -> list[sa.ColumnElement[bool]]:
    viewing = context.viewing
    return [
        rows.visible(row, viewing),
        *(condition.met_by(row, viewing) for condition in listing.conditions),
    ]
