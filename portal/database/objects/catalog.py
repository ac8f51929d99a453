"""The system catalogs: everything that a database has, each thing as PostgreSQL prints it."""

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa
from typing_extensions import override


class Name(NamedTuple):
    """What a thing is, what it is called, and the table it is a part of, if it is."""

    kind: str
    name: str
    table: str | None = None

    @override
    def __str__(self) -> str:
        of = f" of {self.table}" if self.kind in _NAMED_IN_TABLE else ""
        return f"{self.kind} {self.name}{of}"


_NAMED_IN_TABLE = ("constraint", "index", "trigger", "rule", "policy")
Objects = Mapping[Name, str]
"""The definition of each thing."""

# Of extensions the names are enough. Jobs are in a schema of their own, which their package makes.
_OURS = """
    relation AS (
      SELECT c.* FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind NOT IN ('c', 'i', 'I', 't')
        AND NOT EXISTS (SELECT FROM pg_depend d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ), routine AS (
      SELECT f.*, f.oid::regprocedure::text AS name FROM pg_proc f
      WHERE f.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d
          WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e')
    )
"""
_RELATIONS = """
    SELECT CASE WHEN relkind IN ('v', 'm') THEN 'view' WHEN relkind = 'S' THEN 'sequence'
        ELSE 'table' END AS kind, relname::text AS name, NULL AS of,
      concat_ws(' ', relkind::text, CASE relpersistence WHEN 'u' THEN 'UNLOGGED' END,
        'OWNER ' || pg_get_userbyid(relowner), 'WITH ' || reloptions::text,
        'PARTITION BY ' || pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid),
        CASE WHEN relkind IN ('v', 'm') THEN 'AS ' || pg_get_viewdef(oid) END) AS definition
    FROM relation
    UNION ALL
    SELECT 'column', format('%s.%s', relname, attname), relname,
      concat_ws(' ', format_type(atttypid, atttypmod),
        CASE WHEN attcollation <> typcollation
          THEN 'COLLATE ' || attcollation::regcollation::text END,
        CASE WHEN attnotnull THEN 'NOT NULL' END, 'GENERATED ' || nullif(attgenerated::text, ''),
        'IDENTITY ' || nullif(attidentity::text, ''), 'DEFAULT ' || pg_get_expr(adbin, adrelid))
    FROM relation JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
      JOIN pg_type ON pg_type.oid = atttypid
      LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relkind <> 'S'
    UNION ALL
    SELECT 'constraint', conname, relname, pg_get_constraintdef(pg_constraint.oid)
    FROM relation JOIN pg_constraint ON conrelid = relation.oid AND contype <> 'n'
    UNION ALL
    SELECT 'index', i.relname, relation.relname, pg_get_indexdef(indexrelid)
    FROM relation JOIN pg_index ON indrelid = relation.oid JOIN pg_class i ON i.oid = indexrelid
    WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid
      AND contype IN ('p', 'u', 'x'))
    UNION ALL
    SELECT 'trigger', tgname, relname, pg_get_triggerdef(pg_trigger.oid)
      || CASE WHEN tgenabled <> 'O' THEN ' ENABLED ' || tgenabled::text ELSE '' END
    FROM relation JOIN pg_trigger ON tgrelid = relation.oid AND NOT tgisinternal
    UNION ALL
    SELECT 'rule', rulename, relname, pg_get_ruledef(pg_rewrite.oid)
    FROM relation JOIN pg_rewrite ON ev_class = relation.oid AND rulename <> '_RETURN'
    UNION ALL
    SELECT 'row level security', 'of ' || relname, relname,
      CASE WHEN relforcerowsecurity THEN 'FORCE' ELSE 'ENABLE' END
    FROM relation WHERE relrowsecurity
    UNION ALL
    SELECT 'policy', polname, relname, concat_ws(' ',
      CASE WHEN NOT polpermissive THEN 'AS RESTRICTIVE' END,
      'FOR ' || CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
        WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
      'TO ' || (SELECT string_agg(
          CASE role WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(role) END, ', ' ORDER BY role)
        FROM unnest(polroles) role),
      'USING (' || pg_get_expr(polqual, polrelid) || ')',
      'WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')')
    FROM relation JOIN pg_policy ON polrelid = relation.oid
"""
_ROUTINES = """
    SELECT 'function', name, NULL, concat_ws(E'\\n',
      CASE WHEN prokind = 'a' THEN 'AGGREGATE' ELSE pg_get_functiondef(oid) END,
      'OWNER ' || pg_get_userbyid(proowner))
    FROM routine
"""
_PRIVILEGES = """
    SELECT 'privilege', format('%s%s ON %s TO %s', held.privilege_type, ' (' || attname || ')',
        place, CASE held.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(held.grantee) END), of,
      CASE WHEN held.is_grantable THEN 'WITH GRANT OPTION' ELSE '' END
    FROM (
      SELECT relname::text AS place, relname::text AS of, relowner AS owner, NULL AS attname,
        relacl AS acl FROM relation
      UNION ALL
      SELECT relname, relname, relowner, attname, attacl
      FROM relation JOIN pg_attribute ON attrelid = relation.oid AND NOT attisdropped
      UNION ALL
      SELECT 'FUNCTION ' || name, NULL, proowner, NULL,
        coalesce(proacl, acldefault('f', proowner)) FROM routine
      UNION ALL
      SELECT 'SCHEMA public', NULL, nspowner, NULL, nspacl
      FROM pg_namespace WHERE nspname = 'public'
      UNION ALL
      SELECT 'DATABASE', NULL, datdba, NULL, coalesce(datacl, acldefault('d', datdba))
      FROM pg_database WHERE datname = current_database()
    ) granted, aclexplode(acl) held
    WHERE held.grantee <> granted.owner
    UNION ALL
    SELECT 'default privilege', format('%s of %s', pg_get_userbyid(defaclrole), defaclobjtype),
      NULL, defaclacl::text FROM pg_default_acl
"""
_OTHERS = """
    SELECT 'type', typname, NULL, coalesce(
      (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum
       WHERE enumtypid = pg_type.oid), format_type(typbasetype, typtypmod), '')
    FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
      AND NOT EXISTS (SELECT FROM pg_depend d
        WHERE d.classid = 'pg_type'::regclass AND d.objid = pg_type.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'extension', extname, NULL, '' FROM pg_extension
    UNION ALL
    SELECT 'schema', nspname, NULL, '' FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'procrastinate', 'public')
"""
_EVERYTHING = sa.text(
    f"WITH {_OURS} {_RELATIONS} UNION ALL {_ROUTINES} UNION ALL {_PRIVILEGES} UNION ALL {_OTHERS}"
)


def objects_in(connection: sa.Connection) -> Objects:
    """Read everything that the connection's database has, but for the rows."""
    return {
        Name(row.kind, row.name, row.of): row.definition for row in connection.execute(_EVERYTHING)
    }
