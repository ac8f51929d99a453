"""Whether a transaction may have changed what a token stands for.

Whatever is not known to leave that alone counts: SQL as text may call functions that write. What
SQLAlchemy selects calls none.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.database.objects.trigger import LOGIN_CHANGES

_OPTION = "portal_login_change"
_HARMLESS = "portal_harmless"
# The tables whose changes the database announces, and the one whose rows they belong to.
TABLES = frozenset(LOGIN_CHANGES) | {"account"}

# Those of them that say what a login may do.
RIGHTS = frozenset({"app_authorization", "credential", "member", "permission_profile", "staff"})


@dataclass(slots=True)
class LoginChange:
    """What is known of one transaction; ``of_rights`` where it may have changed its own."""

    is_possible: bool = False
    of_rights: bool = False

    def look(self, table: str | None) -> None:
        """Take in that a row of a table is written; None where nobody knows what is."""
        self.is_possible |= table is None or table in TABLES
        self.of_rights |= table is None or table in RIGHTS

    @property
    def options(self) -> dict[str, Any]:
        """The execution options of a connection whose statements are looked at."""
        return {_OPTION: self}


def harmless(text: str) -> sa.TextClause:
    """Give a statement in SQL that changes nothing that a token stands for."""
    return sa.text(text).execution_options(**{_HARMLESS: True})


def watch(engine: AsyncEngine) -> None:
    """Look at the statements of an engine."""
    event.listen(engine.sync_engine, "before_execute", _look)


def _look(
    _connection: sa.Connection,
    statement: Any,
    _several: Any,
    _parameters: Any,
    options: Any,
) -> None:
    change: LoginChange | None = options.get(_OPTION)
    if change is None or change.of_rights or options.get(_HARMLESS):
        return
    match statement:
        case sa.Insert() | sa.Update() | sa.Delete():
            change.look(getattr(statement.table, "name", ""))
        case sa.Select():
            pass
        case _:
            change.look(None)
