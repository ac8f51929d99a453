"""Whether the walls between accounts stand: asked of the database before the portal serves.

What a role may use is what the models and the functions declare, and nothing beside.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.database.addresses import APP, LOGIN, OWNER, STAFF, WORKER
from portal.database.objects.reach import misnamed
from portal.database.rights import calls_too_many, rights_too_many, rows_of
from portal.models import Base
from portal.models.base import models
from portal.models.wall import NOTHING, ByAccount, ByPerson, Conditional

_SERVING = [APP, STAFF, LOGIN, WORKER]
_POWERS = [OWNER, *_SERVING]
_ATTRIBUTES = sa.text("""
    SELECT rolname AS role, rolsuper AS superuser, rolbypassrls AS bypasses
    FROM pg_roles WHERE rolname = ANY (:roles) ORDER BY rolname
""")
# Roles that may more than any table says; of all others the rights of a member are looked at.
_MEMBERSHIPS = sa.text("""
    SELECT one.rolname AS role, other.rolname AS of
    FROM pg_roles one, pg_roles other
    WHERE one.rolname = ANY (:roles) AND NOT one.rolsuper AND one.oid <> other.oid
      AND other.rolname <> 'pg_database_owner'
      AND (other.rolname = ANY (:powers) OR other.rolname ~ '^pg_' OR other.rolsuper
        OR other.rolbypassrls)
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
          SELECT FROM pg_roles r JOIN pg_roles app ON app.rolname = :app
          WHERE r.oid = ANY (p.polroles) AND (r.oid = app.oid OR NOT app.rolsuper
            AND r.rolname <> ALL (:powers) AND pg_has_role(app.oid, r.oid, 'MEMBER'))))
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


async def faults(connection: AsyncConnection) -> list[str]:
    """Give a sentence for each way past the walls; the connection is one of ``portal_app``."""
    user = await connection.scalar(sa.text("SELECT current_user"))
    memberships = await rows_of(connection, _MEMBERSHIPS, roles=_SERVING, powers=_POWERS)
    within = [role for role in _SERVING if role not in {row.role for row in memberships}]
    return [
        *([] if user == APP else [f"Customers are served as {user} instead of {APP}."]),
        *await _roles(connection),
        *(f"{row.role} is a member of {row.of}." for row in memberships),
        *await _tables(connection),
        *misnamed(),
        *await calls_too_many(connection, within),
        *await rights_too_many(connection, within),
    ]


async def _roles(connection: AsyncConnection) -> list[str]:
    sentences = []
    for row in await rows_of(connection, _ATTRIBUTES, roles=_SERVING):
        if row.superuser:
            sentences.append(f"{row.role} is a superuser.")
        if row.bypasses:
            sentences.append(f"{row.role} may bypass row level security.")
    belongings = await rows_of(connection, _BELONGINGS, roles=_SERVING)
    owned = (f"{row.role} owns {row.number} objects of the database." for row in belongings)
    return [*sentences, *owned]


async def _tables(connection: AsyncConnection) -> list[str]:
    settings = {str(model.__tablename__): _setting(model) for model in models()}
    tables = await rows_of(connection, _TABLES, app=APP, powers=_POWERS)
    views = await rows_of(connection, _VIEWS, app=APP)
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
