"""The present, as a value that is handed in; rules never read the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """Give the present instant in UTC."""
    return datetime.now(UTC)
