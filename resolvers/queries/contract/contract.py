"""Expressions over contracts."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import ModuleSubscription
from portal.rules.contract.duration import DurationBasis


def starts_on(contract: Any, viewing: Viewing) -> sa.ColumnElement[date | None]:
    """Give the day a manager set, else the first day of the oldest module still running."""
    return sa.func.coalesce(contract.starts_on_override, _oldest_running(contract, viewing))


def duration_basis(contract: Any, viewing: Viewing) -> sa.ColumnElement[str | None]:
    """Say what ``starts_on`` follows from; null where it is null."""
    return sa.case(
        (contract.starts_on_override.is_not(None), sa.literal(DurationBasis.SET.value)),
        (
            _oldest_running(contract, viewing).is_not(None),
            sa.literal(DurationBasis.OLDEST_MODULE.value),
        ),
    )


def _oldest_running(contract: Any, viewing: Viewing) -> sa.ScalarSelect[date]:
    subscription = aliased(ModuleSubscription)
    today = viewing.today_of(contract)
    return (
        sa.select(sa.func.min(subscription.starts_on))
        .where(
            subscription.account_id == contract.account_id,
            subscription.starts_on <= today,
            sa.or_(subscription.ends_on.is_(None), subscription.ends_on >= today),
        )
        .correlate_except(subscription)
        .scalar_subquery()
    )
