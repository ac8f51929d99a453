"""What a database holds beside tables, from its catalogue, in the words of the declarations."""

from dataclasses import dataclass

import sqlalchemy as sa

from portal.database.objects.function import Function
from portal.database.objects.table import Grant
from portal.models.wall import Policy

_OF_EXTENSION = (
    "EXISTS (SELECT FROM pg_depend d WHERE d.objid = {oid} AND d.classid = '{kind}'::regclass"
    " AND d.deptype = 'e')"
)
_WALLED = sa.text("""
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND relrowsecurity AND relforcerowsecurity
""")
_POLICIES = sa.text("""
    SELECT t.relname, p.polname, p.polpermissive,
      (SELECT string_agg(coalesce(r.rolname, 'public'), ', ' ORDER BY r.rolname)
        FROM unnest(p.polroles) held LEFT JOIN pg_roles r ON r.oid = held) AS roles,
      CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
        WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS verb,
      pg_get_expr(p.polqual, p.polrelid) AS using,
      pg_get_expr(p.polwithcheck, p.polrelid) AS check
    FROM pg_policy p JOIN pg_class t ON t.oid = p.polrelid
    WHERE t.relnamespace = 'public'::regnamespace
""")
_GRANTS = sa.text(f"""
    SELECT coalesce(r.rolname, 'public') AS role, held.privilege_type AS verb, held.relname,
      held.attname
    FROM (
      SELECT t.oid, t.relname, NULL AS attname, a.*
      FROM pg_class t, aclexplode(t.relacl) a
      WHERE t.relnamespace = 'public'::regnamespace AND a.grantee <> t.relowner
      UNION ALL
      SELECT t.oid, t.relname, c.attname, a.*
      FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid, aclexplode(c.attacl) a
      WHERE t.relnamespace = 'public'::regnamespace AND a.grantee <> t.relowner
        AND NOT c.attisdropped
    ) held LEFT JOIN pg_roles r ON r.oid = held.grantee
    WHERE NOT {_OF_EXTENSION.format(oid="held.oid", kind="pg_class")}
""")
_FUNCTIONS = sa.text(f"""
    SELECT f.proname AS name, pg_get_function_arguments(f.oid) AS arguments,
      pg_get_function_result(f.oid) AS result, f.prosrc AS body, l.lanname AS language,
      CASE f.provolatile WHEN 's' THEN 'STABLE' WHEN 'i' THEN 'IMMUTABLE' ELSE 'VOLATILE' END
        AS volatility,
      f.prosecdef AS is_definer,
      coalesce(substring(array_to_string(f.proconfig, ';') FROM '^search_path=(.*)$'),
        array_to_string(f.proconfig, ';'), '') AS path,
      ARRAY(
        SELECT coalesce(r.rolname, 'public')
        FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
          LEFT JOIN pg_roles r ON r.oid = a.grantee
        WHERE a.grantee <> f.proowner
      ) AS roles
    FROM pg_proc f JOIN pg_language l ON l.oid = f.prolang
    WHERE f.pronamespace = 'public'::regnamespace
      AND NOT {_OF_EXTENSION.format(oid="f.oid", kind="pg_proc")}
    ORDER BY 1, 2
""")
_TRIGGERS = sa.text("""
    SELECT t.relname, g.tgname, pg_get_triggerdef(g.oid, true) AS statement
    FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
    WHERE t.relnamespace = 'public'::regnamespace AND NOT g.tgisinternal
""")


@dataclass(frozen=True, slots=True)
class Objects:
    """What a database holds, or shall hold."""

    walled: frozenset[str]
    """Tables with row level security that binds their owner too."""
    policies: dict[tuple[str, str], Policy]
    grants: frozenset[Grant]
    functions: dict[str, Function]
    triggers: dict[tuple[str, str], str]


def objects_in(connection: sa.Connection) -> Objects:
    """Give what a database holds in its own schema."""
    return Objects(
        walled=frozenset(connection.scalars(_WALLED)),
        policies=policies_in(connection),
        grants=frozenset(Grant(*row) for row in connection.execute(_GRANTS)),
        functions={one.signature: one for one in map(_function, connection.execute(_FUNCTIONS))},
        triggers={
            (row.relname, row.tgname): row.statement for row in connection.execute(_TRIGGERS)
        },
    )


def policies_in(connection: sa.Connection) -> dict[tuple[str, str], Policy]:
    """Give the policies of a database, by table and name."""
    return {
        (row.relname, row.polname): Policy(
            row.polname,
            row.roles,
            row.verb,
            using=row.using,
            check=row.check,
            is_restrictive=not row.polpermissive,
        )
        for row in connection.execute(_POLICIES)
    }


def _function(row: sa.Row[tuple[object, ...]]) -> Function:
    return Function(**{**row._mapping, "roles": tuple(sorted(row.roles))})  # noqa: SLF001
