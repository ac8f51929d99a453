"""Many rows at once, by COPY."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.models import Base
from portal.models.key import keys_in


class Copying:
    """Copies rows into tables, within one transaction.

    PostgreSQL copies into no table whose row level security binds the writer, and ours bind the
    owner too. So rows are copied into tables of this transaction alone, and taken from there under
    the same policies and constraints as any row.
    """

    def __init__(self, connection: AsyncConnection, columns: dict[str, str]) -> None:
        self._connection = connection
        self._tables = {
            name: (f"copied_{name}", listed.split()) for name, listed in columns.items()
        }
        self._keys = {
            name: [
                (key, listed.index(source), make)
                for key, (source, make) in keys_in(Base.metadata.tables[name]).items()
            ]
            for name, (_, listed) in self._tables.items()
        }

    async def begin(self) -> None:
        """Make the tables that are copied into."""
        for name, (copied, _) in self._tables.items():
            await self._connection.execute(
                sa.text(f"CREATE TEMPORARY TABLE {copied} (LIKE {name}) ON COMMIT DROP")
            )

    async def write(self, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        """Write rows, by table, in the order in which the tables were named."""
        driver: Any = (await self._connection.get_raw_connection()).driver_connection
        for name, (copied, columns) in self._tables.items():
            keys = self._keys[name]
            records = [
                (*row, *(make(row[source]) for _, source, make in keys)) for row in rows[name]
            ]
            written = [*columns, *(key for key, *_ in keys)]
            await driver.copy_records_to_table(copied, records=records, columns=written)
        for name, (copied, columns) in self._tables.items():
            await self._take(name, copied, [*columns, *(key for key, *_ in self._keys[name])])

    async def analyze(self) -> None:
        """Let the planner know what there is now."""
        for name in self._tables:
            await self._connection.execute(sa.text(f"ANALYZE {name}"))

    async def _take(self, name: str, copied: str, columns: Iterable[str]) -> None:
        source = sa.table(copied, *(sa.column(column) for column in columns))
        await self._connection.execute(
            sa.insert(Base.metadata.tables[name]).from_select(
                list(columns), sa.select(source), include_defaults=False
            )
        )
        await self._connection.execute(sa.text(f"TRUNCATE {copied}"))
