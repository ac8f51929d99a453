"""Whether the walls between accounts stand."""

from sqlalchemy import pool

from portal.commands.checks.finding import Examined, Finding, faults
from portal.database import walls
from portal.database.addresses import Addresses
from portal.database.connection import engine_at


async def separation(examined: Examined) -> list[Finding]:
    """Name each way past row level security."""
    return faults(
        await open_walls(examined.addresses),
        "row level security binds portal_app, and no role may more than it needs",
    )


async def open_walls(addresses: Addresses) -> list[str]:
    """Give the faults of ``portal.database.walls``, seen by ``portal_app`` itself."""
    engine = engine_at(addresses.app, poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            return await walls.faults(connection)
    finally:
        await engine.dispose()
