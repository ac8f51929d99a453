"""What all rows for tests share."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from ipaddress import IPv6Address
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from portal.models import Base

BEGAN = datetime(2024, 1, 15, 9, 30, tzinfo=UTC)


OPENED = date(2024, 1, 15)


_PLACES = {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}


async def write(engine: AsyncEngine, rows: Iterable[Base]) -> None:
    """Write rows in one transaction, those first that others refer to."""
    layers: dict[int, list[Base]] = {}
    for row in rows:
        layers.setdefault(_PLACES[row.__tablename__], []).append(row)
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        for place in sorted(layers):
            session.add_all(layers[place])
            await session.flush()


def word() -> str:
    """Give a word that nothing else has; a letter begins it, so that it never reads as a number."""
    return f"w{uuid4().hex[:11]}"


def network() -> str:
    """Make an address in a network of IPv6 that nobody else has."""
    return str(IPv6Address((0xFD << 120) | (uuid4().int >> 72 << 64) | 1))
