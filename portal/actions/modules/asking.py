"""Who asks for an end or a change, when, and who may take that back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.actions.modules.agreement import Standing
from portal.models import Notice, TariffChange
from portal.rules.modules.notice import Party, check_arrival
from portal.rules.modules.reason import Step
from portal.rules.modules.step_data import stored
from portal.viewer import Role


def own_side(role: Role) -> Party:
    """Give the side for which somebody acts who names none."""
    return Party.CUSTOMER if role is Role.CUSTOMER else Party.OPERATOR


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, for which side, at what instant; ``received_on`` is the day of a letter.

    ``reason`` is why a manager deviates from the tariff.
    """

    by: Party
    person_id: UUID
    role: Role
    now: datetime
    received_on: date | None = None
    reason: str | None = None
    comment: str | None = None

    def arrival(self, standing: Standing) -> date:
        """Give the day for which it counts."""
        if self.received_on is None:
            return standing.today
        check_arrival(self.received_on, first=standing.starts_on, today=standing.today)
        return self.received_on

    def values(
        self, standing: Standing, received_on: date, deadline: date | None, steps: tuple[Step, ...]
    ) -> dict[str, Any]:
        """Give what a notice and a change of tariff keep alike, apart from the comment."""
        return {
            "account_id": standing.account_id,
            "asked_by": self.by,
            "asked_by_person": self.person_id,
            "received_at": self.now,
            "received_on": received_on,
            "deadline": deadline,
            "steps": stored(steps),
            "previous_ends_on": standing.ends_on,
        }

    def take_back(self, asked: Notice | TariffChange) -> None:
        """Mark it withdrawn; whoever calls has asked its course whether it may be."""
        asked.withdrawn_at = self.now
        asked.withdrawn_by = self.person_id
