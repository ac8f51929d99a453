"""What each database role that serves may use, from PostgreSQL's catalogue, as it was reviewed."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from portal.database.addresses import APP, LOGIN, STAFF, WORKER

HERE = Path(__file__).parent
EVERYBODY = "public"
LEGEND = """\
# What each database role may use beside what PostgreSQL gives to everybody in its own schemas;
# public is everybody. Of extensions, whose functions only compute, the names are enough.
"""
OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
PLACES = sa.text(f"""
    SELECT 'database' AS kind, 'portal' AS name, verb
    FROM unnest(ARRAY['CREATE', 'CONNECT', 'TEMPORARY']) verb
    WHERE has_database_privilege(:role, current_database(), verb)
    UNION ALL
    SELECT 'schema', n.nspname, verb
    FROM pg_namespace n, unnest(ARRAY['CREATE', 'USAGE']) verb
    WHERE {OURS} AND n.nspname !~ '^pg_' AND has_schema_privilege(:role, n.oid, verb)
    UNION ALL
    SELECT 'sequence', format('%s.%s', n.nspname, t.relname), verb
    FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace,
      unnest(ARRAY['SELECT', 'USAGE', 'UPDATE']) verb
    WHERE t.relkind = 'S' AND {OURS} AND has_sequence_privilege(:role, t.oid, verb)
    UNION ALL
    SELECT 'large object', oid::text, 'own' FROM pg_largeobject_metadata
""")  # noqa: S608  (from this file)
TABLES = sa.text(f"""
    SELECT format('%s.%s', n.nspname, t.relname) AS name, verb,
      has_table_privilege(:role, t.oid, verb) AS whole,
      CASE WHEN verb IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') THEN (
        SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
        WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
          AND has_column_privilege(:role, t.oid, a.attnum, verb)) END AS columns
    FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace,
      unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
        WITH ORDINALITY AS verbs(verb, place)
    WHERE t.relkind IN ('r', 'p', 'v', 'm', 'f') AND {OURS}
    ORDER BY 1, verbs.place
""")  # noqa: S608  (from this file)
FUNCTIONS = sa.text(f"""
    SELECT coalesce('extension ' || e.extname, n.nspname) AS place,
      CASE WHEN e.extname IS NULL THEN f.proname ELSE '*' END AS name
    FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
      LEFT JOIN pg_depend d
        ON d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e'
      LEFT JOIN pg_extension e ON e.oid = d.refobjid
    WHERE {OURS} AND has_function_privilege(:role, f.oid, 'EXECUTE')
    GROUP BY 1, 2 ORDER BY 1, 2
""")  # noqa: S608  (from this file)


async def rights(connection: AsyncConnection, role: str) -> Iterable[str]:
    """Give a line for each thing that a role may use."""

    async def ask(query: sa.TextClause) -> Iterable[Any]:
        return (await connection.execute(query, {"role": role})).all()

    held: dict[tuple[str, str], list[str]] = {}
    for row in await ask(PLACES):
        held.setdefault((row.kind, row.name), []).append(row.verb)
    for row in await ask(TABLES):
        if row.whole:
            held.setdefault(("table", row.name), []).append(row.verb)
        elif row.columns:
            columns = f"{row.verb} ({', '.join(row.columns)})"
            held.setdefault(("table", row.name), []).append(columns)
    for row in await ask(FUNCTIONS):
        held.setdefault(("functions", row.place), []).append(row.name)
    return (f"{role}  {kind} {name}: {', '.join(verbs)}" for (kind, name), verbs in held.items())


@pytest.mark.check
async def test_each_database_role_may_use_what_was_reviewed(
    superuser: AsyncEngine, compare: Callable[[Path, str], None]
):
    lines: list[str] = []
    async with superuser.connect() as connection:
        for role in (EVERYBODY, APP, STAFF, LOGIN, WORKER):
            lines += sorted(await rights(connection, role))
    compare(HERE / "database.txt", LEGEND + "\n".join(lines) + "\n")
