"""Whether the walls between accounts stand: asked of the database before the portal serves.

What a role may use is what the models and the functions declare, and nothing beside.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.database.addresses import APP, LOGIN, OWNER, STAFF, WORKER
from portal.database.objects.statements import functions, granted
from portal.database.objects.table import models
from portal.database.roles import CLOSED_FUNCTIONS
from portal.models import Base
from portal.models.wall import NOTHING, ByAccount, ByPerson, Conditional

_SERVING = [APP, STAFF, LOGIN, WORKER]
_JOBS = ("procrastinate", WORKER)
"""A schema that belongs to a package, whole, and the role that may use what is in it."""
_OURS = """n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '{catalogue}'::regclass
        AND d.objid = {oid} AND d.deptype = 'e')"""

_ATTRIBUTES = sa.text("""
    SELECT rolname AS role, rolsuper AS superuser, rolbypassrls AS bypasses
    FROM pg_roles WHERE rolname = ANY (:roles) ORDER BY rolname
""")
_MEMBERSHIPS = sa.text("""
    SELECT one.rolname AS role, other.rolname AS of
    FROM pg_roles one, pg_roles other
    WHERE one.rolname = ANY (:roles) AND NOT one.rolsuper AND one.oid <> other.oid
      AND (other.rolname = ANY (:powers) OR other.rolsuper OR other.rolbypassrls)
      AND pg_has_role(one.oid, other.oid, 'MEMBER')
    ORDER BY 1, 2
""")
_BELONGINGS = sa.text("""
    SELECT role.rolname AS role, count(*) AS number
    FROM pg_shdepend held JOIN pg_roles role ON role.oid = held.refobjid
    WHERE held.refclassid = 'pg_authid'::regclass AND held.deptype = 'o'
      AND role.rolname = ANY (:roles)
    GROUP BY 1 ORDER BY 1
""")
_TABLES = sa.text("""
    SELECT t.relname AS name, t.relrowsecurity AS enabled, t.relforcerowsecurity AS forced,
      ARRAY(
        SELECT ARRAY[pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)]
        FROM pg_policy p
        WHERE p.polrelid = t.oid AND p.polpermissive AND (p.polroles = '{0}' OR EXISTS (
          SELECT FROM pg_roles r WHERE r.rolname = :app AND r.oid = ANY (p.polroles)))
      ) AS conditions
    FROM pg_class t
    WHERE t.relkind IN ('r', 'p') AND t.relnamespace = 'public'::regnamespace
    ORDER BY name
