"""LISTEN: what PostgreSQL announces, heard on a connection of its own."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import asyncpg
import sqlalchemy as sa

from portal.database.connection import connect

LOGIN = "portal_login"

_PAUSE_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Announcements:
    """Calls back at each announcement on a channel, and whenever one may have been missed.

    ``number`` counts these.
    """

    def __init__(self, address: sa.URL, channel: str, heard: Callable[[], None]) -> None:
        self._address = address
        self._channel = channel
        self.number = 0
        self.is_heard = False
        self._call = heard
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def _heard(self) -> None:
        self.number += 1
        self._call()

    def start(self) -> None:
        """Begin to listen, unless that has begun or is over for good."""
        if self._task is None and not self._is_closed:
            self._task = asyncio.get_running_loop().create_task(self._listen())

    async def close(self) -> None:
        """Stop listening, whatever is still asked meanwhile."""
        self._is_closed = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _listen(self) -> None:
        while True:
            try:
                await self._until_lost()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                _log.warning("Announcements are not heard; the next try is in a second.")
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _until_lost(self) -> None:
        lost = asyncio.Event()
        connection: Any = await connect(
            self._address, server_settings={"application_name": "portal announcements"}
        )
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(self._channel, lambda *_: self._heard())
            self.is_heard = True
            self._heard()
            await lost.wait()
        finally:
            self.is_heard = False
            self._heard()
            connection.terminate()
