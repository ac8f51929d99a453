"""Viewers by their tokens, remembered for a moment."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from permissions.scopes import viewer_of
from portal.addresses import Addresses
from portal.announcements import LOGIN, Announcements
from portal.clock import UNMOVED
from portal.credentials import look_up
from portal.installation import Installation
from portal.viewer import Viewer

# How long a change can go unnoticed when its announcement is lost.
_REMEMBERED = timedelta(seconds=1)
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class _Remembered:
    viewer: Viewer
    shift: timedelta
    until: datetime
    writes: int


class Viewers:
    """Whom tokens stand for; forgotten after a second, and at once when somebody changes it.

    What this process writes itself needs no announcement: the next request may be there before it.
    """

    def __init__(self, installation: Installation, addresses: Addresses) -> None:
        self.installation = installation
        self._database = installation.database
        self._known: OrderedDict[str, _Remembered] = OrderedDict()
        self._announcements = Announcements(addresses.app, LOGIN, self._known.clear)

    @property
    def is_listening(self) -> bool:
        """Whether changes that others make are heard of."""
        return self._announcements.is_heard

    async def of_token(self, token: str) -> tuple[Viewer, timedelta] | None:
        """Give the viewer that a token stands for, and how far the clock is moved.

        None when the token is unknown or over.
        """
        now = self.installation.now()
        known = self._known.get(token)
        if known and now < known.until and known.writes == self._database.writes:
            return known.viewer, known.shift
        self._announcements.start()
        writes = self._database.writes
        announced = self._announcements.number
        credential = await look_up(self._database, token, now)
        if credential is None:
            self._known.pop(token, None)
            return None
        viewer = viewer_of(credential)
        shift = credential.clock_shift if self.installation.is_development else UNMOVED
        # What changed meanwhile may be missing in what was found.
        if announced == self._announcements.number:
            self._known[token] = _Remembered(viewer, shift, now + _REMEMBERED, writes)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return viewer, shift

    async def close(self) -> None:
        """Stop listening for changes."""
        await self._announcements.close()
