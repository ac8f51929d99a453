"""Waiting until somebody waits for a lock."""

import asyncio
import time

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_PID = sa.text("SELECT pg_backend_pid()")
_BLOCKED = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE :holder = ANY (pg_blocking_pids(pid))"
)


async def pid_of(connection: AsyncConnection) -> int:
    """Give who PostgreSQL says holds what a connection has locked."""
    return (await connection.execute(_PID)).scalar_one()


async def wait_until_blocked(superuser: AsyncEngine, holder: int) -> None:
    """Wait until somebody waits for what a back end holds."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        async with superuser.connect() as connection:
            if await connection.scalar(_BLOCKED, {"holder": holder}):
                return
        await asyncio.sleep(0.05)
    pytest.fail("Nobody waits.")
