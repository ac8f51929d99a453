"""When apps last used what accounts authorised them to do."""

import logging
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from portal.database.engines import Database

_NOTE = sa.text("SELECT note_app_use(:app_id, :account_ids, :at)")
_log = logging.getLogger(__name__)


async def note_app_use(
    database: Database, app_id: UUID, accounts: Collection[UUID], now: datetime
) -> None:
    """Keep that an app read of these accounts, once an hour for each; a failure is only logged.

    It runs after the answer has gone out, and skips rows that somebody else has locked.
    """
    try:
        async with database.app.begin() as connection:
            await connection.execute(
                _NOTE, {"app_id": app_id, "account_ids": list(accounts), "at": now}
            )
    except (SQLAlchemyError, OSError, TimeoutError):
        _log.warning("The last use of app %s was not kept.", app_id, exc_info=True)
