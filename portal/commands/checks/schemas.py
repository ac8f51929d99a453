"""Whether the schemas of the modules say nothing that is not known here."""

import sqlalchemy as sa
from sqlalchemy import pool

from portal.commands.checks.finding import Examined, Finding, faults
from portal.database.connection import engine_at
from portal.rules.catalogue.data_schema import faults_of_schema

_IS_THERE = sa.text("SELECT to_regclass('module') IS NOT NULL")
_SCHEMAS = sa.text("SELECT key, data_schema FROM module ORDER BY key")


async def schemas(examined: Examined) -> list[Finding]:
    """Name each part of a schema that no data of its module can be checked by."""
    engine = engine_at(examined.addresses.app, poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            if not await connection.scalar(_IS_THERE):
                return []
            found = list(await connection.execute(_SCHEMAS))
    finally:
        await engine.dispose()
    sentences = [
        f"module {row.key}, {'/'.join(fault.path)}: {fault.message.format_map(fault.values)}"
        for row in found
        for fault in faults_of_schema(row.data_schema)
    ]
    return faults(sentences, "the schemas of all modules are known")
