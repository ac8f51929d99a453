"""From which day a contract runs."""

from enum import StrEnum


class DurationBasis(StrEnum):
    """What the first day of a contract follows from."""

    OLDEST_MODULE = "OLDEST_MODULE"
    SET = "SET"
