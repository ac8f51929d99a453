"""Days: calendar days in an account's time zone, from 1900 to 2199."""

from datetime import date

from portal.errors import InvalidInput

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)


def check_day(day: date, *, path: tuple[str, ...] = ()) -> None:
    """Refuse a day that no contract can know."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidInput(
            "Must be a day from {first} to {last}.",
            path=path,
            first=FIRST_DAY.isoformat(),
            last=LAST_DAY.isoformat(),
        )
