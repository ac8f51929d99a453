"""Deadlocks: PostgreSQL rolls back one of two transactions, and it is begun again."""

import asyncio
from collections.abc import Awaitable, Callable
from secrets import randbelow
from typing import Final, TypeVar

from portal.database.outage import is_in_the_way
from portal.errors import Unavailable

Done = TypeVar("Done")

MOST_TRIES: Final = 5
_PAUSE_MILLISECONDS = 20


async def until_done(work: Callable[[], Awaitable[Done]]) -> Done:
    """Do what one transaction does, again where that was rolled back for another's sake.

    ``work`` does nothing outside its transaction, so nothing is done twice. Unavailable where it
    was tried often enough.
    """
    tries = 0
    while True:
        tries += 1
        try:
            return await work()
        except Exception as error:
            if not is_in_the_way(error):
                raise
            if tries == MOST_TRIES:
                raise Unavailable(
                    "The portal cannot answer at the moment. Try again later."
                ) from error
        # Of two that begin again at once, one is sooner.
        await asyncio.sleep(randbelow(tries * _PAUSE_MILLISECONDS) / 1000)
