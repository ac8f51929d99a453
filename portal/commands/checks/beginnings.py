"""What the sessions of the database roles begin with."""

import sqlalchemy as sa
from sqlalchemy import pool

from portal.commands.checks.finding import Examined, Finding, faults
from portal.database.connection import engine_at
from portal.database.role_settings import role_settings

_OF_ROLES = sa.text("""
    SELECT r.rolname AS role, unnest(s.setconfig) AS setting
    FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
      LEFT JOIN pg_database d ON d.oid = s.setdatabase
    WHERE r.rolname = ANY (:roles) AND (s.setdatabase = 0 OR d.datname = current_database())
    ORDER BY s.setdatabase
""")


async def beginnings(examined: Examined) -> list[Finding]:
    """Name each setting of a role that is not as it should be."""
    expected = role_settings(examined.settings.limits.seconds)
    found: dict[str, dict[str, str]] = {role: {} for role in expected}
    engine = engine_at(examined.addresses.app, poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            for row in await connection.execute(_OF_ROLES, {"roles": list(expected)}):
                name, _, text = row.setting.partition("=")
                found[row.role][name] = text
    finally:
        await engine.dispose()
    wrong = [
        f"a session of {role} begins with {name} = {found[role].get(name, 'nothing')} instead of"
        f" {settings.get(name, 'nothing')}: run 'portal roles | psql' again"
        for role, settings in expected.items()
        for name in sorted({*settings, *found[role]})
        if found[role].get(name) != settings.get(name)
    ]
    return faults(wrong, "the sessions of each role begin with its time limits and its way to plan")
