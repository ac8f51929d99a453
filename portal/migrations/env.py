"""What Alembic runs for each command; ``portal.database.migration`` hands it the connection."""

from alembic import context

from portal.models.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transaction_per_migration=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
