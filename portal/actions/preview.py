"""What a change would do, told before it is made."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.rules.reason import Step


@dataclass(frozen=True, slots=True)
class Shown:
    """Days, what the module costs each month before and from then on, and the reasons."""

    starts_on: date | None
    ends_on: date | None
    deadline: date | None
    monthly_before: Decimal
    monthly_after: Decimal
    reasons: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What was shown, and the token by which the change is made as shown."""

    shown: Shown
    token: str
    valid_until: datetime
