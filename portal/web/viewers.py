"""Viewers by their tokens, remembered for a moment."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from permissions.scopes import viewer_of
from portal.addresses import Addresses
from portal.announcements import LOGIN, Announcements
from portal.credentials import look_up
from portal.database import Database
from portal.viewer import Viewer

# How long a change can go unnoticed when its announcement is lost.
_REMEMBERED = timedelta(seconds=1)
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class _Remembered:
    viewer: Viewer
    until: datetime
    writes: int


class Viewers:
    """Whom tokens stand for; forgotten after a second, and at once when somebody changes it.

    What this process writes itself needs no announcement: the next request may be there before it.
    """

    def __init__(self, database: Database, addresses: Addresses) -> None:
        self._database = database
        self._known: OrderedDict[str, _Remembered] = OrderedDict()
        self._announcements = Announcements(addresses.app, LOGIN, self._known.clear)

    @property
    def is_listening(self) -> bool:
        """Whether changes that others make are heard of."""
        return self._announcements.is_heard

    async def of_token(self, token: str, now: datetime) -> Viewer | None:
        """Give the viewer that a token stands for; None when it is unknown or over."""
        known = self._known.get(token)
        if known and now < known.until and known.writes == self._database.writes:
            return known.viewer
        self._announcements.start()
        writes = self._database.writes
        announced = self._announcements.number
        credential = await look_up(self._database, token, now)
        if credential is None:
            self._known.pop(token, None)
            return None
        viewer = viewer_of(credential)
        # What changed meanwhile may be missing in what was found.
        if announced == self._announcements.number:
            self._known[token] = _Remembered(viewer, now + _REMEMBERED, writes)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return viewer

    async def close(self) -> None:
        """Stop listening for changes."""
        await self._announcements.close()
