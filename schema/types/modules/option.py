"""The days that can be chosen, and what goes with each."""

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from permissions.fields import EVERYONE
from resolvers.context import Info
from schema.fields import answered_by, value
from schema.types.reason import Reason, reasons

_DEADLINE = "The last day on which it can be asked for, to midnight local time of the account."
_DAYS_LEFT = "How many days there are from today to the deadline; 0 on the last one."
_IS_EARLIEST = "Whether it is the first of them."
_IS_ROLLING = (
    "Whether the day before could be chosen as well: then each day is the deadline for another one,"
    " and none of them is missed."
)
_MONTHLY_COST = "What the module costs each month until then by today's prices, without VAT."
_REASONS = "Why it is that day, step by step."
_IF_MISSED = "What asking on the day after the deadline leads to."


def _steps(root: strawberry.Parent[Any], info: Info) -> list[Reason]:
    return reasons(root.reasons, root.subject, info.context.viewer.language)


def _day(root: strawberry.Parent[Any]) -> Any:
    return root.day


@strawberry.type(description="What comes of a deadline that is missed.")
class MissedDeadline:
    """An ``actions.option.Reachable``."""

    day: date | None = value(
        description="The next last day, or first day of another tariff; null where none is left."
    )
    deadline: date | None = value(description=_DEADLINE)
    reasons: list[Reason] = answered_by(EVERYONE, _steps, description=_REASONS)


@strawberry.type(description="A last day for which a module can be cancelled today.")
class CancellationOption:
    """An ``actions.option.Option``."""

    last_day: date = answered_by(
        EVERYONE, _day, description="The last day on which the module would run."
    )
    deadline: date = value(description=_DEADLINE)
    days_left: int = value(description=_DAYS_LEFT)
    is_earliest: bool = value(description=_IS_EARLIEST)
    is_rolling: bool = value(description=_IS_ROLLING)
    monthly_cost: Decimal = value(description=_MONTHLY_COST)
    reasons: list[Reason] = answered_by(EVERYONE, _steps, description=_REASONS)
    if_missed: MissedDeadline = value(description=_IF_MISSED)


@strawberry.type(description="A day on which another tariff may begin that is asked for today.")
class TariffChangeOption:
    """An ``actions.option.Option``."""

    starts_on: date = answered_by(EVERYONE, _day, description="The first day of the other tariff.")
    deadline: date = value(description=_DEADLINE)
    days_left: int = value(description=_DAYS_LEFT)
    is_earliest: bool = value(description=_IS_EARLIEST)
    is_rolling: bool = value(description=_IS_ROLLING)
    monthly_cost: Decimal = value(description=_MONTHLY_COST)
    reasons: list[Reason] = answered_by(EVERYONE, _steps, description=_REASONS)
    if_missed: MissedDeadline = value(description=_IF_MISSED)
