"""What costs more than a field that PostgreSQL answers, which is one point.

A point is about a microsecond of a processor, so that what Python does is paid like the rest.
"""

from typing import Final

HASHING: Final = 50_000
"""To hash a password: 30 ms of a processor, and memory."""
