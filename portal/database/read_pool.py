"""Connections for reading: each statement prepared once, none between two of them.

A statement that names its viewer leaves nothing behind, so a connection needs no reset before it
serves the next one.
"""

import asyncio
from collections import OrderedDict, deque
from itertools import count
from typing import Any, Protocol, cast

import asyncpg
import sqlalchemy as sa

from portal.database.connection import connect

# A statement is over in a moment; more of them at once push each other out of a processor's cache.
MOST_READING = 3
# A prepared statement lives in PostgreSQL's memory too, on every connection.
_MOST_PREPARED = 200
_SETTINGS = {"application_name": "portal read"}


class _Prepared(Protocol):
    async def fetchval(self, *arguments: Any) -> bytes:
        """Run the statement and give the one value of its one row."""


class _Connection:
    """A connection and what is prepared on it, the statement used last at the end."""

    def __init__(self, raw: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.raw = raw
        self._prepared: OrderedDict[str, _Prepared] = OrderedDict()
        self._numbers = count(1)

    def prepared(self, text: str) -> _Prepared | None:
        prepared = self._prepared.get(text)
        if prepared is not None:
            self._prepared.move_to_end(text)
        return prepared

    async def prepare(self, text: str) -> _Prepared:
        # Without a name asyncpg would send it to be parsed and planned again each time.
        name = f"read_{next(self._numbers)}"
        prepared = cast("_Prepared", await self.raw.prepare(text, name=name))
        self._prepared[text] = prepared
        if len(self._prepared) > _MOST_PREPARED:
            self._prepared.popitem(last=False)
        return prepared


class ReadPool:
    """At most ``size`` connections of one database role, opened when they are needed."""

    def __init__(self, address: sa.URL, size: int) -> None:
        self._address = address
        self._free: deque[_Connection] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._room = self.size = size

    async def fetch(self, text: str, arguments: list[Any]) -> bytes:
        """Run a statement that gives one value of type json, and give its bytes."""
        connection = self._idle() or await self._next()
        try:
            prepared = connection.prepared(text) or await connection.prepare(text)
            answer = await prepared.fetchval(*arguments)
        except asyncpg.PostgresError:
            # The connection itself is well, unless the server ended it.
            self._give_back(connection)
            raise
        except BaseException:
            # An answer may still be on its way: nobody else may get it.
            connection.raw.terminate()
            self._give_back(connection)
            raise
        self._give_back(connection)
        return answer

    async def close(self) -> None:
        """Close the connections; nothing may be under way."""
        while self._free:
            await self._free.pop().raw.close()
            self._room += 1

    def _idle(self) -> _Connection | None:
        while self._free:
            connection = self._free.pop()
            if not connection.raw.is_closed():
                return connection
            self._room += 1
        return None

    async def _next(self) -> _Connection:
        while True:
            if self._room:
                return await self._opened()
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except BaseException:
                if turn.done() and not turn.cancelled():
                    self._wake()
                raise
            connection = self._idle()
            if connection is not None:
                return connection

    async def _opened(self) -> _Connection:
        self._room -= 1
        try:
            raw = await connect(self._address, statement_cache_size=0, server_settings=_SETTINGS)
            try:
                # Handed on as it comes.
                await raw.set_type_codec(
                    "json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
                )
            except BaseException:
                raw.terminate()
                raise
        except BaseException:
            self._room += 1
            self._wake()
            raise
        return _Connection(raw)

    def _give_back(self, connection: _Connection) -> None:
        if connection.raw.is_closed():
            self._room += 1
        else:
            self._free.append(connection)
        self._wake()

    def _wake(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
