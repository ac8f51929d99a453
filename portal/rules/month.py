"""Days a number of months on or back: the two ways the law counts them.

A month is a number here, its index: year times twelve plus months since January.
"""

from calendar import isleap
from datetime import date

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 1


def month_index(day: date) -> int:
    """Number of a day's month; the next month's is one higher."""
    return day.year * 12 + day.month - 1


def first_of_month(index: int) -> date:
    """First day of a month, given by its index."""
    return date(index // 12, index % 12 + 1, 1)


def last_of_month(index: int) -> date:
    """Last day of a month, given by its index."""
    return date(index // 12, index % 12 + 1, _length(index))


def clamped(day: date, months: int) -> date:
    """Same day number months later, or the last day of a shorter month (BGB 188 (3))."""
    index = month_index(day) + months
    return date(index // 12, index % 12 + 1, min(day.day, _length(index)))


def rolled(day: date, months: int) -> date:
    """Same day number months later, or the 1st of the month after a shorter one."""
    index = month_index(day) + months
    if day.day > _length(index):
        return first_of_month(index + 1)
    return date(index // 12, index % 12 + 1, day.day)


def _length(index: int) -> int:
    year, month = divmod(index, 12)
    return _LENGTHS[month] + (month == _FEBRUARY and isleap(year))
