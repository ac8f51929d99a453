"""What a change would do, told before it is made."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.rules.reason import Step


@dataclass(frozen=True, slots=True)
class Shown:
    """Days, what the module costs each month before and from then on, and the reasons.

    ``earliest_end`` is for an order: the first day on which it may end, and ``deadline`` the last
    day of notice for that. Of a cancellation or a change of tariff it is the last day to ask.
    """

    starts_on: date | None
    ends_on: date | None
    earliest_end: date | None
    deadline: date | None
    monthly_before: Decimal
    monthly_after: Decimal
    reasons: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Preview(Shown):
    """What was shown, and the token by which the change is made as shown."""

    token: str
    valid_until: datetime
