"""What a serving process works with, whatever it is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal import clock
from portal.database.engines import Database
from portal.login.seal import Seal
from portal.rules.catalogue.price_rise import USUAL, RisePolicy
from portal.settings.limits import MOST_MAILS
from portal.viewer import Language


@dataclass(frozen=True, slots=True)
class Installation:
    """Made once by the composition root.

    In development the clock may be moved, and what is shown may be a day of another year; ``now``
    gives the real instant. ``language`` is what the operator writes in, ``most_mails`` how many
    may go to strangers in a day, and ``rise_policy`` how soon prices may rise.
    """

    database: Database
    seal: Seal
    is_development: bool = False
    language: Language = Language.NL
    most_mails: int = MOST_MAILS
    rise_policy: RisePolicy = USUAL
    now: Callable[[], datetime] = clock.now
