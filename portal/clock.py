"""The present, as a value that is handed in; rules never read the time."""

from datetime import UTC, datetime

# The zone in which the operator's own days are counted, where no account gives one.
OPERATOR_ZONE = "Europe/Amsterdam"


def now() -> datetime:
    """Give the present instant in UTC."""
    return datetime.now(UTC)
