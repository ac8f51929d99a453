"""The database as the server sees it: pools for customers and partners, for staff, for logins."""

from itertools import count
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import QueuePool
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from portal.database.addresses import Addresses
from portal.database.connection import engine_at
from portal.database.login_change import harmless, watch
from portal.database.read_pool import MOST_READING, ReadPool
from portal.database.statement import json_text
from portal.viewer import Viewer

NOBODY = UUID(int=0)

# Local to the transaction: a pooled connection never hands a viewer on.
_SET_VIEWER = harmless(
    "SELECT set_config('portal.accounts', :accounts, true),"
    " set_config('portal.viewer', :viewer, true)"
)
LOCK_PREPARED = "PREPARE lock_account (uuid) AS SELECT FROM account WHERE id = $1 FOR UPDATE"
"""What a connection is told once before ``opening``: else each lock would be planned anew."""
# What is asked for a login is over in a moment: passwords are hashed elsewhere.
_FOR_LOGINS = 2
_numbers = count(1)


class Database:
    """The pools of a serving process; ``writes`` counts what may have changed a login."""

    def __init__(self, addresses: Addresses, *, size: int = 10, seconds: float = 12) -> None:
        """Give pools for so many operations at once, whose statements end after so many seconds."""
        self.writes = 0
        # One more: for budgets, and for what follows an answer.
        self.app = _engine(addresses.app, size + 1, seconds)
        self.staff = _engine(addresses.staff, size, seconds)
        self.login = _engine(addresses.login, _FOR_LOGINS, seconds)
        self.login_reading = ReadPool(addresses.login, 1)
        reading = min(size, MOST_READING)
        self.app_reading = ReadPool(addresses.app, reading)
        self.staff_reading = ReadPool(addresses.staff, reading)

    def engine_for(self, viewer: Viewer) -> AsyncEngine:
        """Give the pool whose database role fits the viewer."""
        return self.staff if viewer.is_staff else self.app

    def reading_for(self, viewer: Viewer) -> ReadPool:
        """Give the way to read whose statements name the viewer themselves."""
        return self.staff_reading if viewer.is_staff else self.app_reading

    @property
    def most_connections(self) -> int:
        """How many connections all pools may open together."""
        engines = (self.app, self.staff, self.login)
        reading = (self.app_reading, self.staff_reading, self.login_reading)
        pools = [one.pool for one in engines]
        sizes = [pool.size() for pool in pools if isinstance(pool, QueuePool)]
        return sum(sizes) + sum(pool.size for pool in reading)

    async def close(self) -> None:
        """Close every connection."""
        await self.app.dispose()
        await self.staff.dispose()
        await self.login.dispose()
        await self.app_reading.close()
        await self.staff_reading.close()
        await self.login_reading.close()


def accounts_of(viewer: Viewer) -> str:
    """Give the viewer's accounts as PostgreSQL writes an array of them."""
    return "{" + ",".join(map(str, viewer.grants)) + "}"


async def set_viewer(connection: AsyncConnection, viewer: Viewer) -> None:
    """Tell row level security, until the transaction ends, who is asking."""
    await connection.execute(
        _SET_VIEWER,
        {
            "accounts": accounts_of(viewer),
            "viewer": str(viewer.id or NOBODY),
        },
    )


def opening(viewer: Viewer, account_id: UUID | None) -> str:
    """Give what begins a transaction for a viewer, in an account that it locks.

    One message, which takes no parameters; what is written into it are UUIDs and nothing else.
    """
    begun = (
        f"BEGIN; SELECT set_config('portal.accounts', '{accounts_of(viewer)}', true),"
        f" set_config('portal.viewer', '{viewer.id or NOBODY}', true); "
    )
    if account_id is None:
        return begun
    return f"{begun}EXECUTE lock_account('{account_id}'); "


def _engine(address: sa.URL, size: int, seconds: float) -> AsyncEngine:
    engine = engine_at(
        address,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
        # Whoever finds none is told so: in a line before the database everybody waits too long.
        pool_timeout=0.5,
        connect_args={
            "command_timeout": seconds,
            # Without a name a prepared statement is parsed and planned anew each time.
            "prepared_statement_name_func": lambda: f"write_{next(_numbers)}",
        },
        json_serializer=json_text,
        json_deserializer=orjson.loads,
    )
    watch(engine)
    return engine
