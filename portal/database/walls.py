"""Whether the walls between accounts stand: asked of the database before the portal serves."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.database.addresses import APP, LOGIN, OWNER, STAFF, WORKER
from portal.database.roles import CLOSED_FUNCTIONS

_SERVING = [APP, STAFF, LOGIN, WORKER]
_SECRET = ["password", "credential", "registration", "password_reset", "attempt"]
_SHARED = ["confirm_login", "count_events", "defer_mail"]
"""Functions that portal_login and others may call: they make and tell nothing of a login."""
_HISTORY = ["history_entry", "history_note", "history_value", "staff_history_entry"]

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
# A policy that does not ask for the viewer's accounts opens its table, whatever the others say:
# permissive policies are joined by OR, and one for PUBLIC holds for portal_app too.
_TABLES = sa.text("""
    WITH of_accounts AS (
      SELECT t.oid, t.relname AS name, t.relrowsecurity AS enabled, t.relforcerowsecurity AS forced
      FROM pg_class t
      WHERE t.relkind IN ('r', 'p') AND t.relnamespace = 'public'::regnamespace
        AND (t.relname = 'account' OR EXISTS (
          SELECT FROM pg_attribute a
          WHERE a.attrelid = t.oid AND a.attname = 'account_id' AND NOT a.attisdropped))
    ), policies AS (
      SELECT p.polrelid, bool_and(
          coalesce(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
            LIKE '%''portal.accounts''%'
          AND coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '''portal.accounts''')
            LIKE '%''portal.accounts''%') AS all_ask
      FROM pg_policy p
      WHERE p.polpermissive
        AND (p.polroles = '{0}' OR EXISTS (
          SELECT FROM pg_roles r
          WHERE r.rolname = :app AND r.oid = ANY (p.polroles)))
      GROUP BY 1
    )
    SELECT name, enabled, forced, all_ask,
      NOT rolsuper AND has_table_privilege(:app, of_accounts.oid, 'TRUNCATE') AS empties,
      NOT rolsuper AND (
        has_any_column_privilege(:app, of_accounts.oid, 'SELECT, INSERT, UPDATE')
        OR has_table_privilege(:app, of_accounts.oid, 'DELETE')) AS used
    FROM of_accounts LEFT JOIN policies ON polrelid = of_accounts.oid
      JOIN pg_roles ON rolname = :app
    ORDER BY name
""")
_VIEWS = sa.text("""
    SELECT relname AS name FROM pg_class JOIN pg_roles ON rolname = :app
    WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
      AND NOT rolsuper AND has_table_privilege(:app, pg_class.oid, 'SELECT')
      AND NOT coalesce(reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on']
    ORDER BY name
""")

# Whoever may call what makes a login is whoever it likes.
_FUNCTIONS = sa.text("""
    SELECT f.proname AS name, r.rolname AS role
    FROM pg_proc f JOIN pg_roles r ON r.rolname = ANY (:others)
    WHERE f.pronamespace = 'public'::regnamespace AND f.prosecdef AND f.proname <> ALL (:shared)
      AND NOT rolsuper AND has_function_privilege(:login, f.oid, 'EXECUTE')
      AND has_function_privilege(r.rolname, f.oid, 'EXECUTE')
    ORDER BY 1, 2
""")
_CLOSED_FUNCTIONS = sa.text("""
    SELECT r.rolname AS role, min(f.oid::regprocedure::text) AS name
    FROM pg_proc f JOIN pg_roles r ON r.rolname = ANY (:roles)
    WHERE f.pronamespace = 'pg_catalog'::regnamespace AND f.proname ~ :closed
      AND NOT rolsuper AND has_function_privilege(r.rolname, f.oid, 'EXECUTE')
    GROUP BY 1 ORDER BY 1
""")
_RIGHTS = sa.text("""
    SELECT r.rolname AS role, t.relname AS name, array_agg(verb ORDER BY verb) AS verbs
    FROM pg_class t JOIN pg_roles r ON r.rolname = ANY (:roles)
      JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) verb
      ON CASE WHEN verb IN ('DELETE', 'TRUNCATE') THEN has_table_privilege(r.rolname, t.oid, verb)
        ELSE has_any_column_privilege(r.rolname, t.oid, verb) END
    WHERE t.relnamespace = 'public'::regnamespace AND NOT rolsuper
      AND (t.relname = ANY (:secret)
        OR t.relname = ANY (:history) AND verb IN ('UPDATE', 'DELETE', 'TRUNCATE'))
    GROUP BY 1, 2 ORDER BY 1, 2
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
    sentences = []
    for row in await _rows(connection, _TABLES, app=APP):
        if not row.enabled:
            sentences.append(f"Row level security is off on {row.name}.")
        elif not row.forced:
            sentences.append(f"Row level security does not bind the owner of {row.name}.")
        if row.all_ask is None and row.used:
            sentences.append(f"{row.name} has no policy for {APP}.")
        elif row.all_ask is False:
            sentences.append(f"A policy of {row.name} for {APP} does not ask for portal.accounts.")
        if row.empties:
            sentences.append(f"{APP} may truncate {row.name}, which asks no policy.")
    views = await _rows(connection, _VIEWS, app=APP)
    return [
        *sentences,
        *(f"The view {row.name} reads with its owner's rights." for row in views),
    ]


async def _functions(connection: AsyncConnection) -> list[str]:
    others = [APP, STAFF, WORKER]
    open_to_others = await _rows(connection, _FUNCTIONS, login=LOGIN, others=others, shared=_SHARED)
    unclosed = await _rows(connection, _CLOSED_FUNCTIONS, roles=_SERVING, closed=CLOSED_FUNCTIONS)
    return [
        *(f"{row.role} may call {row.name}, which is for {LOGIN} alone." for row in open_to_others),
        *(
            f"{row.role} may call {row.name} and the like: run 'portal roles | psql' again."
            for row in unclosed
        ),
    ]


async def _rights(connection: AsyncConnection) -> list[str]:
    held = await _rows(connection, _RIGHTS, roles=_SERVING, secret=_SECRET, history=_HISTORY)
    return [f"{row.role} may {', '.join(row.verbs)} on {row.name}." for row in held]


async def _rows(
    connection: AsyncConnection, query: sa.TextClause, **parameters: Any
) -> list[sa.Row[Any]]:
    return list(await connection.execute(query, parameters))
