"""What Alembic runs for each command; ``portal.database.migration`` hands it the connection."""

from typing import Any

from alembic import context

from portal.database.objects.draft import complete
from portal.models.base import Base

_attributes = context.config.attributes


def _complete(_context: Any, _revision: Any, drafts: list[Any]) -> None:
    complete(drafts[0].upgrade_ops, _attributes["differences"])


context.configure(
    connection=_attributes["connection"],
    target_metadata=Base.metadata,
    transaction_per_migration=True,
    compare_server_default=True,
    process_revision_directives=_complete,
)
with context.begin_transaction():
    context.run_migrations()
