"""The database roles, as a script for psql 15 or later that may run again and again."""

from portal.database.addresses import APP, LOGIN, OWNER, ROLES, STAFF, WORKER
from portal.database.role_settings import role_settings_sql

PASSWORD_VARIABLES = {
    OWNER: "PORTAL_OWNER_PASSWORD",
    APP: "PORTAL_APP_PASSWORD",
    STAFF: "PORTAL_STAFF_PASSWORD",
    LOGIN: "PORTAL_LOGIN_PASSWORD",
    WORKER: "PORTAL_WORKER_PASSWORD",
}
"""The environment variable that psql takes each role's password from: it is never in the script."""

_ATTRIBUTES = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS"
CLOSED_FUNCTIONS = (
    "^(lo_.*|loread|lowrite|pg_stat_get_(backend_)?activity|pg_(cancel|terminate)_backend)$"
)
"""Functions of PostgreSQL that are closed to all roles that serve."""
_STRANGER = f"NOT pg_has_role(current_user, '{OWNER}', 'MEMBER')"


def roles_sql(database: str = "portal", *, seconds: float = 10) -> str:
    """Give the script that makes the roles and the database they share.

    ``seconds`` is how long an operation may take.
    """
    return "\n".join(
        (
            r"\set ON_ERROR_STOP on",
            *(_password_taken(role, variable) for role, variable in PASSWORD_VARIABLES.items()),
            *(_role_made(role) for role in ROLES),
            *(f"ALTER ROLE {role} PASSWORD :'{role}_password';" for role in ROLES),
            role_settings_sql(seconds),
            # A database administrator who is no superuser may give a database away to a role
            # only as a member of that role.
            f"SELECT 'GRANT {OWNER} TO CURRENT_USER' WHERE {_STRANGER} \\gexec",
            database_sql(database),
        )
    )


def database_sql(database: str, template: str = "template0") -> str:
    """Give the part of the script that makes one database, open to these roles alone."""
    name = _quoted(database)
    roles = ", ".join(ROLES)
    create = f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {_quoted(template)}".replace("'", "''")
    literal = database.replace("'", "''")
    absent = f"NOT EXISTS (SELECT FROM pg_database WHERE datname = '{literal}')"
    return "\n".join(
        (
            f"SELECT '{create}' WHERE {absent} \\gexec",
            f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;",
            f"GRANT CONNECT ON DATABASE {name} TO {roles};",
            rf"\connect {name}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC;",
            f"GRANT ALL ON SCHEMA public TO {OWNER};",
            f"GRANT USAGE ON SCHEMA public TO {APP}, {STAFF}, {LOGIN}, {WORKER};",
            _closed_functions(),
            "",
        )
    )


def _closed_functions() -> str:
    """Take from everybody what no role that serves needs of PostgreSQL's own functions.

    A large object belongs to whoever makes it, and no policy binds one; the statements of other
    sessions name their viewers; and whoever may end these sessions stops the portal.
    """
    return (
        "DO $$ DECLARE closed regprocedure; BEGIN FOR closed IN SELECT oid FROM pg_proc"
        f" WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '{CLOSED_FUNCTIONS}' LOOP"
        " EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', closed);"
        f" EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {OWNER}, pg_monitor, pg_signal_backend',"
        " closed); END LOOP; END $$;"
    )


def _password_taken(role: str, variable: str) -> str:
    return "\n".join(
        (
            rf"\getenv {role}_password {variable}",
            rf"\getenv {role}_file {variable}_FILE",
            rf"\if :{{?{role}_password}}",
            rf"\elif :{{?{role}_file}}",
            # The shell has the name in its environment, whatever letters are in it.
            rf'\set {role}_password `cat "${variable}_FILE"`',
            r"\else",
            rf"\warn 'Set {variable} in the environment of psql first.'",
            # psql leaves with 3 after an error in a script; a plain quit would look like success.
            r"DO $$ BEGIN RAISE 'a password is missing'; END $$;",
            r"\endif",
        )
    )


def _role_made(role: str) -> str:
    return (
        f"SELECT 'CREATE ROLE {role} {_ATTRIBUTES}' WHERE NOT EXISTS"
        f" (SELECT FROM pg_roles WHERE rolname = '{role}') \\gexec"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
