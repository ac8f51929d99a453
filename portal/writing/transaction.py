"""The transaction of a mutation, on a connection of its own.

What every mutation does goes straight to the driver: to begin, to lock and load a row, to write
what has become of it with its history, to commit. SQLAlchemy makes these statements once, and has
no part in running them. A verb that needs more asks for the ``session``: SQLAlchemy's own, in the
same transaction, with the same rows in it.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Self
from uuid import UUID

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import get_history, set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from portal.database.engines import LOCK_PREPARED, opening
from portal.database.login_change import LoginChange
from portal.database.statement import Statement
from portal.models import Base, OfAccount
from portal.models.base import Versioned
from portal.viewer import Viewer
from portal.writing.audit import Occasion, Unrecorded, entries, record_for
from portal.writing.difference import Fate
from portal.writing.reauthorization import question, refusal
from portal.writing.update_statement import compiled, update_of

_log = logging.getLogger(__name__)
# Of a connection that was told what it has to know once.
_IS_READY = "is_ready"


class Transaction:
    """Begun, used and ended by one task; ``occasion`` is what its history says."""

    def __init__(self, connection: AsyncConnection, driver: Any, occasion: Occasion) -> None:
        self.occasion = occasion
        self.login_change = LoginChange()
        self._connection = connection
        self._driver = driver
        self._session: AsyncSession | None = None
        self._rows: list[Any] = []
        self._question = ""

    @classmethod
    async def on(cls, engine: AsyncEngine, occasion: Occasion) -> Self:
        """Take a connection."""
        connection = await engine.connect()
        return cls(connection, _driver_of(connection), occasion)

    @property
    def session(self) -> AsyncSession:
        """The session, made when it is first asked for."""
        if self._session is None:
            # Here, and not there, this transaction begins and ends.
            _sync(self._connection).execution_options(
                isolation_level="AUTOCOMMIT", **self.login_change.options
            )
            self._session = AsyncSession(self._connection, expire_on_commit=False, autoflush=False)
            record_for(self._session.sync_session, self.occasion)
            self._session.add_all(self._rows)
        return self._session

    async def begin(self, viewer: Viewer, account_id: UUID | None, at: datetime) -> None:
        """Begin, tell row level security who is asking, lock the account, and confirm the login.

        What is read next is as it is once the lock is there. Raises what ``confirm`` raises.
        """
        if _IS_READY not in self._connection.info:
            await self._sent(self._driver.execute, LOCK_PREPARED)
            self._connection.info[_IS_READY] = True
        self._question = question(viewer, account_id, at)
        await self._asked(opening(viewer, account_id) + self._question)

    async def confirm(self) -> None:
        """Ask whether the login still holds what it held, once something was waited for.

        Raises ``Unauthenticated``, ``NotFound`` or ``Conflict`` where it does not.
        """
        if self._question:
            await self._asked(self._question)

    async def first(self, statement: Statement, values: Mapping[str, Any]) -> list[Any] | None:
        """Give the first row that a SELECT finds, locked where it says so."""
        if not statement.only_reads:
            raise Unrecorded(statement.text)
        found = await self._run(statement, values)
        return None if found is None else statement.row(found)

    def loaded(self, model: type[Base], values: list[Any]) -> Any:
        """Give a row out of the values of its ``columns_of``; what becomes of it is written."""
        row = model()
        # As it was read, and no change yet: what is there when it is detached counts as read.
        vars(row).update(zip(_names(model), values, strict=True))
        make_transient_to_detached(row)
        self._rows.append(row)
        if self._session is not None:
            self._session.add(row)
        return row

    async def flush(self) -> None:
        """Write what has become of the rows, and their history."""
        if self._session is not None:
            await self._session.flush()
            return
        for row in self._rows:
            await self._write(row)

    async def commit(self) -> None:
        """Write what is left, confirm the login, commit, and give the connection back.

        What has changed rights itself was confirmed under its locks, and cannot be asked again.
        """
        await self.flush()
        if self._session is not None:
            await self._session.close()
        await self._asked("COMMIT" if self.login_change.of_rights else f"{self._question}COMMIT")
        await self._connection.close()

    async def abandon(self, *, is_spoilt: bool) -> None:
        """Roll back, and give the connection back.

        Nobody gets it again where a statement was cut off, which may still be under way, or where
        it leads to what cannot be written to.
        """
        is_clean = False
        try:
            if self._session is not None:
                await self._session.close()
            if not is_spoilt:
                await self._sent(self._driver.execute, "ROLLBACK")
                is_clean = True
        except (asyncpg.PostgresError, OSError) as error:
            # It was lost, and PostgreSQL rolls back by itself.
            _log.warning("A transaction could not be rolled back: %s", type(error).__name__)
        finally:
            if not is_clean:
                await self._connection.invalidate()
            await self._connection.close()

    async def _write(self, row: Any) -> None:
        """Write what was changed in a row, and its history, as the session's listener does."""
        state = sa.inspect(row)
        model = state.mapper.class_
        changed = tuple(
            name
            for name in _names(model)
            if name in state.committed_state and get_history(row, name).has_changes()
        )
        if not changed:
            return
        after = {name: getattr(row, name) for name in changed}
        values = {"read_id": row.id, **{f"new_{name}": value for name, value in after.items()}}
        if isinstance(row, Versioned):
            values |= {"read_version": row.version, "new_version": row.version + 1}
            set_committed_value(row, "version", row.version + 1)
        told = list(entries(self.occasion, [(row, Fate.CHANGED)]))
        beside = None
        if told and isinstance(row, OfAccount):
            # That of an account changes the account too, and no statement writes a row twice.
            beside, given = told.pop()
            values |= given
        found = await self._run(update_of(model, changed, beside), values)
        if found is None or found[0] is None:
            raise StaleDataError(f"{model.__name__} {row.id} is not as it was read.")
        self.login_change.look(model.__tablename__)
        for statement, given in told:
            await self._run(compiled(statement), given)
        for name, value in after.items():
            set_committed_value(row, name, value)

    async def _run(self, statement: Statement, values: Mapping[str, Any]) -> Any:
        arguments = statement.arguments(values)
        return await self._sent(self._driver.fetchrow, statement.text, *arguments)

    async def _asked(self, text: str) -> None:
        try:
            await self._sent(self._driver.execute, text)
        except asyncpg.PostgresError as error:
            raise refusal(error) or error from None

    async def _sent(self, send: Callable[..., Awaitable[Any]], text: str, *arguments: Any) -> Any:
        try:
            return await send(text, *arguments)
        except asyncpg.InterfaceError as error:
            if not self._driver.is_closed():
                raise
            raise ConnectionResetError("PostgreSQL closed the connection.") from error


def columns_of(model: type[Base]) -> list[Any]:
    """Give the columns out of whose values a row is ``loaded``."""
    return [getattr(model, name) for name in _names(model)]


@cache
def _names(model: type[Base]) -> tuple[str, ...]:
    return tuple(attribute.key for attribute in sa.inspect(model).column_attrs)


def _driver_of(connection: AsyncConnection) -> Any:
    return _sync(connection).connection.driver_connection


def _sync(connection: AsyncConnection) -> sa.Connection:
    if connection.sync_connection is None:
        raise LookupError("This connection was closed.")
    return connection.sync_connection
