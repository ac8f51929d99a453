"""What a serving process works with, whatever it is asked."""

from dataclasses import dataclass

from portal.database import Database
from portal.seal import Seal


@dataclass(frozen=True, slots=True)
class Installation:
    """Made once by the composition root.

    In development the clock may be moved, and what is shown may be a day of another year.
    """

    database: Database
    seal: Seal
    is_development: bool = False
