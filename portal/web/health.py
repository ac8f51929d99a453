"""Whether the portal can answer: what a load balancer asks, and what a supervisor asks."""

import asyncio
import logging
from time import monotonic

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response

from portal.database.addresses import Addresses
from portal.database.migration import outdated
from portal.database.read_pool import ReadPool
from portal.errors import Unavailable, translatable
from portal.web.answer import json_answer

_log = logging.getLogger("portal.web")
_SECONDS = 2
# However many ask, and however often: the database is asked once in this time.
_KEPT_SECONDS = 1.0
_ASKED = """
    SELECT json_build_object(
      'writable', NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off',
      'version', (SELECT version_num FROM alembic_version)
    )
"""
_OUT_OF_REACH = translatable("The database is out of reach.")
_READ_ONLY = translatable("The database cannot be written to.")
_PENDING = translatable("Migrations of the database are pending.")


class Health:
    """The endpoints ``/health`` (may requests be sent here?) and ``/live`` (does it run?)."""

    def __init__(self, addresses: Addresses) -> None:
        # A connection of its own: where all others are in use the portal is busy, and well.
        self._database = ReadPool(addresses.app, 1)
        self._turn = asyncio.Lock()
        self._known_until = 0.0
        self._fault: str | None = None
        self._is_stopping = False

    async def answer(self, _request: Request) -> Response:
        """Answer 200 when a writable database at our migration answers, 503 otherwise."""
        if self._is_stopping:
            raise Unavailable("The server is stopping.")
        async with self._turn:
            if monotonic() >= self._known_until:
                self._fault = await self._found()
                self._known_until = monotonic() + _KEPT_SECONDS
        if self._fault is not None:
            raise Unavailable(self._fault)
        return json_answer({"status": "ok"})

    async def live(self, _request: Request) -> Response:
        """Answer 200, whatever the database does: to start anew would not mend it."""
        return json_answer({"status": "ok"})

    def stop(self) -> None:
        """Answer 503 from now on: what is under way is finished, and nothing new is wanted."""
        self._is_stopping = True

    async def close(self) -> None:
        """Close the connection."""
        await self._database.close()

    async def _found(self) -> str | None:
        """Give the sentence of what is wrong; None where nothing is."""
        try:
            async with asyncio.timeout(_SECONDS):
                found = orjson.loads(await self._database.fetch(_ASKED, []))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            _log.warning("the database is out of reach: %s", type(error).__name__)
            return _OUT_OF_REACH
        if not found["writable"]:
            return _READ_ONLY
        # A newer one that we do not know is no fault: whoever brings it in takes us away after.
        if found["version"] in outdated():
            return _PENDING
        return None
