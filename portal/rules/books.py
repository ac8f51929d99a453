"""Books that are closed: what the days in them cost is settled, and changes no more."""

from collections.abc import Sequence
from datetime import date

from portal.errors import RuleBroken


def check_books(day: date, closed_until: date | None, *, path: Sequence[str] = ()) -> None:
    """Refuse a day in books that are closed."""
    if closed_until is not None and day <= closed_until:
        raise RuleBroken(
            "The books are closed up to and including {until}: choose a later day.",
            path=path,
            until=closed_until,
        )


def check_closing(
    day: date, closed_until: date | None, today: date, *, path: Sequence[str] = ()
) -> None:
    """Refuse to close days that are not over, and to close what is closed."""
    if day >= today:
        raise RuleBroken("This day is not over yet.", path=path)
    check_books(day, closed_until, path=path)
