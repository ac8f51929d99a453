"""What costs more than a field that PostgreSQL answers, which is one point.

A point is about a microsecond of a processor, so that what Python does is paid like the rest.
"""

from typing import Final

HASHING: Final = 50_000
"""To hash a password: 30 ms of a processor, and memory."""

UPLOAD: Final = 500_000
"""To take a file in: memory, and a place on the disk for a day."""

OPTION: Final = 500
"""A day that can be chosen, with its reasons."""

DATA: Final = 200
"""To look at the data of a module, by its schema."""

REASON: Final = 50
"""A step of a computation, in words."""

PERMISSION: Final = 100
"""What somebody may do with a field, and why not."""

DELETION: Final = 1_000
"""What comes of deleting an account."""

PREVIEW: Final = 5_000
"""A change that is made and taken back."""

CHANGE: Final = 5
"""A field of a change of staff, and what it is called."""

NOTE: Final = 100
"""What the law says of a term, in words."""

KEY_USE: Final = 50
"""What somebody has by the key of an item."""

PRICE_LIST: Final = 10_000
"""A price list as a file."""

DESCRIPTION: Final = 10
"""A field of the schema's own description, which Python answers."""


FORECAST: Final = 1_000
"""What an account is billed in a month to come."""


class Meter:
    """What one operation has cost beside a point for each of its fields."""

    __slots__ = ("work",)

    def __init__(self) -> None:
        self.work = 0
