"""Expressions and relations of module subscriptions: everything follows from days and today."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import Tariff
from portal.rules.terms import ModuleSubscriptionStatus as Status


def status(subscription: Any, viewing: Viewing) -> sa.ColumnElement[str]:
    """Give the status that the days of a subscription have today."""
    today = viewing.today_in(subscription.account_id)
    return sa.case(
        (subscription.starts_on > today, Status.ORDERED.value),
        (subscription.ends_on.is_(None), Status.ACTIVE.value),
        (subscription.ends_on >= today, Status.CANCELLED.value),
        else_=Status.ENDED.value,
    )


def is_current_period(subscription: Any, period: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a subscription to its tariff period of today, else to the nearest one.

    Before the first day that is the first period, after the last day the last one: periods
    follow one another without gap, so the latest that has begun is right, or the first.
    """
    today = viewing.today_in(subscription.account_id)
    return sa.and_(
        period.account_id == subscription.account_id,
        period.module_subscription_id == subscription.id,
        sa.or_(period.starts_on <= today, period.starts_on == subscription.starts_on),
    )


def is_offered_today(tariff: Any, version: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a tariff to the versions that a new customer would get today."""
    return sa.and_(version.tariff_id == tariff.id, version.valid_from <= viewing.today)


def tariff_name(period: Any, _viewing: Viewing) -> sa.ScalarSelect[str]:
    """Give the name of a tariff period's tariff."""
    tariff = aliased(Tariff)
    return (
        sa.select(tariff.name)
        .where(tariff.id == period.tariff_id)
        .correlate_except(tariff)
        .scalar_subquery()
    )
