"""Days: calendar days in an account's time zone, from 1900 to 2199."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.errors import InvalidInput, RuleBroken

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)


def check_day(day: date, *, path: tuple[str, ...] = ()) -> None:
    """Refuse a day that no contract can know."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidInput(
            "Must be a day from {first} to {last}.",
            path=path,
            first=FIRST_DAY,
            last=LAST_DAY,
        )


def check_coming(day: date, today: date, *, path: tuple[str, ...] = ()) -> None:
    """Refuse a day that is over."""
    check_day(day, path=path)
    if day < today:
        raise RuleBroken("This day is over.", path=path)


def check_within(day: date, first: date, last: date | None, *, path: tuple[str, ...] = ()) -> None:
    """Refuse a day outside what runs from a first to a last day; it is open without a last one."""
    check_day(day, path=path)
    if day < first:
        raise RuleBroken(
            "{day} is before the first day, {first}.",
            path=path,
            day=day,
            first=first,
        )
    if last is not None and day > last:
        raise RuleBroken(
            "{day} is after the last day, {last}.",
            path=path,
            day=day,
            last=last,
        )


def local_day(instant: datetime, time_zone: str) -> date:
    """Day on which an instant (aware of its zone) falls in an account's time zone."""
    if instant.tzinfo is None:
        raise ValueError("An instant without a time zone falls on no day.")
    return instant.astimezone(ZoneInfo(time_zone)).date()


def end_of_day(day: date, time_zone: str) -> datetime:
    """Instant, in UTC, before which notice must arrive to count for a day."""
    # Midnight that a clock change skips is taken by the old offset, which is the change itself.
    midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))
    return midnight.astimezone(UTC)
