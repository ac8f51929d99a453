"""Make in an empty database everything that is declared, without a single migration."""

import sqlalchemy as sa

from portal.models import Base

EXTENSIONS = ("btree_gist", "pg_trgm")


def make(connection: sa.Connection) -> None:
    """Make it, as portal_owner."""
    for extension in EXTENSIONS:
        connection.execute(sa.text(f"CREATE EXTENSION {extension}"))
    connection.execute(sa.text("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"))
    Base.metadata.create_all(connection)
    connection.commit()
