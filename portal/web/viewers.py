"""Viewers by their tokens, remembered for a moment."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

import asyncpg

from permissions.scopes import viewer_of
from portal.clock import UNMOVED
from portal.database.addresses import Addresses
from portal.database.announcements import LOGIN, Announcements
from portal.installation import Installation
from portal.login.credentials import look_up
from portal.viewer import Viewer

# How long a change can go unnoticed when its announcement is lost.
_REMEMBERED_SECONDS = 1.0
# Who is still asking then is looked up again meanwhile, with others of whom that is true.
_RENEWED_AFTER_SECONDS = 0.5
_GATHERED_SECONDS = 0.1
_PATIENCE_SECONDS = 5
_MOST = 5_000
# A statement for more would keep the requests of everybody else waiting.
_MOST_AT_ONCE = 20

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Remembered:
    viewer: Viewer
    shift: timedelta
    since: float
    writes: int


class Viewers:
    """Whom tokens stand for; forgotten after a second, and at once when somebody changes it.

    What this process writes itself needs no announcement: the next request may be there before it.
    How long one is remembered goes by ``seconds``, which nobody sets back.
    """

    def __init__(
        self,
        installation: Installation,
        addresses: Addresses,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self.installation = installation
        self._seconds = seconds
        self._database = installation.database
        self._known: OrderedDict[str, _Remembered] = OrderedDict()
        self._announcements = Announcements(addresses.app, LOGIN, self._known.clear)
        self._due: dict[str, None] = {}
        self._renewal: asyncio.Task[None] | None = None

    @property
    def is_listening(self) -> bool:
        """Whether changes that others make are heard of."""
        return self._announcements.is_heard

    async def of_token(self, token: str) -> tuple[Viewer, timedelta] | None:
        """Give the viewer that a token stands for, and how far the clock is moved.

        None when the token is unknown or over.
        """
        known = self._known.get(token)
        if known and known.writes == self._database.writes:
            age = self._seconds() - known.since
            if age < _REMEMBERED_SECONDS:
                if age > _RENEWED_AFTER_SECONDS:
                    self._renew(token)
                return known.viewer, known.shift
        self._announcements.start()
        (found,) = await self._look_up([token])
        return None if found is None else (found.viewer, found.shift)

    async def close(self) -> None:
        """Stop listening for changes."""
        await self._announcements.close()
        if self._renewal is not None:
            self._renewal.cancel()
            with suppress(asyncio.CancelledError):
                await self._renewal

    async def _look_up(self, tokens: Sequence[str]) -> list[_Remembered | None]:
        """Find whom tokens stand for, and remember it unless something changed meanwhile."""
        since = self._seconds()
        writes = self._database.writes
        announced = self._announcements.number
        async with asyncio.timeout(_PATIENCE_SECONDS):
            credentials = await look_up(self._database, tokens, self.installation.now())
        found: list[_Remembered | None] = []
        for token, credential in zip(tokens, credentials, strict=True):
            known = self._known.pop(token, None)
            if credential is None:
                found.append(None)
                continue
            viewer = viewer_of(credential)
            if known and known.viewer == viewer:
                # What was worked out for it is worth keeping.
                viewer = known.viewer
            shift = credential.clock_shift if self.installation.is_development else UNMOVED
            remembered = _Remembered(viewer, shift, since, writes)
            found.append(remembered)
            if announced == self._announcements.number:
                self._known[token] = remembered
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return found

    def _renew(self, token: str) -> None:
        self._due[token] = None
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.get_running_loop().create_task(self._renew_due())

    async def _renew_due(self) -> None:
        """Look up who is due, several in one statement: nobody waits for it, or for one another."""
        await asyncio.sleep(_GATHERED_SECONDS)
        while self._due:
            tokens = list(self._due)[:_MOST_AT_ONCE]
            try:
                await self._look_up(tokens)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as fault:
                # Each is looked up again by the request that needs it, which says what is wrong.
                _log.info("Logins were not looked up ahead: %s", fault)
            finally:
                for token in tokens:
                    del self._due[token]
