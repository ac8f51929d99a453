"""The history of the operator: kept in our names, shown in those of the schema.

What is stored of another row is its id, which is shown as what that row is called.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.language.global_id import decode, encode
from portal.language.naming import camel
from portal.models import Base, OperatorHistoryEntry
from portal.models.base import models
from portal.models.recording import History
from resolvers.context import Context
from resolvers.listing import Condition
from resolvers.queries.text import called

_SIDES = ("before", "after")
_CALLED = ("name", "title", "valid_from")


async def changes(
    context: Context, wanted: Sequence[tuple[UUID]]
) -> Sequence[list[dict[str, Any]]]:
    """Give the changes that entries tell of; the viewer may see each entry."""
    entry = OperatorHistoryEntry
    ids = [id for (id,) in wanted]
    found = await context.read(sa.select(entry.id, entry.changes).where(entry.id.in_(ids)))
    told = {row.id: row.changes for row in found}
    names = await _names(context, [change for row in found for change in row.changes])
    return [[_shown(change, names) for change in told.get(id, ())] for id in ids]


async def subject_ids(_: Context, wanted: Sequence[tuple[str, UUID]]) -> Sequence[str]:
    """Give the global ids of what entries are about."""
    return [encode(kind, id) for kind, id in wanted]


def is_about(given: str, _filter: Any) -> Condition:
    """Keep the entries about the row with a global id."""
    kind, id = decode(given) or ("", UUID(int=0))
    return Condition(
        lambda entry, _, wanted, which: sa.and_(
            entry.subject_id == which, entry.subject_type == wanted
        ),
        values=(kind, id),
    )


@cache
def _references() -> dict[str, type[Base]]:
    """Give the model behind each attribute that holds the id of a row which has a name."""
    return dict(_each_reference())


def _each_reference() -> Iterator[tuple[str, type[Base]]]:
    by_table = {model.__tablename__: model for model in models()}
    for model in models():
        for attribute in sa.inspect(model).column_attrs:
            for key in attribute.columns[0].foreign_keys:
                target = by_table[key.column.table.name]
                if getattr(model, "history", None) is History.OPERATOR and _called(target):
                    yield f"{model.__name__}.{camel(attribute.key)}", target


def _called(model: type[Base]) -> str | None:
    return next((name for name in _CALLED if hasattr(model, name)), None)


async def _names(context: Context, told: list[dict[str, Any]]) -> dict[str, str]:
    """Give what the rows are called whose ids stand in changes."""
    asked: defaultdict[type[Base], set[UUID]] = defaultdict(set)
    for change in told:
        if model := _references().get(change["field"]):
            asked[model] |= {UUID(change[side]) for side in _SIDES if change[side] is not None}
    names: dict[str, str] = {}
    for model, ids in asked.items():
        row: Any = model
        name = called(row, str(_called(model)), context.viewing)
        named = sa.select(row.id, name.label("name")).where(row.id.in_(ids))
        # A draft has no day yet.
        given = (found for found in await context.read(named) if found.name is not None)
        names |= {str(found.id): str(found.name) for found in given}
    return names


def _shown(change: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    if change["field"] not in _references():
        return change
    shown = change["field"].removesuffix("Id")
    return {"field": shown} | {side: names.get(change[side]) for side in _SIDES}
