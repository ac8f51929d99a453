"""The database roles, as a script for psql 15 or later that may run again and again."""

from portal.addresses import APP, OWNER, ROLES, STAFF, WORKER

PASSWORD_VARIABLES = {
    OWNER: "PORTAL_OWNER_PASSWORD",
    APP: "PORTAL_APP_PASSWORD",
    STAFF: "PORTAL_STAFF_PASSWORD",
    WORKER: "PORTAL_WORKER_PASSWORD",
}
"""The environment variable that psql takes each role's password from: it is never in the script."""

_ATTRIBUTES = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS"
_STRANGER = f"NOT pg_has_role(current_user, '{OWNER}', 'MEMBER')"


def roles_sql(database: str = "portal") -> str:
    """Give the script that makes the four roles and the database they share."""
    return "\n".join(
        (
            r"\set ON_ERROR_STOP on",
            *(_password_taken(role, variable) for role, variable in PASSWORD_VARIABLES.items()),
            *(_role_made(role) for role in ROLES),
            *(f"ALTER ROLE {role} PASSWORD :'{role}_password';" for role in ROLES),
            # A database administrator who is no superuser may give a database away to a role
            # only as a member of that role.
            f"SELECT 'GRANT {OWNER} TO CURRENT_USER' WHERE {_STRANGER} \\gexec",
            database_sql(database),
        )
    )


def database_sql(database: str, template: str = "template0") -> str:
    """Give the part of the script that makes one database, open to the four roles alone."""
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
            f"GRANT USAGE ON SCHEMA public TO {APP}, {STAFF}, {WORKER};",
            "",
        )
    )


def _password_taken(role: str, variable: str) -> str:
    return "\n".join(
        (
            rf"\getenv {role}_password {variable}",
            rf"\if :{{?{role}_password}}",
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
