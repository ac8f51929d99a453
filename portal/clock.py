"""The present, as a value that is handed in; rules never read the time.

In development the portal's clock may be moved. Then days and everything that follows from them are
those of the moved clock. Who is logged in and what an app was authorised for, attempts, repeated
requests, the half hour of a preview and the queue of mails go by the real time.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

# The zone in which the operator's own days are counted, where no account gives one.
OPERATOR_ZONE = "Europe/Amsterdam"
UNMOVED = timedelta(0)


def now() -> datetime:
    """Give the present instant in UTC; the real one, whatever a clock was moved to."""
    return datetime.now(UTC)


def shift_to(day: date, present: datetime) -> timedelta:
    """Say how far to move the clock so that for the operator it is the same time of that day."""
    zone = ZoneInfo(OPERATOR_ZONE)
    time_of_day = present.astimezone(zone).time()
    return datetime.combine(day, time_of_day, zone).astimezone(UTC) - present
