"""What a write has left in the database, value by value."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.language import global_id
from portal.models import Base
from tests.permission_matrix.worksite import Worksite

Rows = dict[tuple[str, str], dict[str, Any]]
_STAFF = ("staff", "permission_profile", "operator_history", "version_job")


def _rows_of(table: sa.Table) -> str | None:
    """Give the condition of the rows that a write about an account may reach, or of staff."""
    if "account_id" in table.c:
        return "t.account_id = :account"
    if "viewer_id" in table.c:
        return "t.viewer_id = ANY (:people)"
    of = {"account": "t.id = :account", "person": "t.id = ANY (:people)"}
    return (of | dict.fromkeys(_STAFF, "true")).get(table.name)


_OWN = sa.text(
    " UNION ALL ".join(
        f"SELECT '{table.name}' AS place, to_jsonb(t) AS row FROM {table.name} t WHERE {condition}"  # noqa: S608
        for table in Base.metadata.sorted_tables
        if (condition := _rows_of(table))
    )
)


async def rows(connection: AsyncConnection, site: Worksite) -> Rows:
    """Give every row that a write may reach, as JSON, by its table and its key."""
    people = [row.id for row in site.world.rows if row.__tablename__ == "person"]
    found = await connection.execute(_OWN, {"account": site.world.account_id, "people": people})
    await connection.rollback()
    return {
        (place, str(row.get("id") or [row[key] for key in sorted(row) if "key" in key])): row
        for place, row in found
    }


def differing(before: Rows, after: Rows) -> Iterator[Any]:
    """Give what was written: rows that came or went, columns with another value, and their row."""
    for key in before.keys() | after.keys():
        old, new = before.get(key, {}), after.get(key, {})
        row = new or old
        changed = {name: row[name] for name in row if old.get(name) != new.get(name)}
        if changed and not key[0].startswith("history_value"):
            yield key[1]
            yield changed


def leaves(value: Any) -> Iterator[Any]:
    """Give the single values in rows, as they can be compared with what was sent."""
    match value:
        case dict():
            for below in value.values():
                yield from leaves(below)
        case list() | Iterator():
            for below in value:
                yield from leaves(below)
        case bool() | None:
            yield value
        case _:
            yield plain(str(value))


def stored(sent: Any, site: Worksite) -> Iterator[Any]:
    """Give what is stored of what was sent."""
    for leaf in leaves(sent):
        decoded = global_id.decode(leaf) if isinstance(leaf, str) else None
        yield str(decoded[1]) if decoded else site.offers.get(leaf, leaf)


def plain(text: str) -> Any:
    """Give an instant or a number as such, however it was written."""
    try:
        return datetime.fromisoformat(text) if "T" in text else Decimal(text)
    except (ValueError, InvalidOperation):
        return text
