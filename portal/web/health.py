"""Whether the portal can answer."""

import asyncio
import logging

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from portal.database import Database
from portal.errors import Unavailable
from portal.web.answer import json_answer
from portal.web.outage import is_outage

_log = logging.getLogger("portal.web")
_SECONDS = 2


class Health:
    """The endpoint that a load balancer asks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answer(self, _request: Request) -> Response:
        """Answer 200 when the database answers a statement, 503 otherwise."""
        try:
            async with asyncio.timeout(_SECONDS), self._database.app.connect() as connection:
                await connection.execute(sa.text("SELECT 1"))
        except Exception as error:
            if not is_outage(error):
                raise
            _log.warning("the database is out of reach: %s", type(error).__name__)
            raise Unavailable("The database is out of reach.") from None
        return json_answer({"status": "ok"})
