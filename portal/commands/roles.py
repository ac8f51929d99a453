"""``portal roles``: the database roles, for a PostgreSQL of one's own."""

import click

from portal.database.address import read_address
from portal.database.roles import roles_sql
from portal.settings.environment import read_settings


@click.command()
def roles() -> None:
    """Print the script that makes the database roles in a PostgreSQL of your own.

    It is for psql 15 or later, as a superuser, and may run again. psql takes the passwords from
    the environment: PORTAL_OWNER_PASSWORD, PORTAL_APP_PASSWORD, PORTAL_STAFF_PASSWORD,
    PORTAL_LOGIN_PASSWORD and PORTAL_WORKER_PASSWORD.

    \b
    Example:
      portal roles | psql --host=db.internal --username=postgres --dbname=postgres
    """
    settings = read_settings()
    url = settings.database_url
    database = read_address(url).database if url else None
    click.echo(roles_sql(database or "portal", seconds=settings.limits.seconds), nl=False)
