"""Make in an empty database everything that is declared, without a single migration."""

from collections.abc import Callable

import sqlalchemy as sa

from portal.database.objects.statements import statements
from portal.models import Base

_FIRST = (
    "CREATE EXTENSION btree_gist",
    "CREATE EXTENSION pg_trgm",
    "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    # Mails are deferred to the schema of jobs, which its package makes and nobody declares.
    "SET LOCAL check_function_bodies = off",
)


def make(connection: sa.Connection, stamp: Callable[[], None]) -> None:
    """Make it as portal_owner; ``stamp`` makes the table of Alembic."""
    for statement in _FIRST:
        connection.exec_driver_sql(statement)
    Base.metadata.create_all(connection)
    stamp()
    for statement in statements():
        connection.exec_driver_sql(statement)
    connection.commit()
