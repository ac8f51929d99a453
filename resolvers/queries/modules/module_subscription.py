"""Expressions and relations of module subscriptions: everything follows from days and today."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.actions.catalogue.offer import is_open_on
from portal.models import Module, Tariff, TariffVersion
from portal.rules.calendar import LAST_DAY
from portal.rules.catalogue.terms import ModuleSubscriptionStatus as Status
from resolvers.queries.text import is_called

# After every day that a subscription can have; the last one of Python is infinity to asyncpg.
_NEVER = LAST_DAY + timedelta(days=1)


def status(subscription: Any, viewing: Viewing) -> sa.ColumnElement[str]:
    """Give the status that the days of a subscription have today."""
    today = viewing.today_of(subscription)
    return sa.case(
        (subscription.starts_on > today, Status.ORDERED.value),
        (subscription.ends_on.is_(None), Status.ACTIVE.value),
        (subscription.ends_on >= today, Status.CANCELLED.value),
        else_=Status.ENDED.value,
    )


def last_day(subscription: Any) -> sa.ColumnElement[date]:
    """Give what a subscription is ordered by: its last day, or one after all that are possible."""
    return sa.func.coalesce(subscription.ends_on, _NEVER)


def module_sort_name(subscription: Any) -> sa.ScalarSelect[str]:
    """Give what the module of a subscription is ordered by."""
    module = aliased(Module)
    return (
        sa.select(module.sort_name)
        .where(module.id == subscription.module_id)
        .correlate_except(module)
        .scalar_subquery()
    )


def is_of_module_named(subscription: Any, viewing: Viewing, wanted: Any) -> sa.ColumnElement[bool]:
    """Keep subscriptions with a pattern in the name of their module."""
    module = aliased(Module)
    return (
        sa.exists()
        .where(module.id == subscription.module_id, is_called(module, viewing, wanted))
        .correlate_except(module)
    )


def is_current_period(subscription: Any, period: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a subscription to its tariff period of today, else to the nearest one.

    Before the first day that is the first period, after the last day the last one: periods
    follow one another without gap, so the latest that has begun is right, or the first.
    """
    today = viewing.today_of(subscription)
    return sa.and_(
        period.account_id == subscription.account_id,
        period.module_subscription_id == subscription.id,
        sa.or_(period.starts_on <= today, period.starts_on == subscription.starts_on),
    )


def is_agreed_version(period: Any, version: Any, _viewing: Viewing) -> sa.ColumnElement[bool]:
    """Keep the versions of the tariff of a period that were published by the day of agreement.

    The latest of them is the one whose terms were agreed.
    """
    return sa.and_(
        version.tariff_id == period.tariff_id,
        version.is_published,
        version.valid_from <= period.agreed_on,
    )


def is_offered_today(tariff: Any, version: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a tariff to the versions that a new customer would get today."""
    return sa.and_(
        version.tariff_id == tariff.id,
        version.is_published,
        version.valid_from <= viewing.today,
        is_open_on(tariff, viewing.today),
    )


def of_tariff(period: Any, over: Callable[[Any], Any]) -> sa.ScalarSelect[Any]:
    """Give an expression over the tariff of a tariff period."""
    tariff = aliased(Tariff)
    return (
        sa.select(over(tariff))
        .where(tariff.id == period.tariff_id)
        .correlate_except(tariff)
        .scalar_subquery()
    )


def is_orderable(module: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Say whether a new customer can choose a public tariff of a module today."""
    tariff, version = aliased(Tariff), aliased(TariffVersion)
    has_tariff = (
        sa.select(tariff.id)
        .join(version, is_offered_today(tariff, version, viewing))
        .where(tariff.module_id == module.id, tariff.is_public)
        .correlate_except(tariff, version)
        .exists()
    )
    is_taken = sa.or_(module.retired_from.is_(None), module.retired_from > viewing.today)
    return sa.and_(is_taken, has_tariff)


def is_of(subscription: Any, row: Any, _viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a subscription to rows of its own."""
    return sa.and_(
        row.account_id == subscription.account_id, row.module_subscription_id == subscription.id
    )


def stands(subscription: Any, notice: Any, _viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a subscription to the notice that nobody has withdrawn."""
    return sa.and_(
        notice.account_id == subscription.account_id,
        notice.module_subscription_id == subscription.id,
        notice.withdrawn_at.is_(None),
    )


def is_pending(subscription: Any, change: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a subscription to the change of tariff that nobody has withdrawn and that is to come."""
    return sa.and_(
        change.account_id == subscription.account_id,
        change.module_subscription_id == subscription.id,
        change.withdrawn_at.is_(None),
        change.starts_on > viewing.today_of(subscription),
    )