""")
_VIEWS = sa.text("""
    SELECT relname AS name FROM pg_class JOIN pg_roles ON rolname = :app
    WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
      AND NOT rolsuper AND has_table_privilege(:app, pg_class.oid, 'SELECT')
      AND NOT coalesce(reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on']
    ORDER BY name
""")
# Where a role has a right to the whole, its columns are not looked at one by one.
_RIGHTS = sa.text(f"""
    WITH relation AS (
      SELECT t.oid, t.relkind, n.nspname, t.relname, r.rolname, verb
      FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
        JOIN pg_roles r ON r.rolname = ANY (:roles) AND NOT r.rolsuper,
        unnest(CASE WHEN t.relkind = 'S' THEN ARRAY['SELECT', 'UPDATE', 'USAGE']
          ELSE ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']
          END) verb
      WHERE t.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        AND {_OURS.format(catalogue="pg_class", oid="t.oid")}
    ), held AS (
      SELECT relation.*, CASE WHEN relkind = 'S' THEN has_sequence_privilege(rolname, oid, verb)
        ELSE has_table_privilege(rolname, oid, verb) END AS whole
      FROM relation
    )
    SELECT rolname AS role, nspname AS place, relname AS name, verb, NULL AS column
    FROM held WHERE whole
    UNION ALL
    SELECT rolname, nspname, relname, verb, a.attname
    FROM held JOIN pg_attribute a ON a.attrelid = held.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE NOT whole AND relkind <> 'S' AND verb IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
      AND has_any_column_privilege(rolname, held.oid, verb)
      AND has_column_privilege(rolname, held.oid, a.attnum, verb)
    ORDER BY 1, 3, 4, 5
""")  # noqa: S608  (from this file)
_FUNCTIONS = sa.text(f"""
    SELECT r.rolname AS role, n.nspname AS place, f.proname AS name,
      format('%s(%s)', f.proname, pg_get_function_arguments(f.oid)) AS signature
    FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
      JOIN pg_roles r ON r.rolname = ANY (:roles) AND NOT r.rolsuper
    WHERE {_OURS.format(catalogue="pg_proc", oid="f.oid")}
      AND has_function_privilege(r.rolname, f.oid, 'EXECUTE')
    ORDER BY 3, 1
""")  # noqa: S608  (from this file)
_CLOSED_FUNCTIONS = sa.text("""
    SELECT r.rolname AS role, min(f.oid::regprocedure::text) AS name
    FROM pg_proc f JOIN pg_roles r ON r.rolname = ANY (:roles)
    WHERE f.pronamespace = 'pg_catalog'::regnamespace AND f.proname ~ :closed
      AND NOT rolsuper AND has_function_privilege(r.rolname, f.oid, 'EXECUTE')
    GROUP BY 1 ORDER BY 1
""")


async def faults(connection: AsyncConnection) -> list[str]:
    """Give a sentence for each way past the walls; the connection is one of ``portal_app``."""
    user = await connection.scalar(sa.text("SELECT current_user"))
    return [
        *([] if user == APP else [f"Customers are served as {user} instead of {APP}."]),
        *await _roles(connection),
        *await _tables(connection),
        *await _functions(connection),
        *await _rights(connection),
    ]


async def _roles(connection: AsyncConnection) -> list[str]:
    sentences = []
    for row in await _rows(connection, _ATTRIBUTES, roles=_SERVING):
        if row.superuser:
            sentences.append(f"{row.role} is a superuser.")
        if row.bypasses:
            sentences.append(f"{row.role} may bypass row level security.")
    powers = [OWNER, STAFF, LOGIN, WORKER]
    memberships = await _rows(connection, _MEMBERSHIPS, roles=_SERVING, powers=powers)
    belongings = await _rows(connection, _BELONGINGS, roles=_SERVING)
    return [
        *sentences,
        *(f"{row.role} is a member of {row.of}." for row in memberships),
        *(f"{row.role} owns {row.number} objects of the database." for row in belongings),
    ]


async def _tables(connection: AsyncConnection) -> list[str]:
    settings = {str(model.__tablename__): _setting(model) for model in models()}
    tables = await _rows(connection, _TABLES, app=APP)
    views = await _rows(connection, _VIEWS, app=APP)
    return [
        *(
            sentence
            for row in tables
            if row.name in settings
            for sentence in _unwalled(row, settings[row.name])
        ),
        *(f"The view {row.name} reads with its owner's rights." for row in views),
    ]


def _setting(model: type[Base]) -> str | None:
    """Give the setting that each policy for customers asks for the viewer."""
    wall = model.wall
    if not wall.rights.get(APP, NOTHING).verbs:
        return None
    if isinstance(wall.seen, ByPerson):
        return "portal.viewer"
    asks = isinstance(wall.seen, ByAccount | Conditional) or "account_id" in model.__table__.c
    return "portal.accounts" if asks else None


def _unwalled(row: sa.Row[Any], asked: str | None) -> Iterator[str]:
    if not row.enabled:
        yield f"Row level security is off on {row.name}."
    elif not row.forced:
        yield f"Row level security does not bind the owner of {row.name}."
    if asked is None:
        return
    # One that does not ask opens its table, whatever the others say: they are joined by OR.
    if not row.conditions:
        yield f"{row.name} has no policy for {APP}."
    elif any(asked not in part for both in row.conditions for part in both if part):
        yield f"A policy of {row.name} for {APP} does not ask for {asked}."


async def _functions(connection: AsyncConnection) -> list[str]:
    callers = {
        (role, function.as_told.signature) for function in functions() for role in function.roles
    }
    held = await _rows(connection, _FUNCTIONS, roles=_SERVING)
    unclosed = await _rows(connection, _CLOSED_FUNCTIONS, roles=_SERVING, closed=CLOSED_FUNCTIONS)
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


async def _rights(connection: AsyncConnection) -> list[str]:
    declared = set(granted())
    tables = {grant.table for grant in declared} | {str(model.__tablename__) for model in models()}
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in await _rows(connection, _RIGHTS, roles=_SERVING):
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


async def _rows(
    connection: AsyncConnection, query: sa.TextClause, **parameters: Any
) -> list[sa.Row[Any]]:
    return list(await connection.execute(query, parameters))
