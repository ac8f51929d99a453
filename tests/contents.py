"""Everything that stands in a database, to compare two of them."""

from sqlalchemy import URL, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

KINDS = {"r": "t::text", "S": "last_value::text || is_called"}
RELATIONS = """
    SELECT quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind::text = :kind AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    ORDER BY 1
"""
ROWS = "SELECT count(*) || ' ' || coalesce(md5(string_agg({0}, '' ORDER BY {0})), '') FROM {1} t"


async def contents(superuser: URL) -> dict[str, str]:
    """Give the number of rows and their digest for each table and sequence."""
    engine = create_async_engine(superuser, poolclass=pool.NullPool)
    found = {}
    async with engine.connect() as connection:
        for kind, row in KINDS.items():
            for name in await connection.scalars(text(RELATIONS), {"kind": kind}):
                found[name] = await connection.scalar(text(ROWS.format(row, name)))
    await engine.dispose()
    return found
