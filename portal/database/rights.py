"""What serving roles may use, against what the models and the functions declare for them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.database.addresses import WORKER
from portal.database.objects.statements import functions, granted
from portal.database.roles import CLOSED_FUNCTIONS
from portal.models.base import models

_JOBS = ("procrastinate", WORKER)
"""A schema that belongs to a package, whole, and the role that may use what is in it."""
_OURS = """n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '{catalogue}'::regclass
        AND d.objid = {oid} AND d.deptype = 'e')"""

# What a role is a member of it may become, whether or not it inherits the rights.
_BECOMES = """becomes AS (
      SELECT DISTINCT r.rolname AS role, other.oid
      FROM pg_roles r JOIN pg_roles other ON pg_has_role(r.oid, other.oid, 'MEMBER')
      WHERE r.rolname = ANY (:roles) AND NOT r.rolsuper
    )"""
# Where a role has a right to the whole, its columns are not looked at one by one.
_RIGHTS = sa.text(f"""
    WITH {_BECOMES}, held AS (
      SELECT becomes.oid AS holder, role, t.oid, t.relkind, n.nspname, t.relname, verb,
        CASE WHEN t.relkind = 'S' THEN has_sequence_privilege(becomes.oid, t.oid, verb)
          ELSE has_table_privilege(becomes.oid, t.oid, verb) END AS whole
      FROM becomes, pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace,
        unnest(CASE WHEN t.relkind = 'S' THEN ARRAY['SELECT', 'UPDATE', 'USAGE']
          ELSE ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']
          END) verb
      WHERE t.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        AND {_OURS.format(catalogue="pg_class", oid="t.oid")}
    )
    SELECT role, nspname AS place, relname AS name, verb, NULL AS column FROM held WHERE whole
    UNION
    SELECT role, nspname, relname, verb, a.attname
    FROM held JOIN pg_attribute a ON a.attrelid = held.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE NOT whole AND relkind <> 'S' AND verb IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
      AND has_any_column_privilege(holder, held.oid, verb)
      AND has_column_privilege(holder, held.oid, a.attnum, verb)
    ORDER BY 1, 3, 4, 5
""")  # noqa: S608  (from this file)
_FUNCTIONS = sa.text(f"""
    WITH {_BECOMES}
    SELECT DISTINCT role, n.nspname AS place, f.proname AS name,
      format('%s(%s)', f.proname, pg_get_function_arguments(f.oid)) AS signature
    FROM becomes, pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
    WHERE {_OURS.format(catalogue="pg_proc", oid="f.oid")}
      AND has_function_privilege(becomes.oid, f.oid, 'EXECUTE')
    ORDER BY 3, 1
""")  # noqa: S608  (from this file)
_CLOSED_FUNCTIONS = sa.text("""
    SELECT r.rolname AS role, min(f.oid::regprocedure::text) AS name
    FROM pg_proc f JOIN pg_roles r ON r.rolname = ANY (:roles)
    WHERE f.pronamespace = 'pg_catalog'::regnamespace AND f.proname ~ :closed
      AND NOT rolsuper AND has_function_privilege(r.rolname, f.oid, 'EXECUTE')
    GROUP BY 1 ORDER BY 1
""")


async def calls_too_many(connection: AsyncConnection, roles: list[str]) -> list[str]:
    """Say which of these roles may call a function that is not declared for it."""
    callers = {
        (role, function.as_told.signature) for function in functions() for role in function.roles
    }
    held = await rows_of(connection, _FUNCTIONS, roles=roles)
    unclosed = await rows_of(connection, _CLOSED_FUNCTIONS, roles=roles, closed=CLOSED_FUNCTIONS)
    return [
        *(
            f"{row.role} may call {row.name}, which is not declared for it."
            for row in held
            if (row.role, row.signature) not in callers and (row.place, row.role) != _JOBS
        ),
        *(
            f"{row.role} may call {row.name} and the like: run 'portal roles | psql' again."
            for row in unclosed
        ),
    ]


async def rights_too_many(connection: AsyncConnection, roles: list[str]) -> list[str]:
    """Say which of these roles may use a table, a view or a sequence as nothing declares."""
    declared = set(granted())
    tables = {grant.table for grant in declared} | {str(model.__tablename__) for model in models()}
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in await rows_of(connection, _RIGHTS, roles=roles):
        if (row.place, row.role) == _JOBS:
            continue
        name = row.name if row.place == "public" else f"{row.place}.{row.name}"
        whole = (row.role, row.verb, name, None)
        if whole not in declared and (*whole[:3], row.column) not in declared:
            columns = found.setdefault((row.role, name), {}).setdefault(row.verb, [])
            columns += [row.column] if row.column else []
    return [
        f"{role} may {', '.join(map(_written, verbs.items()))} on {name}"
        + ("." if name in tables else ", which nothing declares.")
        for (role, name), verbs in found.items()
    ]


def _written(right: tuple[str, list[str]]) -> str:
    verb, columns = right
    return f"{verb} ({', '.join(columns)})" if columns else verb


async def rows_of(
    connection: AsyncConnection, query: sa.TextClause, **parameters: Any
) -> list[sa.Row[Any]]:
    """Give what a query of the catalogues answers."""
    return list(await connection.execute(query, parameters))
