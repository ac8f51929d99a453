"""Walking the chain of documents: that none is missing, and none is other than it was issued."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.models import Document, NumberSeries
from portal.rules.billing.number import FIRST_HASH, Series, chained


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place of a series where the chain does not hold, and how."""

    series: Series
    year: int
    number: int
    what: str


@dataclass(slots=True)
class Audited:
    """How much was looked at."""

    series: int = 0
    documents: int = 0


async def faults(connection: AsyncConnection, audited: Audited) -> AsyncIterator[Fault]:
    """Give the first fault of each series; ``audited`` counts meanwhile."""
    counters = await connection.execute(
        sa.select(NumberSeries).order_by(NumberSeries.year, NumberSeries.key)
    )
    for counter in counters.mappings().all():
        audited.series += 1
        fault = await _fault_of(connection, counter, audited)
        if fault is not None:
            yield fault


async def _fault_of(
    connection: AsyncConnection, counter: sa.RowMapping, audited: Audited
) -> Fault | None:
    key, year = counter["key"], counter["year"]
    last, hash = 0, FIRST_HASH
    columns = (Document.series_number, Document.number, Document.payload, Document.hash)
    found = await connection.stream(
        sa.select(*columns)
        .where(Document.series == key, Document.series_year == year)
        .order_by(Document.series_number)
    )
    async for row in found:
        audited.documents += 1
        last += 1
        if row.series_number != last:
            return Fault(key, year, last, "is missing")
        if row.hash != chained(hash, row.number, row.payload):
            return Fault(key, year, last, "is not as it was issued")
        hash = row.hash
    if counter["last_number"] != last or counter["last_hash"] != hash:
        return Fault(key, year, last + 1, "is missing at the end")
    return None
